"""When somebody may be written to: tables of moments in London, over both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.clock import LONDON
from messaging.moments import USUAL, Hours, Rhythm, next_open, next_summary

USUALLY = Rhythm(USUAL)
# The clock goes forward on Sunday 29 March 2026 at one, and back on Sunday 25 October at two. 6 April is a holiday.
FAR = date(2026, 12, 31)


def at(text: str) -> datetime:
    """“2026-03-13 19:00” in London; “…+0” names the second of two like it."""
    moment = datetime.strptime(text.removesuffix("+0"), "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
    return moment.replace(fold=int(text.endswith("+0"))).astimezone(UTC)


def rhythm(opens: int, closes: int, *days: int) -> Rhythm:
    return Rhythm(Hours(time(opens), time(closes)), frozenset(days or {1, 2, 3, 4, 5}))


@pytest.mark.parametrize(
    ("asked", "how", "last_day", "then"),
    [
        # In the hours: now. Before and after them: the next opening.
        ("2026-03-11 10:00", USUALLY, FAR, "2026-03-11 10:00"),
        ("2026-03-11 07:00", USUALLY, FAR, "2026-03-11 07:00"),
        ("2026-03-11 06:59", USUALLY, FAR, "2026-03-11 07:00"),
        ("2026-03-11 18:59", USUALLY, FAR, "2026-03-11 18:59"),
        ("2026-03-11 19:00", USUALLY, FAR, "2026-03-12 07:00"),
        # Weekends and bank holidays wait.
        ("2026-03-13 19:00", USUALLY, FAR, "2026-03-16 07:00"),
        ("2026-03-14 10:00", USUALLY, FAR, "2026-03-16 07:00"),
        ("2026-04-02 20:00", USUALLY, FAR, "2026-04-07 07:00"),
        ("2026-12-24 20:00", USUALLY, FAR, "2026-12-29 07:00"),
        # Days of one's own, and never a bank holiday among them.
        ("2026-03-11 10:00", rhythm(7, 19, 1, 5), FAR, "2026-03-13 07:00"),
        ("2026-03-13 20:00", rhythm(7, 19, 6), FAR, "2026-03-14 07:00"),
        ("2026-04-06 10:00", rhythm(7, 19, 1), FAR, "2026-04-13 07:00"),
        # The event is next: in one's hours on any day, else at once.
        ("2026-03-13 05:30", rhythm(7, 19, 2, 3, 4), date(2026, 3, 16), "2026-03-13 07:00"),
        ("2026-03-14 05:30", USUALLY, date(2026, 3, 15), "2026-03-14 07:00"),
        ("2026-03-14 19:30", USUALLY, date(2026, 3, 14), "2026-03-14 19:30"),
        ("2026-03-14 19:30", USUALLY, date(2026, 3, 10), "2026-03-14 19:30"),
        # Hours over midnight.
        ("2026-03-11 23:00", rhythm(22, 6), FAR, "2026-03-11 23:00"),
        ("2026-03-12 05:59", rhythm(22, 6), FAR, "2026-03-12 05:59"),
        ("2026-03-12 06:00", rhythm(22, 6), FAR, "2026-03-12 22:00"),
        ("2026-03-14 23:00", rhythm(22, 6), FAR, "2026-03-16 00:00"),
        # Nobody chose hours, and nothing waits.
        ("2026-03-14 03:00", Rhythm(), FAR, "2026-03-14 03:00"),
        # The clock goes forward: the morning comes an hour earlier, and an hour that is not there is skipped.
        ("2026-03-27 19:00", USUALLY, FAR, "2026-03-30 07:00"),
        ("2026-03-29 00:30", rhythm(1, 23, 7), FAR, "2026-03-29 02:00"),
        ("2026-03-29 02:00", rhythm(1, 23, 7), FAR, "2026-03-29 02:00"),
        # It goes back: the hour that comes twice is open twice, and the morning comes an hour later.
        ("2026-10-23 19:00", USUALLY, FAR, "2026-10-26 07:00"),
        ("2026-10-25 00:30", rhythm(1, 23, 7), FAR, "2026-10-25 01:00"),
        ("2026-10-25 01:30+0", rhythm(1, 23, 7), FAR, "2026-10-25 01:30+0"),
        ("2026-10-25 01:30+0", rhythm(2, 23, 7), FAR, "2026-10-25 02:00"),
    ],
)
def test_the_next_open_moment(asked, how, last_day, then):
    assert next_open(at(asked), how, last_day) == at(then)


@pytest.mark.parametrize(
    ("friday", "hours"), [("2026-03-27 19:00", 59), ("2026-10-23 19:00", 61), ("2026-03-20 19:00", 60)]
)
def test_a_weekend_with_a_change_of_the_clock_is_an_hour_shorter_or_longer(friday, hours):
    assert next_open(at(friday), USUALLY, FAR) - at(friday) == timedelta(hours=hours)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("opens", range(24))
def test_on_the_days_of_the_change_every_minute_leads_to_an_open_one_that_is_not_before_it(day, opens):
    hours = Hours(time(opens), time((opens + 6) % 24))
    first = datetime.combine(day, time(), LONDON).astimezone(UTC)
    for minute in range(0, 26 * 60, 10):
        asked = first + timedelta(minutes=minute)
        then = next_open(asked, Rhythm(hours, frozenset(range(1, 8))), FAR)
        assert then >= asked
        assert then - asked <= timedelta(hours=19)
        assert then.astimezone(LONDON).time() in hours


@pytest.mark.parametrize(
    ("asked", "how", "last_day", "then"),
    [
        ("2026-03-11 10:00", USUALLY, FAR, "2026-03-12 07:00"),
        ("2026-03-11 05:31", USUALLY, FAR, "2026-03-12 07:00"),
        ("2026-03-13 10:00", USUALLY, FAR, "2026-03-16 07:00"),
        ("2026-03-11 10:00", rhythm(4, 20), FAR, "2026-03-12 06:00"),
        ("2026-03-28 10:00", rhythm(7, 19, 7), FAR, "2026-03-29 07:00"),
        ("2026-10-24 10:00", rhythm(7, 19, 7), FAR, "2026-10-25 07:00"),
        ("2026-03-11 10:00", Rhythm(), FAR, "2026-03-12 06:00"),
        # The next summary would be too late.
        ("2026-03-11 10:00", USUALLY, date(2026, 3, 11), None),
        ("2026-03-11 10:00", Rhythm(), date(2026, 3, 11), None),
        ("2026-03-13 10:00", USUALLY, date(2026, 3, 15), None),
    ],
)
def test_the_next_summary(asked, how, last_day, then):
    assert next_summary(at(asked), how, last_day) == (then and at(then))


@pytest.mark.parametrize(
    ("opens", "closes", "inside", "outside"),
    [(7, 19, [7, 12, 18], [0, 6, 19, 23]), (22, 6, [22, 23, 0, 5], [6, 12, 21]), (7, 7, [0, 7, 23], [])],
)
def test_hours_are_open_at_their_first_moment_and_not_at_their_last(opens, closes, inside, outside):
    hours = Hours(time(opens), time(closes))
    assert all(time(hour) in hours for hour in inside)
    assert not any(time(hour) in hours for hour in outside)
