"""Form bases: every form, allauth's included, is drawn by the same templates (templates/django/forms/).

`Form` and `ModelForm` add our buttons (`FormHelper`), `DateField` reads a day as people write it in either language,
and `keep_typed` shows a form again with what was typed, unchecked, for the language toggle.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper as CrispyHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.formsets import BaseFormSet
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.forms.widgets import Input
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

PAGE_FORM = "page-form"
SAVE = _("Save")
DATE_HINT = _("For example 4 May 2021 or 4/5/2021.")

# Widget class → the class its element carries. Choice lists and check boxes have their own templates.
ELEMENTS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.MultiWidget, ""),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
)


class BoundField(forms.BoundField):
    """A field with the classes, the group and the anchor that our templates want."""

    @property
    def use_fieldset(self) -> bool:
        """Several inputs under one question stand in a fieldset; a file input is one input."""
        return super().use_fieldset and not isinstance(self.field.widget, forms.FileInput)

    @property
    def is_checkbox(self) -> bool:
        """One box with its label beside it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def anchor(self) -> str:
        """The id of the input that the error summary leads to."""
        widget = self.field.widget
        several = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget)
        return f"{self.auto_id}_0" if several else self.id_for_label or self.auto_id

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        element: str = next((name for kind, name in ELEMENTS if isinstance(widget, kind)), "")
        if element:
            error = f"{element}--error" if self.errors and not self.is_checkbox else ""
            own = str(attrs.get("class") or widget.attrs.get("class", ""))
            attrs["class"] = " ".join(part for part in (element, error, own) if part)
        return attrs


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def draw_input(widget: Mapping[str, Any]) -> SafeString:
    """What Django's widgets/input.html draws."""
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    return mark_safe(f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{value}{_attributes(widget)}>')  # noqa: S308


def draw_select(widget: Mapping[str, Any]) -> SafeString:
    """What Django's widgets/select.html draws."""
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{conditional_escape(group)}">')
        for option in options:
            value = conditional_escape(str(option["value"]))
            label = conditional_escape(option["label"])
            parts.append(f'<option value="{value}"{_attributes(option)}>{label}</option>')
        if group:
            parts.append("</optgroup>")
    return mark_safe("".join((*parts, "</select>")))  # noqa: S308


class Renderer(TemplatesSetting):
    """Gives every form our bound fields, and draws them with our templates.

    Plain inputs and selects are drawn without a template: a list of organisations in a filter took longer by template
    than the list below it.
    """

    bound_field_class = BoundField
    drawn: ClassVar[dict[str, Callable[[Mapping[str, Any]], SafeString]]] = {
        "django/forms/widgets/select.html": draw_select,
        **{
            f"django/forms/widgets/{kind}.html": draw_input
            for kind in ("text", "email", "number", "password", "hidden", "date", "url", "tel", "search")
        },
    }

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = self.drawn.get(template_name)
        if draw is not None:
            return draw(context["widget"])
        return super().render(template_name, context, request)


class FormHelper(CrispyHelper):
    """What stands around the fields: the form element with the id that the language toggle knows, and the buttons.

    `submit` is the label of the one primary button (empty: none); `cancel` the address of the way out; `warning` makes
    the button red, for what cannot be taken back. Further buttons: `helper.add_input(Button(...))`.
    """

    def __init__(
        self,
        form: forms.BaseForm | None = None,
        *,
        submit: str | Promise = SAVE,
        cancel: str = "",
        warning: bool = False,
        form_id: str = PAGE_FORM,
    ) -> None:
        super().__init__(form)
        self.form_id = form_id
        self.attrs = {"novalidate": True}
        self.submit = submit
        self.cancel = cancel
        self.warning = warning


class Button:
    """A further submit button: `Button("draft", "1", _("Save as draft"))` posts draft=1."""

    def __init__(self, name: str, value: str, label: str | Promise, *, kind: str = "secondary") -> None:
        self.name = name
        self.value = value
        self.label = label
        self.kind = kind


class FormMixin:
    """Shared by `Form` and `ModelForm`. Set `submit_label`, or override `get_helper` for a layout."""

    submit_label: str | Promise = SAVE
    cancel_url = ""
    warning = False
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def get_helper(self) -> FormHelper:
        """The helper that `{% crispy form %}` draws this form with."""
        return FormHelper(
            self,  # type: ignore[arg-type]
            submit=self.submit_label,
            cancel=self.cancel_url,
            warning=self.warning,
        )

    @property
    def helper(self) -> FormHelper:
        return self.get_helper()


class Form(FormMixin, forms.Form):
    """A plain form."""


class ModelForm(FormMixin, forms.ModelForm):
    """A form whose fields come from a model. It never saves: the view hands its values to a verb."""

    def save(self, commit: bool = True) -> Any:
        """Refuse: verbs write."""
        raise NotImplementedError("Hand cleaned_data to a verb.")


class FilterForm(Form):
    """What narrows a list: sent by GET, so that the address bar holds it. Wrong values narrow nothing."""

    def values(self) -> dict[str, Any]:
        """Every field's clean value; for one that is wrong, what it is when nothing was typed."""
        self.is_valid()
        return {
            name: self.cleaned_data[name] if name in self.cleaned_data else field.to_python(None)
            for name, field in self.fields.items()
        }

    def get_helper(self) -> FormHelper:
        helper = FormHelper(self, submit=_("Filter"), form_id="filter-form")
        helper.form_method = "get"
        return helper


# --- Days -----------------------------------------------------------------------------------------------------------
# Both languages whichever page it is: a Welsh page may be filled in from an English letter. The mutated forms stand
# after “o” ("4 o Fai 2021"). Three letters are enough, except where two months would begin alike.
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan ionawr ion",
            "february feb chwefror chwef chwe chw",
            "march mar mawrth maw fawrth",
            "april apr ebrill ebr",
            "may mai fai",
            "june jun mehefin meh fehefin",
            "july jul gorffennaf gorff gor orffennaf",
            "august aug awst",
            "september sept sep medi fedi",
            "october oct hydref hyd",
            "november nov tachwedd tach dachwedd",
            "december dec rhagfyr rhag ragfyr",
        ),
        start=1,
    )
    for name in names.split()
}
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
IN_FIGURES = re.compile(r"(?P<day>\d{1,2})\s*[/. -]\s*(?P<month>\d{1,2})\s*[/. -]\s*(?P<year>\d{4}|\d{2})")
IN_WORDS = re.compile(
    r"[^\d]*?(?P<day>\d{1,2})(?:st|nd|rd|th|af|ail|il|ydd|ed|fed|eg|ain)?[\s,.-]+(?:of\s+|o\s+)?"
    r"(?P<month>[a-z]+)[\s,.-]+(?P<year>\d{4}|\d{2})"
)


