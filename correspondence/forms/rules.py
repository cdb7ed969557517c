"""How a kind of message is sent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import DateField, Form
from correspondence import rules
from messaging.kinds import Kind, Option, Text
from messaging.policies import Policy

OWN, OFF, FOLLOW = "own", "off", "follow"
SEPARATORS = re.compile(r"[\s,;]+")


def as_choices(options: tuple[Option, ...]) -> list[tuple[str, Text]]:
    """The options of a kind, for a field."""
    return [(option.slug, option.label) for option in options]


class RuleForm(Form):
    """What the kind asks for: whether, when, to whom, until when, and from which day the rule counts."""

    submit_label = _("Save the rule")

    way = forms.ChoiceField(label=_("What should happen?"), widget=forms.RadioSelect)
    days = forms.CharField(
        max_length=60, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"})
    )
    audience = forms.ChoiceField(label=_("To whom does it go?"), widget=forms.RadioSelect)
    stop = forms.ChoiceField(label=_("When does it stop?"), widget=forms.RadioSelect)
    late_after_days = forms.IntegerField(
        label=_("Days after its own day on which it may still go by itself"),
        help_text=_("Leave it empty: it goes while it is still news. After that it is held until somebody decides."),
        required=False,
        min_value=0,
        max_value=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )
    approve_above = forms.IntegerField(
        label=_("Somebody must approve it when it goes to more people than"),
        help_text=_("0 means always. The first use in a cohort always waits for somebody."),
        min_value=0,
        max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
    )
    from_on = DateField(
        label=_("From which day does it count?"),
        help_text=_("Today’s messages were worked out early this morning, so tomorrow is the usual first day."),
    )

    def __init__(self, *args: Any, kind: Kind, now: Policy, is_default: bool, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "way": OWN if now.is_on else OFF,
            "days": ", ".join(str(abs(offset)) for offset in sorted(now.offsets, key=abs)),
            "audience": now.audience,
            "stop": now.stop,
            "late_after_days": now.late_after_days,
            "approve_above": now.approve_above,
            "from_on": today + timedelta(days=1),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        above = _("As Infuse brings it") if is_default else _("As the programme’s rule says")
        details = bool(kind.offsets) or kind.is_computed
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (OWN, _("Send it, as set out below") if details else pgettext_lazy("rule", "Send it")),
            (OFF, _("Do not send it")),
            (FOLLOW, above),
        ]
        for name, options in (("audience", kind.audiences), ("stop", kind.stops)):
            if len(options) > 1:
                self.fields[name].choices = as_choices(options)  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        if kind.offsets:
            before = kind.offsets[0] < 0
            self.fields["days"].label = (
                _("How many working days before?") if before else _("How many working days after?")
            )
            self.fields["days"].help_text = _("Counted from: %(event)s. Several with commas: 5, 10.") % {
                "event": str(kind.event)
            }
        else:
            del self.fields["days"]
        if not kind.is_computed:
            del self.fields["late_after_days"], self.fields["approve_above"]

    def clean_days(self) -> list[int]:
        """The typed numbers, as working days on the side of the event that the kind speaks on."""
        side = -1 if self.kind.offsets[0] < 0 else 1
        typed = [part for part in SEPARATORS.split(self.cleaned_data["days"]) if part]
        offsets = [side * int(part) for part in typed if part.isascii() and part.isdecimal()]
        verdict = rules.are_possible_days(self.kind, offsets if len(offsets) == len(typed) else ())
        if not verdict:
            raise forms.ValidationError(str(verdict.reason))
        return offsets

    def clean_from_on(self) -> date:
        """Today or later."""
        day: date = self.cleaned_data["from_on"]
        if not (verdict := rules.may_begin(day, self.today, begun=False)):
            raise forms.ValidationError(str(verdict.reason))
        return day

    def says(self) -> dict[str, Any]:
        """What the verb is handed."""
        values = dict(self.cleaned_data)
        way = values.pop("way")
        if "days" in values:
            values["offsets"] = values.pop("days")
        return {**values, "is_on": way != OFF, "follows": way == FOLLOW}
