"""Forms about a cohort: its names and places, and the dates of its phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from cohorts.phases import PhaseKind
from cohorts.queries.cohorts import clashing_names
from cohorts.queries.phases import (
    LAST_DAY,
    STARTS_ON,
    DateNote,
    PlannedPhase,
    changes_the_past,
    date_notes,
    date_problems,
    not_a_working_day,
)
from core.bilingual import WelshStatus
from core.forms import DateField, Form

ONE_DAY = timedelta(days=1)
MOST_PLACES = 1000
# Dates outside these are typing mistakes, such as the year 2206.
EARLIEST, LATEST = date(2015, 1, 1), date(2100, 1, 1)


class PlausibleDateField(DateField):
    """A day of this century: a slip of the finger in the year is caught here."""

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and not EARLIEST <= day < LATEST:
            raise ValidationError(_("Look at the year again."))
        return day


class NamesMixin(forms.Form):
    """The cohort's names in both languages, compared with the other cohorts' while typing is still there."""

    name_en = forms.CharField(label=_("Name in English"), max_length=80, help_text=_("For example: Cohort Seven"))
    name_cy = forms.CharField(label=_("Name in Welsh"), max_length=80, help_text=_("For example: Carfan Saith"))
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("How many associates the cohort can take."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}),
    )

    cohort: Cohort | None = None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        names = values.get("name_en", ""), values.get("name_cy", "")
        for name, other in clashing_names(*names, apart_from=self.cohort).items():
            message = _("Another cohort already has this name (%(cohort)s). Choose a different one.")
            self.add_error(name, ValidationError(message, params={"cohort": f"{other.name_en} / {other.name_cy}"}))
        return values


class CohortStartForm(NamesMixin, Form):
    """The first of two steps: what the cohort is called, how many places, and the one date that gives all others."""

    submit_label = _("Work out the dates")
    field_order = ("name_en", "name_cy", "starts_on", "capacity")

    starts_on = PlausibleDateField(label=_("First day"))


@dataclass(frozen=True)
class PhaseFields:
    """One phase as the page shows it: its two boxes, and what there is to say about each day."""

    kind: PhaseKind
    first: BoundField
    last: BoundField
    first_notes: list[str]
    last_notes: list[str]


class DatesForm(Form):
    """The first and last day of each phase, and the recruitment window.

    People are shown last days; `plan()` gives half-open dates. `shown` is the plan whose remarks the manager has read:
    when the dates typed bring new remarks, the page shows them before anything is saved.
    """

    recruitment_opens_on = PlausibleDateField(label=_("Recruitment opens"), required=False)
    recruitment_last_day = PlausibleDateField(label=_("Last day of recruitment"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("It is kept with the change, for those who ask later."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    reason_label: str | Promise = _("Why it starts on a day when nobody works")

    def __init__(self, *args: Any, plan: Sequence[PlannedPhase], today: date, **kwargs: Any) -> None:
        self.today = today
        self.start_plan = list(plan)
        initial: dict[str, Any] = {"shown": as_shown(plan)}
        for phase in plan:
            initial[f"{phase.kind}_{STARTS_ON}"] = phase.starts_on
            initial[f"{phase.kind}_{LAST_DAY}"] = phase.last_day
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        for phase in plan:
            for field, label in ((STARTS_ON, _("%(phase)s: first day")), (LAST_DAY, _("%(phase)s: last day"))):
                name = f"{phase.kind}_{field}"
                self.fields[name] = PlausibleDateField(label=label % {"phase": phase.label}, help_text="")
        self.fields["reason"].label = self.reason_label  # type: ignore[assignment]
        if not self.is_bound:
            self.fields["reason"].required = self.needs_reason()

    def plan(self) -> list[PlannedPhase]:
        """The phases as typed. Only after the form was found valid, or for those whose dates could be read."""
        phases = []
        for phase in self.start_plan:
            first = self.cleaned_data.get(f"{phase.kind}_{STARTS_ON}")
            last = self.cleaned_data.get(f"{phase.kind}_{LAST_DAY}")
            if first and last:
                phases.append(PlannedPhase(phase.kind, first, last + ONE_DAY))
        return phases

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for problem in date_problems(self.plan()):
            self.add_error(f"{problem.kind}_{problem.field}", problem.message)
        opens_on, last_day = values.get("recruitment_opens_on"), values.get("recruitment_last_day")
        starts_on = values.get(f"{self.start_plan[0].kind}_{STARTS_ON}")
        if last_day and not opens_on and "recruitment_opens_on" not in self.errors:
            self.add_error("recruitment_opens_on", _("Give the day when recruitment opens, too."))
        if opens_on and last_day and last_day < opens_on:
            self.add_error("recruitment_last_day", _("Recruitment must not end before it opens."))
        if starts_on and last_day and last_day >= starts_on:
            self.add_error("recruitment_last_day", _("Recruitment must end before the cohort’s first day."))
        # Whether it must be there depends on the other boxes; from here on it only decides about “(optional)”.
        self.fields["reason"].required = self.needs_reason()
        if not self.errors and self.fields["reason"].required and not values.get("reason", "").strip():
            self.add_error("reason", _("Say why. It is kept with the change."))
        values["recruitment_until"] = last_day + ONE_DAY if last_day else None
        return values

    def needs_reason(self) -> bool:
        """Whether these dates can be kept with a reason only: a first day when nobody works."""
        plan = self.current_plan()
        return bool(plan and not_a_working_day(plan[0].starts_on))

    def current_plan(self) -> list[PlannedPhase]:
        """What is in the boxes: as typed where that can be read, else as the page was opened with."""
        typed = {phase.kind: phase for phase in self.plan()} if hasattr(self, "cleaned_data") else {}
        return [typed.get(phase.kind, phase) for phase in self.start_plan]

    def new_remarks(self) -> bool:
        """Whether the dates typed have remarks that the manager has not been shown."""
        known = self.remarks(from_shown(self.cleaned_data["shown"], self.start_plan))
        return bool(set(self.remarks(self.plan())) - set(known))

    def remarks(self, plan: Sequence[PlannedPhase]) -> list[DateNote]:
        """What there is to say about a plan, and is no reason to refuse it."""
        return date_notes(plan)

    @property
    def phases(self) -> list[PhaseFields]:
        """For the page: each phase with its boxes and remarks."""
        notes: dict[tuple[str, str], list[str]] = {}
        for note in self.remarks(self.current_plan()):
            notes.setdefault((note.kind, note.field), []).append(note.message)
        return [
            PhaseFields(
                PhaseKind(phase.kind),
                self[f"{phase.kind}_{STARTS_ON}"],
                self[f"{phase.kind}_{LAST_DAY}"],
                notes.get((phase.kind, STARTS_ON), []),
                notes.get((phase.kind, LAST_DAY), []),
            )
            for phase in self.start_plan
        ]

    def remember_as_shown(self) -> None:
        """The page about to be drawn shows the remarks on what is in the boxes."""
        self.data = {**self.data.dict(), self.add_prefix("shown"): as_shown(self.current_plan())}  # type: ignore[attr-defined]


class CohortPlanForm(NamesMixin, DatesForm):
    """The second step: everything about the new cohort, each date ready to be changed."""

    submit_label = _("Create cohort")


class CohortDatesForm(DatesForm):
    """Other dates for a cohort that exists. `seen` says from which dates the manager started."""

    submit_label = _("Check the changes")
    reason_label = _("Why the dates change")

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    tell_associates = forms.BooleanField(
        label=_("Tell the associates who take part about the new dates"), required=False, initial=True
    )

    def needs_reason(self) -> bool:
        """A reason is also needed to change what has passed."""
        plan = self.current_plan()
        moved = plan[0].starts_on != self.start_plan[0].starts_on
        unusual = moved and bool(not_a_working_day(plan[0].starts_on))
        return unusual or bool(changes_the_past(self.start_plan, plan, self.today))

    def remarks(self, plan: Sequence[PlannedPhase]) -> list[DateNote]:
        """Also which of the changed dates have passed."""
        return [*changes_the_past(self.start_plan, plan, self.today), *date_notes(plan)]


class CohortDetailsForm(NamesMixin, Form):
    """A cohort's names and places, and whether its Welsh name has been confirmed."""

    welsh_confirmed = forms.BooleanField(
        label=_("The Welsh name is confirmed"),
        required=False,
        help_text=_("Leave it empty when a translator still has to look at it."),
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        self.cohort = cohort
        initial = {
            "name_en": cohort.name_en,
            "name_cy": cohort.name_cy,
            "capacity": cohort.capacity,
            "welsh_confirmed": cohort.welsh_status == WelshStatus.CONFIRMED,
        }
        super().__init__(*args, initial=initial, **kwargs)


class ReasonForm(Form):
    """For a step that wants its reason."""

    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class StartForm(Form):
    """For starting a cohort: whether everybody with a place has started with it."""

    everyone = forms.BooleanField(
        label=_("Everybody with a place has started"),
        required=False,
        initial=True,
        help_text=_("Who has not started can be put right later, one by one."),
    )


def from_shown(text: str, start_plan: Sequence[PlannedPhase]) -> list[PlannedPhase]:
    """The plan of a string from as_shown; the plan that the page was opened with when it cannot be read."""
    try:
        days = [[date.fromisoformat(day) for day in pair.split("/")] for pair in text.split(",")]
        pairs = zip(start_plan, days, strict=True)
        return [PlannedPhase(phase.kind, first, until) for phase, (first, until) in pairs]
    except ValueError:
        return list(start_plan)


def as_shown(plan: Sequence[PlannedPhase]) -> str:
    """A plan as one string, to tell whether it is the one that was looked at."""
    return ",".join(f"{phase.starts_on.isoformat()}/{phase.until.isoformat()}" for phase in plan)
