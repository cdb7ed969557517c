"""Phases: computed from the programme's template, checked, and found by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Phase, Programme
from cohorts.phases import PhaseKind
from core.clock import Window, bank_holiday

if TYPE_CHECKING:
    from django.db.models import QuerySet

STARTS_ON = "starts_on"
LAST_DAY = "last_day"


@dataclass(frozen=True)
class PlannedPhase:
    """A phase before it is saved (or a saved one without its row): half-open days, as everywhere."""

    kind: str
    starts_on: date
    until: date

    @property
    def label(self) -> str:
        return str(PhaseKind(self.kind).label)

    @property
    def last_day(self) -> date:
        """The last day inside, which is what people are shown."""
        return self.until - timedelta(days=1)


@dataclass(frozen=True)
class DateNote:
    """Something to say about one date of a plan: which phase, which of its two dates, and the sentence."""

    kind: str
    field: str
    message: str


def plan_phases(programme: Programme, starts_on: date) -> list[PlannedPhase]:
    """The five phases that the programme's template gives a cohort with this first day, in order."""
    return [
        PlannedPhase(row.kind, starts_on + timedelta(weeks=row.from_week), starts_on + timedelta(weeks=row.until_week))
        for row in sorted(programme.template.all(), key=lambda row: row.from_week)
    ]


def as_planned(cohort: Cohort) -> list[PlannedPhase]:
    """The cohort's phases as plain values, in order."""
    return [PlannedPhase(phase.kind, phase.starts_on, phase.until) for phase in phases_of(cohort)]


def phases_of(cohort: Cohort) -> list[Phase]:
    """The cohort's phases in order; uses what was prefetched, so that lists cost no query per cohort."""
    return sorted(cohort.phases.all(), key=lambda phase: phase.starts_on)


def current_phase(cohort: Cohort, day: date) -> Phase | None:
    """The phase that `day` lies in; None before, after, and in a gap between two phases."""
    return next((phase for phase in phases_of(cohort) if day in phase.window), None)


def next_phase(cohort: Cohort, day: date) -> Phase | None:
    """The first phase that starts after `day`; None when the last one has started."""
    return next((phase for phase in phases_of(cohort) if phase.starts_on > day), None)


def standing(cohorts: Iterable[Cohort], day: date) -> dict[int, tuple[PlannedPhase | None, PlannedPhase | None]]:
    """Where many cohorts stand: cohort key → (current_phase, next_phase). One query, and nothing of what is over.

    A cohort whose last phase is over is not in the answer.
    """
    rows = Phase.objects.filter(cohort__in=[cohort.pk for cohort in cohorts], until__gt=day).order_by("starts_on")
    found: dict[int, tuple[PlannedPhase | None, PlannedPhase | None]] = {}
    for pk, kind, starts_on, until in rows.values_list("cohort_id", "kind", "starts_on", "until"):
        phase, (current, upcoming) = PlannedPhase(kind, starts_on, until), found.get(pk, (None, None))
        if phase.starts_on <= day:
            found[pk] = (current or phase, upcoming)
        else:
            found[pk] = (current, upcoming or phase)
    return found


def current_on(day: date) -> QuerySet[Phase]:
    """Every cohort's phase that `day` lies in: the same question as current_phase, in SQL.

    No page asks it yet. It is here so that both forms of “current” stand on core.clock.Window; the tests of phases
    hold them together on every edge.
    """
    return Phase.objects.filter(Window.q(day))


def date_problems(phases: Sequence[PlannedPhase]) -> list[DateNote]:
    """Why these dates cannot be kept: a phase ends before it starts, or starts before the one before it has ended.

    The phases are taken in the programme's order, whatever the order of the dates. The database holds the same rules
    (`phases_of_one_cohort_do_not_overlap`, `phases_are_five_in_order`); this is where the sentences come from.
    """
    problems = []
    ordered = sorted(phases, key=lambda phase: PhaseKind(phase.kind).position)
    for phase in ordered:
        if phase.until <= phase.starts_on:
            problems.append(DateNote(phase.kind, LAST_DAY, _("The last day must not be before the first day.")))
    for before, after in pairwise(ordered):
        if after.starts_on < before.until:
            problems.append(
                DateNote(
                    after.kind,
                    STARTS_ON,
                    _("This phase must start after the last day of “%(phase)s” (%(day)s).")
                    % {"phase": before.label, "day": date_format(before.last_day, "j F Y")},
                )
            )
    return problems


def date_notes(phases: Sequence[PlannedPhase]) -> list[DateNote]:
    """What the manager should know before keeping these dates: weekends, bank holidays in Wales, and gaps.

    None of them is refused. A gap between two phases is allowed (a school holiday, say); on its days no phase is
    current.
    """
    notes = []
    ordered = sorted(phases, key=lambda phase: PhaseKind(phase.kind).position)
    for phase in ordered:
        for field, day in ((STARTS_ON, phase.starts_on), (LAST_DAY, phase.last_day)):
            if why := not_a_working_day(day):
                notes.append(DateNote(phase.kind, field, why))
    for before, after in pairwise(ordered):
        days = (after.starts_on - before.until).days
        if days > 0:
            text = _("There is a gap before this phase. Days without a phase: %(days)s") % {"days": days}
            notes.append(DateNote(after.kind, STARTS_ON, text))
    return notes


def not_a_working_day(day: date) -> str:
    """A sentence when nobody works on that day in Wales; empty on a working day."""
    if name := bank_holiday(day):
        return _("Bank holiday: %(name)s") % {"name": name}
    if day.weekday() >= 5:
        return _("Weekend: %(weekday)s") % {"weekday": date_format(day, "l")}
    return ""


def stamp(cohort: Cohort) -> str:
    """A cohort's dates as one string: a form carries it, so that saving can tell whether somebody else changed them."""
    days: list[tuple[date | None, date | None]] = [(phase.starts_on, phase.until) for phase in phases_of(cohort)]
    days.append((cohort.recruitment_opens_on, cohort.recruitment_until))
    return ",".join(f"{first or ''}/{until or ''}" for first, until in days)


def changes_the_past(before: Sequence[PlannedPhase], after: Sequence[PlannedPhase], today: date) -> list[DateNote]:
    """The dates that have passed in the one plan or the other, and differ: changing them rewrites what happened."""
    notes = []
    new = {phase.kind: phase for phase in after}
    for old in before:
        for field in (STARTS_ON, "until"):
            was, becomes = getattr(old, field), getattr(new[old.kind], field)
            if was != becomes and min(was, becomes) <= today:
                shown = STARTS_ON if field == STARTS_ON else LAST_DAY
                notes.append(DateNote(old.kind, shown, _("This date has passed.")))
    return notes
