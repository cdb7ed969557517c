"""What is to move, and by how much."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.bilingual import pick
from core.clock import LONDON
from core.forms import Form
from planning.enums import Pivot
from planning.queries.plans import Plan, Shift

# A year is the furthest that anybody means.
MOST_DAYS = 366


class ReplanForm(Form):
    """The thing, the days, and whether everything after it moves too. The reason is asked for with the preview."""

    submit_label = _("Show what would change")

    what = forms.ChoiceField(label=_("What moves"))
    days = forms.IntegerField(
        label=_("By how many days"),
        help_text=_("7 is a week later, -7 a week earlier."),
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
    and_after = forms.BooleanField(label=_("Everything after it moves as well"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("The people whom it concerns read this, as you write it."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices(plan)  # type: ignore[attr-defined]

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if days == 0:
            raise ValidationError(_("Give a number of days other than 0."))
        return days

    def shift(self) -> Shift:
        """The move that was asked for."""
        pivot, _colon, pk = self.cleaned_data["what"].partition(":")
        return Shift(Pivot(pivot), self.cleaned_data["days"], int(pk) if pk else None, self.cleaned_data["and_after"])

    def as_text(self) -> str:
        """The move as one word, by which saving knows that it is the one that was shown."""
        values = self.cleaned_data
        return f"{values['what']} {values['days']} {int(values['and_after'])}"


def choices(plan: Plan) -> list[tuple[str, Any]]:
    """The whole cohort, then its phases, milestones and sessions, each by its date."""
    groups: list[tuple[str, Any]] = [(Pivot.COHORT.value, Pivot.COHORT.label)]
    phases = [(f"phase:{row.pk}", _line(row.get_kind_display(), row.starts_on)) for row in plan.phases]
    milestones = [(f"milestone:{row.pk}", _line(pick(row, "title"), row.due_on)) for row in plan.milestones]
    sessions = [
        (f"session:{row.pk}", _line(pick(row, "title"), row.starts_at.astimezone(LONDON).date()))
        for row in plan.sessions
    ]
    for label, rows in ((_("Phases"), phases), (_("Milestones"), milestones), (_("Sessions"), sessions)):
        if rows:
            groups.append((str(label), rows))
    return groups


def _line(label: str, day: Any) -> str:
    return f"{label} – {date_format(day, 'j F Y')}"
