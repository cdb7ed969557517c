"""When somebody may be written to: the hours of the day and the days of the week that suit them, in Europe/London.

No database. Moments are counted in UTC, because twice a year a day in London has no hour between one and two, or two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.clock import LONDON, bank_holiday, days_from

WEEKDAYS = frozenset({1, 2, 3, 4, 5})
ONE_DAY = timedelta(days=1)
# By then the night has put together the summaries of the day.
SUMMARIES_FROM = time(6)


@dataclass(frozen=True)
class Hours:
    """The hours of a day in which words are welcome, from `opens` up to, not including, `closes`.

    They may go over midnight; the same time twice is the whole day.
    """

    opens: time
    closes: time

    def __contains__(self, at: time) -> bool:
        if self.opens < self.closes:
            return self.opens <= at < self.closes
        return self.opens == self.closes or at >= self.opens or at < self.closes

    def first_on(self, day: date, earliest: datetime) -> datetime | None:
        """The first open moment on that day in London that is not before `earliest`; None when there is none."""
        local = max(earliest, datetime.combine(day, time(), LONDON).astimezone(UTC)).astimezone(LONDON)
        if local.date() != day:
            return None
        if local.time() in self:
            return local.astimezone(UTC)
        if self.opens > local.time():
            return datetime.combine(day, self.opens, LONDON).astimezone(UTC)
        return None


# What counts for everybody who has not chosen otherwise.
USUAL = Hours(time(7), time(19))


@dataclass(frozen=True)
class Rhythm:
    """When somebody works: ISO weekdays (Monday = 1), never a bank holiday in Wales. Without `hours` nothing waits."""

    hours: Hours | None = None
    days: frozenset[int] = WEEKDAYS

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and not bank_holiday(day)


def next_open(at: datetime, rhythm: Rhythm, last_day: date) -> datetime:
    """The first moment, from `at` on, at which to write to somebody, on `last_day` at the latest.

    In their hours on one of their working days; if none is left before it would be too late, because what it is about
    comes first, in their hours on any day; else at once.
    """
    if rhythm.hours is None:
        return at
    return _first(at, rhythm.hours, rhythm.works_on, last_day) or _first(at, rhythm.hours, _any, last_day) or at


def next_summary(at: datetime, rhythm: Rhythm, last_day: date) -> datetime | None:
    """When the next daily summary goes that could hold what is queued at `at`; None: after `last_day`, so too late.

    The summaries of a day are put together in its night, so it is that of tomorrow or later.
    """
    tomorrow = at.astimezone(LONDON).date() + ONE_DAY
    made = datetime.combine(tomorrow, SUMMARIES_FROM, LONDON).astimezone(UTC)
    if rhythm.hours is None:
        return made if tomorrow <= last_day else None
    return _first(made, rhythm.hours, rhythm.works_on, last_day)


def _first(at: datetime, hours: Hours, suits: Callable[[date], bool], last_day: date) -> datetime | None:
    for day in days_from(at.astimezone(LONDON).date(), last_day + ONE_DAY):
        if suits(day) and (moment := hours.first_on(day, at)):
            return moment
    return None


def _any(_day: date) -> bool:
    return True
