"""The timeline of a cohort as geometry: where each phase, each month and today lie on a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

from cohorts.models import Cohort, Phase
from cohorts.phases import PhaseKind
from cohorts.queries.phases import phases_of

# Units of the two pictures: one for a wide page with names, one for a phone with numbers.
WIDE, NARROW = 1000, 340
ONE_DAY = timedelta(days=1)
# Narrower months share a tick with their neighbour.
LEAST_BETWEEN_TICKS = 45


@dataclass(frozen=True)
class Bar:
    """One phase: where it lies, and whether it is over, now or to come. `low` says in which row its name stands."""

    phase: Phase
    x: float
    width: float
    state: str
    low: bool
    anchor_end: bool

    @property
    def kind(self) -> PhaseKind:
        return PhaseKind(self.phase.kind)

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def name_x(self) -> float:
        return round(self.x + self.width, 1) if self.anchor_end else self.x

    @property
    def days(self) -> int:
        return (self.phase.until - self.phase.starts_on).days

    @property
    def weeks(self) -> str:
        """Whole weeks as a number, else with one decimal."""
        return f"{self.days / 7:g}" if self.days % 7 == 0 else f"{self.days / 7:.1f}"


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """What the picture needs; `today_x` is None outside the cohort."""

    bars: list[Bar]
    ticks: list[Tick]
    today_x: float | None
    length: int = WIDE

    @property
    def today_anchor(self) -> str:
        """Which end of the word “Today” stands at its line, so that it never leaves the picture."""
        x = self.today_x or 0
        return "start" if x < LEAST_BETWEEN_TICKS else "end" if x > self.length - LEAST_BETWEEN_TICKS else "middle"


def timeline(cohort: Cohort, today: date, length: int = WIDE) -> Timeline:
    """The cohort's phases on a line from its first day to its end. No query when its phases are prefetched."""
    phases = phases_of(cohort)
    days = (cohort.until - cohort.starts_on).days

    def at(day: date) -> float:
        return round((day - cohort.starts_on).days / days * length, 1)

    bars = [
        Bar(
            phase=phase,
            x=at(phase.starts_on),
            width=round(at(phase.until) - at(phase.starts_on), 1),
            state=state_of(phase, today),
            low=number % 2 == 1,
            anchor_end=number == len(phases) - 1,
        )
        for number, phase in enumerate(phases)
    ]
    today_x = at(today) if cohort.starts_on <= today < cohort.until else None
    return Timeline(bars, _months(cohort, at, length), today_x, length)


def state_of(phase: Phase, today: date) -> str:
    """ "past", "now" or "next"."""
    if today in phase.window:
        return "now"
    return "past" if phase.until <= today else "next"


def _months(cohort: Cohort, at, length: int) -> list[Tick]:  # type: ignore[no-untyped-def]
    ticks: list[Tick] = []
    day = cohort.starts_on.replace(day=1)
    while day < cohort.until:
        if day >= cohort.starts_on:
            x = at(day)
            if (not ticks or x - ticks[-1].x >= LEAST_BETWEEN_TICKS) and x < length - LEAST_BETWEEN_TICKS / 2:
                ticks.append(Tick(x, date_format(day, "M")))
        day = (day + 32 * ONE_DAY).replace(day=1)
    return ticks
