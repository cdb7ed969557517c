"""What a person chooses about their messages."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.verdicts import NotAllowed, require
from correspondence import rules
from correspondence.kinds import KINDS
from correspondence.queries.preferences import Choices, declinable
from messaging.moments import Hours

HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
EACH, SUMMARY = "each", "summary"


class PreferencesForm(Form):
    """Which kinds, how many at once, and when."""

    wanted = forms.MultipleChoiceField(
        label=_("Which messages do you want?"),
        help_text=_("Untick what you do not want. Messages that are not for you never come, ticked or not."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    how = forms.ChoiceField(
        label=_("How should they come?"),
        help_text=_("What cannot wait for the next summary comes by itself."),
        choices=[(EACH, _("Each message by itself")), (SUMMARY, _("One summary a day"))],
        widget=forms.RadioSelect,
    )
    opens = forms.TypedChoiceField(
        label=_("Not before"),
        choices=HOURS,
        coerce=int,
        widget=forms.Select(attrs={"class": "govuk-input--width-5"}),
    )
    closes = forms.TypedChoiceField(
        label=_("Not after"),
        help_text=_("What would come later waits for the next of your working days."),
        choices=HOURS,
        coerce=int,
        widget=forms.Select(attrs={"class": "govuk-input--width-5"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = [  # type: ignore[attr-defined]
            (audience, [(kind.slug, kind.label) for kind in kinds]) for audience, kinds in declinable()
        ]

    @staticmethod
    def values_of(choices: Choices) -> dict[str, Any]:
        """The fields as this person left them."""
        return {
            "wanted": [slug for slug, kind in KINDS.items() if kind.declinable and slug not in choices.declined],
            "how": SUMMARY if choices.digest else EACH,
            "opens": choices.hours.opens.hour,
            "closes": choices.hours.closes.hour,
        }

    def clean(self) -> dict[str, Any]:
        """Adds `declined`, `digest` and `hours`, as the verb takes them."""
        values: dict[str, Any] = super().clean() or {}
        if {"wanted", "how", "opens", "closes"} <= set(values):
            offered = {slug for slug, kind in KINDS.items() if kind.declinable}
            values["declined"] = offered - set(values["wanted"])
            values["digest"] = values["how"] == SUMMARY
            values["hours"] = Hours(time(values["opens"]), time(values["closes"]))
            try:
                require(rules.are_hours_enough(values["hours"]))
            except NotAllowed as refusal:
                self.add_error("closes", refusal.reason)
        return values
