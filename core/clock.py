"""Days: today in Europe/London, half-open windows, and working days in Wales.

Only doors (views, tasks, commands) ask for today; everything below takes it as an argument, so that any day can be
replayed. In the demo the clock can be moved forward (DemoClock); nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment, aware; in the demo moved forward by the demo clock's whole days."""
    if not settings.DEMO:
        return timezone.now()
    return timezone.now() + timedelta(days=apps.get_model("core", "DemoClock").days_ahead())


def today() -> date:
    """Today's date in Europe/London."""
    return now().astimezone(LONDON).date()


@dataclass(frozen=True)
class Window:
    """Days from `starts_on` up to, not including, `until`; None is open-ended. One definition, for Python and SQL."""

    starts_on: date
    until: date | None

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.until is None or day < self.until)

    @property
    def last_day(self) -> date | None:
        """The last day inside, which is what people are shown; None when open-ended."""
        return self.until and self.until - timedelta(days=1)

    @staticmethod
    def q(day: date, prefix: str = "") -> Q:
        """The same question in SQL, for rows with `starts_on` and `until`; `prefix` is a path such as "phases__"."""
        return Q(**{f"{prefix}starts_on__lte": day}) & (
            Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": day})
        )


# The holidays package has the days of Wales (gov.uk/bank-holidays) but no Welsh names.
HOLIDAY_NAMES = {
    "New Year's Day": _("New Year's Day"),
    "Good Friday": _("Good Friday"),
    "Easter Monday": _("Easter Monday"),
    "May Day": _("Early May bank holiday"),
    "Spring Bank Holiday": _("Spring bank holiday"),
    "Late Summer Bank Holiday": _("Summer bank holiday"),
    "Christmas Day": _("Christmas Day"),
    "Boxing Day": _("Boxing Day"),
    "Coronation of Charles III": _("Coronation of King Charles III"),
    "State Funeral of Queen Elizabeth II": _("State Funeral of Queen Elizabeth II"),
    "Platinum Jubilee of Elizabeth II": _("Platinum Jubilee of Queen Elizabeth II"),
}


@cache
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("GB", subdiv="WLS", years=year))


def bank_holiday(day: date) -> str:
    """The name of the Welsh bank holiday on that day in the active language, or an empty string."""
    name = _holidays(day.year).get(day, "")
    base = name.removesuffix(" (observed)").removesuffix(" (substitute day)")
    known = HOLIDAY_NAMES.get(base)
    if known is None:
        return str(_("Bank holiday")) if name else ""
    return str(known) if base == name else f"{known} ({_('substitute day')})"


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no bank holiday in Wales."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_day_on_or_before(day: date) -> date:
    """The day itself, or the nearest working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """The working day that is `count` working days after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_from(day: date, count: int) -> date:
    """The working day `count` working days after `day`, or before it when negative; 0: on it, or just before."""
    if count > 0:
        return working_days_after(day, count)
    if count == 0:
        return working_day_on_or_before(day)
    while count < 0:
        day -= timedelta(days=1)
        count += is_working_day(day)
    return day


def days_from(first: date, until: date) -> Iterator[date]:
    """Every day from `first` up to, not including, `until`."""
    for offset in range((until - first).days):
        yield first + timedelta(days=offset)
