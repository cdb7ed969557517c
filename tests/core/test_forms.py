"""What forms look like and how they read days."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from core.forms import Button, DateField, Form, FormHelper, ModelForm, read_day
from people.models import Organisation


class ColourForm(Form):
    submit_label = "Paint"
    cancel_url = "/away/"
    name = forms.CharField(help_text="As on the tin.")
    shade = forms.ChoiceField(choices=[("r", "Red"), ("g", "Green")], widget=forms.RadioSelect)
    rooms = forms.MultipleChoiceField(choices=[("h", "Hall")], widget=forms.CheckboxSelectMultiple, required=False)
    sure = forms.BooleanField(label="I am sure")
    coats = forms.TypedChoiceField(choices=[(1, "One")], required=False)
    notes = forms.CharField(widget=forms.Textarea, required=False)
    picture = forms.FileField(required=False)
    dry_on = DateField(label="Dry on")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(form) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def summary(form) -> str:
    return Template('{% include "components/error_summary.html" %}').render(Context({"form": form}))


def test_form_has_the_id_of_the_toggle_no_browser_checks_and_one_primary_button():
    drawn = draw(ColourForm())
    assert 'id="page-form"' in drawn
    assert "novalidate" in drawn
    assert 'enctype="multipart/form-data"' in drawn
    assert drawn.count('<button type="submit" class="govuk-button">Paint</button>') == 1
    assert 'href="/away/"' in drawn
    assert " required" not in drawn


def test_each_kind_of_input_carries_its_class():
    drawn = draw(ColourForm())
    for expected in (
        'class="govuk-input"',
        'class="govuk-radios__input"',
        'class="govuk-checkboxes__input"',
        'class="govuk-select"',
        'class="govuk-textarea"',
        'class="govuk-file-upload"',
    ):
        assert expected in drawn
    assert drawn.count('type="hidden" name="token"') == 1
    assert "(optional)" in drawn


def test_hint_and_error_are_tied_to_their_input():
    drawn = draw(ColourForm(data={}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'class="govuk-input govuk-input--error"' in drawn
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_shade_error">' in drawn


def test_every_line_of_the_error_summary_leads_to_an_input_on_the_page():
    form = ColourForm(data={"dry_on": "soon"})
    form.add_error(None, "It rains.")
    said = summary(form)
    drawn = draw(form)
    targets = [part.split('"')[0] for part in said.split('href="#')[1:]]
    assert targets == ["id_name", "id_shade_0", "id_sure", "id_dry_on"]
    assert all(f'id="{target}"' in drawn for target in targets)
    assert "It rains." in said
    assert "Dry on: Enter a date such as 4 May 2021" in said


def test_two_forms_of_one_class_do_not_share_classes_or_errors():
    draw(ColourForm(data={}))
    assert "--error" not in draw(ColourForm())


def test_helper_draws_further_buttons_and_warns():
    form = ColourForm()
    helper = FormHelper(form, submit="Strip", warning=True)
    helper.add_input(Button("draft", "1", "Save as draft"))
    context = Context({"form": form, "helper": helper})
    drawn = Template("{% load crispy_forms_tags %}{% crispy form helper %}").render(context)
    assert "govuk-button--warning" in drawn
    assert 'name="draft" value="1">Save as draft' in drawn


def test_model_form_never_saves():
    class OrganisationForm(ModelForm):
        class Meta:
            model = Organisation
            fields = ("name_en",)

    with pytest.raises(NotImplementedError):
        OrganisationForm(data={"name_en": "X"}).save()


@pytest.mark.parametrize(
    "typed",
    [
        "4 May 2021",
        "4 may 2021",
        "4th May 2021",
        "4 Mai 2021",
        "4 o Fai 2021",
        "4ydd o Fai 2021",
        "Tuesday 4 May 2021",
        "Dydd Mawrth 4 Mai 2021",
        "Tuesday, 4 May, 2021",
        "4/5/2021",
        "04/05/2021",
        "4.5.2021",
        "4-5-2021",
        "4 5 2021",
        "4/5/21",
        "2021-05-04",
        "  4   May   2021 ",
    ],
)
def test_date_is_read_as_people_write_it(typed):
    assert DateField().clean(typed) == date(2021, 5, 4)


@pytest.mark.parametrize(
    ("month", "names"),
    [
        (1, "January Jan Ionawr"),
        (2, "February Feb Chwefror"),
        (3, "March Mar Mawrth Fawrth"),
        (4, "April Apr Ebrill"),
        (5, "May Mai Fai"),
        (6, "June Jun Mehefin Fehefin"),
        (7, "July Jul Gorffennaf Orffennaf"),
        (8, "August Aug Awst"),
        (9, "September Sept Medi Fedi"),
        (10, "October Oct Hydref"),
        (11, "November Nov Tachwedd Dachwedd"),
        (12, "December Dec Rhagfyr Ragfyr"),
    ],
)
def test_every_month_is_known_in_both_languages(month, names):
    for name in names.split():
        assert read_day(f"15 {name} 2027") == date(2027, month, 15)


@pytest.mark.parametrize(
    "typed", ["soon", "4 Maybe 2021", "2021", "4/5", "May 2021", "1/2/3/2021", "4 May 20211", "<b>"]
)
def test_what_is_no_date_gets_an_example(typed):
    with pytest.raises(forms.ValidationError, match="such as 4 May 2021"):
        DateField().clean(typed)


@pytest.mark.parametrize("typed", ["31 June 2027", "29/2/2027", "2027-13-01", "0/1/2027", "12/25/2027"])
def test_a_day_on_no_calendar_is_named_so(typed):
    with pytest.raises(forms.ValidationError, match="no such day"):
        DateField().clean(typed)


def test_date_shows_words_of_the_page_and_keeps_what_was_typed():
    class When(Form):
        on = DateField()

    with override("cy"):
        assert 'value="4 Mai 2021"' in draw(When(initial={"on": date(2021, 5, 4)}))
        assert 'value="31 June 2021"' in draw(When(data={"on": "31 June 2021"}))
        assert "Er enghraifft 4 Mai 2021" in draw(When())
        assert "Nid oes diwrnod o’r fath" in summary(When(data={"on": "31 June 2021"}))
    with override("en"):
        assert 'value="4 May 2021"' in draw(When(initial={"on": date(2021, 5, 4)}))


def test_date_may_be_empty_when_it_is_optional():
    assert DateField(required=False).clean("") is None
