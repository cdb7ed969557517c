"""Forms about associates: enrolling one, changing a status, narrowing the list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.enums import AssociateStatus, LeavingReason
from cohorts.models import Associate
from core.bilingual import pick
from core.forms import DateField, FilterForm, Form
from people.enums import Language
from people.models import Organisation

NOT_ASKED = "none"
LANGUAGES = [(language.value, language.label) for language in (Language.WELSH, Language.ENGLISH)]


class AssociateForm(Form):
    """One person to enrol."""

    submit_label = _("Enrol")

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("The name the person uses."))
    email = forms.EmailField(
        label=_("Work email"), help_text=_("If we know this address already, it is the same person.")
    )
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language for correspondence"),
        choices=[(Language.NOT_ASKED, _("Not asked yet: send both")), *LANGUAGES],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Only if the person has said so."),
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        field.label_from_instance = lambda organisation: pick(organisation, "name")
        field.empty_label = _("Choose an organisation")


class StatusForm(Form):
    """A dated change of an associate's status."""

    on = DateField(label=_("From which day"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The programme team and the person can read it. Nothing about health or family life."),
    )

    def __init__(self, *args: Any, associate: Associate, today: date, **kwargs: Any) -> None:
        self.associate, self.today = associate, today
        super().__init__(*args, initial={"on": today}, **kwargs)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        verdict = rules.is_a_possible_day(self.associate, on, self.today)
        if not verdict:
            raise forms.ValidationError(str(verdict.reason))
        return on


class LeavingForm(StatusForm):
    """Leaving, with the reason."""

    warning = True
    field_order = ("reason", "on", "note")

    reason = forms.ChoiceField(label=_("Reason"), choices=LeavingReason, widget=forms.RadioSelect)


class AssociateFilterForm(FilterForm):
    """Narrows a cohort's list. Choices are those that occur in it."""

    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    language = forms.ChoiceField(
        label=_("Language for correspondence"),
        required=False,
        choices=[("", _("All")), (NOT_ASKED, Language.NOT_ASKED.label), *LANGUAGES],
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["organisation"].choices = [("", _("All")), *organisations]
        fields["status"].choices = [("", _("All")), *AssociateStatus.choices]
