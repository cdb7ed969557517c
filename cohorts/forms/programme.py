"""The programme's own facts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Programme
from core.bilingual import WelshStatus
from core.forms import DateField, Form


class ProgrammeForm(Form):
    """Names, whom to ask, when it runs, and the funder's acknowledgement with its last day."""

    FIELDS = (
        "name_en",
        "name_cy",
        "contact_email",
        "starts_on",
        "ends_on",
        "target_associates",
        "funder_en",
        "funder_cy",
        "funder_ends_on",
    )

    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_cy = forms.CharField(label=_("Name in Welsh"), max_length=120)
    contact_email = forms.EmailField(
        label=_("Email address for questions"), help_text=_("It stands on every page and in messages.")
    )
    starts_on = DateField(label=_("First day of the programme"))
    ends_on = DateField(label=_("Last day of the programme"), required=False)
    target_associates = forms.IntegerField(
        label=_("How many associates it aims for"),
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
    )
    funder_en = forms.CharField(label=_("Funder in English"), max_length=200, required=False)
    funder_cy = forms.CharField(label=_("Funder in Welsh"), max_length=200, required=False)
    funder_ends_on = DateField(
        label=_("Last day of the funder’s acknowledgement"),
        required=False,
        help_text=_("After this day pages and messages no longer name the funder. Leave it empty to keep it."),
    )
    welsh_confirmed = forms.BooleanField(
        label=_("The Welsh texts are confirmed"),
        required=False,
        help_text=_("Leave it empty when a translator still has to look at them."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, programme: Programme, seen: str, **kwargs: Any) -> None:
        initial = {name: getattr(programme, name) for name in self.FIELDS}
        initial["welsh_confirmed"] = programme.welsh_status == WelshStatus.CONFIRMED
        initial["seen"] = seen
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if bool(values.get("funder_en")) != bool(values.get("funder_cy")):
            missing = "funder_cy" if values.get("funder_en") else "funder_en"
            self.add_error(missing, _("The acknowledgement is needed in both languages."))
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day must not be before the first day."))
        return values