def read_day(text: str) -> date | None:
    """The day that somebody wrote, day before month, in English or Welsh; None when it is not a date.

    Raises ValueError for what reads like a date but is on no calendar, such as 31 June 2027.
    """
    plain = " ".join(text.lower().replace(",", " ").split())
    found = ISO.fullmatch(plain) or IN_FIGURES.fullmatch(plain) or IN_WORDS.fullmatch(plain)
    if found is None:
        return None
    month = found["month"]
    number = int(month) if month.isdigit() else MONTHS.get(month)
    if number is None:
        return None
    year = int(found["year"])
    return date(year + 2000 if year < 100 else year, number, int(found["day"]))


class DateInput(forms.DateInput):
    """One box. A day from the database is shown in words of the page's language; what was typed stays as typed."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, date):
            return date_format(value, "j F Y")
        return value or None


class DateField(forms.DateField):
    """A day, typed the way people write one: 4 May 2021, 4 Mai 2021, 4/5/2021 or 2021-05-04."""

    widget = DateInput
    default_error_messages = {
        "invalid": _("Enter a date such as 4 May 2021 or 4/5/2021."),
        "no_such_day": _("There is no such day. Look at the day, the month and the year."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", DATE_HINT)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("class", "govuk-input--width-20")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            day = read_day(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from None
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


# --- The toggle -----------------------------------------------------------------------------------------------------
def is_secret(field: forms.Field) -> bool:
    """Whether what was typed must not come back to the screen: passwords and one-time codes."""
    widget = field.widget
    return isinstance(widget, forms.PasswordInput) or widget.attrs.get("autocomplete") == "one-time-code"


def was_sent_in(thing: forms.BaseForm | BaseFormSet, typed: QueryDict) -> bool:
    """Whether a form or formset on the page is among what was sent: a list's filter, for one, is not."""
    if isinstance(thing, BaseFormSet):
        return f"{thing.prefix}-TOTAL_FORMS" in typed
    return not isinstance(thing, FilterForm) and any(thing.add_prefix(name) in typed for name in thing.fields)


def keep_typed(thing: Any, typed: QueryDict) -> None:
    """Bind a fresh form, or formset, to what was typed, without checking it, so that it shows values and no errors.

    Changes `thing`. Passwords, codes and files are not kept: browsers and safety forbid it.
    """
    thing.data = typed
    thing.files = MultiValueDict[str, UploadedFile]()
    thing.is_bound = True
    if isinstance(thing, BaseFormSet):
        for name in ("forms", "management_form"):
            thing.__dict__.pop(name, None)
        thing._errors, thing._non_form_errors = [], thing.error_class()  # type: ignore[attr-defined]
        for form in thing.forms:
            keep_typed(form, typed)
        return
    thing._errors = ErrorDict(renderer=thing.renderer)
    thing.cleaned_data = {}
    secrets = {thing.add_prefix(name) for name, field in thing.fields.items() if is_secret(field)}
    if secrets:
        thing.data = MultiValueDict({name: typed.getlist(name) for name in typed if name not in secrets})
