"""The plan of a cohort as a set of dates, and the dates that a move gives it. Reads only.

A move has a pivot, a number of days, and whether everything after it moves too. What has begun or has passed stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.formats import date_format

from cohorts.models import Cohort, Phase
from cohorts.queries.phases import PlannedPhase
from core.bilingual import pick
from core.clock import LONDON
from labs.enums import SessionStatus
from labs.models import Session
from planning.enums import Pivot, Table
from progress.models import Milestone

Moment = date | datetime


@dataclass(frozen=True)
class Shift:
    """What somebody wants to move: the pivot (with its key, except for the whole cohort), by how many days, and
    whether everything after it moves as well."""

    pivot: Pivot
    days: int
    pk: int | None = None
    and_after: bool = False


@dataclass(frozen=True)
class Edit:
    """One row's dates before and after; `thing` is the row as it is."""

    table: Table
    thing: Phase | Milestone | Session
    before: dict[str, Moment]
    after: dict[str, Moment]

    @property
    def pk(self) -> int:
        return self.thing.pk

    def days_that_change(self) -> list[date]:
        """The days that it leaves and those that it comes to."""
        changed = [column for column in self.before if self.before[column] != self.after[column]]
        return [_day(values[column]) for values in (self.before, self.after) for column in changed]

    @property
    def label(self) -> str:
        """What the row is, in the active language."""
        name = self.thing.get_kind_display() if isinstance(self.thing, Phase) else pick(self.thing, "title")
        return f"{self.table.label}: {name}"

    @property
    def now(self) -> str:
        """The dates after it, in words."""
        return _in_words(self.after)

    @property
    def was(self) -> str:
        """The dates before it, in words."""
        return _in_words(self.before)

    def as_json(self) -> dict[str, object]:
        """The edit as it is kept."""
        return {
            "table": self.table.value,
            "pk": self.pk,
            "before": {column: _written(value) for column, value in self.before.items()},
            "after": {column: _written(value) for column, value in self.after.items()},
        }


@dataclass(frozen=True)
class Plan:
    """The rows of a cohort that have dates."""

    phases: Sequence[Phase]
    milestones: Sequence[Milestone]
    sessions: Sequence[Session]

    def columns(self) -> Iterable[tuple[Table, Phase | Milestone | Session, dict[str, Moment]]]:
        """Every row with its dates."""
        for phase in self.phases:
            yield Table.PHASE, phase, {"starts_on": phase.starts_on, "until": phase.until}
        for milestone in self.milestones:
            yield Table.MILESTONE, milestone, {"due_on": milestone.due_on}
        for session in self.sessions:
            yield Table.SESSION, session, {"starts_at": session.starts_at, "ends_at": session.ends_at}


def plan_of(cohort: Cohort) -> Plan:
    """The cohort's phases, milestones and sessions, in three queries; what was retired or cancelled is not moved."""
    return Plan(
        phases=list(Phase.objects.filter(cohort=cohort).order_by("starts_on")),
        milestones=list(Milestone.objects.filter(phase__cohort=cohort, retired_on=None).order_by("due_on", "pk")),
        sessions=list(
            Session.objects.filter(cohort=cohort, status=SessionStatus.PLANNED)
            .select_related("cohort", "run")
            .prefetch_related("leads__person")
            .order_by("starts_at", "pk")
        ),
    )


def stamp(plan: Plan) -> str:
    """The plan's dates as one short text: a page carries it, so that saving can tell whether they are still those."""
    lines = sorted(f"{table}:{thing.pk}:{values}" for table, thing, values in plan.columns())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def edits_of(plan: Plan, shift: Shift, moment: datetime) -> list[Edit]:
    """The rows that the shift changes, in the order of their dates. Nothing on or before the day of `moment` moves."""
    reach = _reach(plan, shift, moment)
    by = timedelta(days=shift.days)
    edits = []
    for table, thing, before in plan.columns():
        if table is Table.SESSION:
            moves = reach.takes(table, thing, _day(before["starts_at"])) and thing.starts_at > moment  # type: ignore[union-attr]
            after = {column: _same_time(value, by) if moves else value for column, value in before.items()}
        else:
            after = {
                column: value + by if reach.takes(table, thing, value, column) else value
                for column, value in before.items()
            }
        if after != before:
            edits.append(Edit(table, thing, before, after))
    return sorted(edits, key=lambda edit: (_day(next(iter(edit.before.values()))), edit.table, edit.pk))


@dataclass(frozen=True)
class _Reach:
    """Which dates a shift takes: those from `since` on (phases: the day that it begins or ends), only in `only`."""

    today: date
    since: date
    only: tuple[Table, int] | None = None
    within: tuple[date, date] | None = None

    def takes(self, table: Table, thing: Phase | Milestone | Session, value: Moment, column: str = "") -> bool:
        """Whether this date of this row moves."""
        day = _day(value)
        if day <= self.today:
            return False
        if self.within is not None:
            first, until = self.within
            if table is Table.PHASE:
                return self.only == (table, thing.pk)
            return first <= day < until
        if self.only is not None:
            return self.only == (table, thing.pk)
        # The end of a phase is the first day without it, so what ends where the pivot begins stays.
        return day > self.since if column == "until" else day >= self.since


def _reach(plan: Plan, shift: Shift, moment: datetime) -> _Reach:
    today = moment.astimezone(LONDON).date()
    if shift.pivot is Pivot.COHORT:
        return _Reach(today, today)
    rows: dict[Pivot, Sequence[Phase | Milestone | Session]] = {
        Pivot.PHASE: plan.phases,
        Pivot.MILESTONE: plan.milestones,
        Pivot.SESSION: plan.sessions,
    }
    thing = next(row for row in rows[shift.pivot] if row.pk == shift.pk)
    table = Table(shift.pivot.value)
    if isinstance(thing, Phase):
        if shift.and_after:
            return _Reach(today, thing.starts_on)
        return _Reach(today, thing.starts_on, only=(table, thing.pk), within=(thing.starts_on, thing.until))
    day = thing.due_on if isinstance(thing, Milestone) else thing.day
    return _Reach(today, day, only=None if shift.and_after else (table, thing.pk))


def _in_words(values: Mapping[str, Moment]) -> str:
    """A phase from its first to its last day, a day, or a day with two times."""
    if "until" in values:
        first, last = values["starts_on"], values["until"] - timedelta(days=1)
        return f"{date_format(first, 'j F Y')} – {date_format(last, 'j F Y')}"
    if "due_on" in values:
        return date_format(values["due_on"], "l j F Y")
    starts, ends = (values[column].astimezone(LONDON) for column in ("starts_at", "ends_at"))  # type: ignore[union-attr]
    return f"{date_format(starts, 'l j F Y')}, {starts:%H:%M}–{ends:%H:%M}"


def _written(value: Moment) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


def _day(value: Moment) -> date:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def _same_time(value: Moment, by: timedelta) -> datetime:
    """The same time on the wall, days later, whatever the clock change between."""
    assert isinstance(value, datetime)
    local = value.astimezone(LONDON)
    return datetime.combine(local.date() + by, local.time(), LONDON)


def phases_after(plan: Plan, edits: Sequence[Edit]) -> list[PlannedPhase]:
    """The five phases as they will be."""
    moved = {edit.pk: edit.after for edit in edits if edit.table is Table.PHASE}
    return [
        PlannedPhase(
            phase.kind,
            moved.get(phase.pk, {}).get("starts_on", phase.starts_on),
            moved.get(phase.pk, {}).get("until", phase.until),
        )
        for phase in plan.phases
    ]
