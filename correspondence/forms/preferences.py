"""What a person chooses about their messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.verdicts import NotAllowed, require
from correspondence import rules
from correspondence.queries.preferences import Choices
from messaging.kinds import Kind
from messaging.moments import Hours

HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
EACH, SUMMARY = "each", "summary"


class AnyOf(forms.MultipleChoiceField):
    """Check boxes of which none need be ticked: that is an answer too."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class PreferencesForm(Form):
    """Which kinds, how many at once, and when."""

    wanted = AnyOf(label=_("Which messages do you want?"), help_text=_("Untick what you do not want."))
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

    def __init__(self, *args: Any, offered: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {kind.slug for kind in offered}
        if offered:
            self.fields["wanted"].choices = [(kind.slug, kind.label) for kind in offered]  # type: ignore[attr-defined]
        else:
            del self.fields["wanted"]

    @staticmethod
    def values_of(choices: Choices, offered: Sequence[Kind]) -> dict[str, Any]:
        """The fields as this person left them."""
        return {
            "wanted": [kind.slug for kind in offered if kind.slug not in choices.declined],
            "how": SUMMARY if choices.digest else EACH,
            "opens": choices.hours.opens.hour,
            "closes": choices.hours.closes.hour,
        }

    def clean(self) -> dict[str, Any]:
        """Adds `declined`, `digest` and `hours`, as the verb takes them. Whatever is declined was on offer."""
        values: dict[str, Any] = super().clean() or {}
        if set(self.fields) <= set(values):
            values["declined"] = self.offered - set(values.get("wanted", ()))
            values["digest"] = values["how"] == SUMMARY
            values["hours"] = Hours(time(values["opens"]), time(values["closes"]))
            try:
                require(rules.are_hours_enough(values["hours"]))
            except NotAllowed as refusal:
                self.add_error("closes", refusal.reason)
        return values
