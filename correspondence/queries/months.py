"""Months as a wall calendar shows them, with how many messages belong to each day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import is_working_day

ONE_DAY = timedelta(days=1)
# Nobody looks further ahead on one page; the table and the list have everything.
MOST_MONTHS = 12


@dataclass(frozen=True)
class Day:
    """One day of a month: in which row and column it stands, and how many messages it has."""

    on: date
    row: int
    count: int
    is_today: bool

    @property
    def column(self) -> int:
        """0 for Monday."""
        return self.on.weekday()

    @property
    def is_working(self) -> bool:
        return is_working_day(self.on)


@dataclass(frozen=True)
class Month:
    """A month with its days."""

    days: tuple[Day, ...]

    @property
    def first(self) -> date:
        return self.days[0].on

    @property
    def rows(self) -> int:
        return self.days[-1].row + 1

    @property
    def count(self) -> int:
        return sum(day.count for day in self.days)


def months(counts: Mapping[date, int], today: date) -> list[Month]:
    """The months from today’s to the last one that has a message, at most a year of them; none without messages."""
    found: list[Month] = []
    first, last = today.replace(day=1), max(counts, default=today - 31 * ONE_DAY)
    while first <= last and len(found) < MOST_MONTHS:
        following = (first + 32 * ONE_DAY).replace(day=1)
        days = [first + number * ONE_DAY for number in range((following - first).days)]
        found.append(
            Month(
                tuple(
                    Day(on, (on.day - 1 + first.weekday()) // 7, counts.get(on, 0), is_today=on == today) for on in days
                )
            )
        )
        first = following
    return found
