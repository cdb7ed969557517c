"""The night: in order, alone, again when it must be, and never twice for anybody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from core import clock
from infuse import nightly
from infuse.messages import CHECKS
from infuse.nightly import Report, catch_up, run
from messaging.delivery import deliver_due
from messaging.models import Message, NightRun
from tests.conftest import stop_the_clock
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import NightRunFactory
from tests.reminding import approve_reminders, source

pytestmark = pytest.mark.django_db

# A Wednesday; the second phase of a cohort from Thursday 29 January 2026 starts on the day after.
DAY = date(2026, 2, 11)
ONE_DAY = timedelta(days=1)


def at(hour, minute=0, day=DAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.LONDON)


def nights():
    return list(NightRun.objects.order_by("pk").values_list("on", "complete"))


@pytest.fixture
def associate():
    cohort = CohortFactory(starts_on=date(2026, 1, 29), status="running")
    approve_reminders(cohort)
    return AssociateFactory(cohort=cohort, status="active")


@pytest.fixture
def quiet(monkeypatch):
    """No step does anything; `quiet.append(step)` adds one."""
    steps = []
    monkeypatch.setattr(nightly, "STEPS", steps)
    return steps


def broken(_night):
    raise ZeroDivisionError("on purpose")


def test_who_is_due_is_told_once_however_often_the_night_runs(associate):
    assert run(DAY).counts["phase-starts"] == {"due": 1, "queued": 1}
    assert run(DAY).counts["phase-starts"] == {"due": 1, "queued": 0}
    assert Message.objects.get().person == associate.person.reference
    assert nights() == [(DAY, True), (DAY, True)]


def test_a_cohort_whose_day_has_come_runs():
    cohort = CohortFactory(starts_on=DAY, status="recruiting")
    AssociateFactory(cohort=cohort)
    assert run(DAY - ONE_DAY).counts["cohorts-started"] == 0
    assert run(DAY).counts["cohorts-started"] == 1
    cohort.refresh_from_db()
    assert cohort.status == "running"
    assert cohort.moves.latest().effective_on == DAY


def test_a_cohort_that_nobody_is_in_waits():
    CohortFactory(starts_on=DAY, status="recruiting")
    night = run(DAY)
    assert (night.counts["cohorts-started"], night.complete) == (0, True)


def test_a_step_that_breaks_stops_no_other_and_the_night_is_incomplete(quiet):
    quiet += [broken, lambda _night: Report({"after": 1}, [])]
    night = run(DAY)
    assert (night.counts, night.complete) == ({"after": 1}, False)
    assert "on purpose" in night.errors[0]
    assert night.finished_at is not None


def test_a_source_that_breaks_leaves_the_night_incomplete_and_the_others_told(associate, monkeypatch):
    def due(_asked):
        raise ZeroDivisionError("no facts")
        yield

    monkeypatch.setattr(nightly, "SOURCES", (source("broken", due), *nightly.SOURCES))
    night = run(DAY)
    assert not night.complete
    assert night.counts["phase-starts"]["queued"] == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_nights_at_once_the_second_does_nothing_and_says_so(quiet):
    def second(night):
        def in_its_own_session():
            try:
                return run(night.on)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            return Report({"second": pool.submit(in_its_own_session).result()}, [])

    quiet.append(second)
    assert run(DAY).counts == {"second": None}
    assert len(nights()) == 1
    assert run(DAY) is not None


# --- Catching up ----------------------------------------------------------------------------------------------------


def test_before_half_past_five_nothing_runs(quiet):
    assert catch_up(at(5, 29)) == []


def test_after_half_past_five_tonight_runs_once(quiet):
    assert [night.on for night in catch_up(at(5, 30))] == [DAY]
    assert catch_up(at(5, 32)) == []
    assert nights() == [(DAY, True)]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_the_days_when_the_clock_changes_it_is_still_half_past_five_in_london(quiet, day):
    assert catch_up(at(5, 29, day).astimezone(clock.LONDON)) == []
    assert len(catch_up(at(5, 31, day))) == 1


def test_a_system_that_never_ran_a_night_has_missed_none(quiet):
    catch_up(at(12))
    assert nights() == [(DAY, True)]


def test_missed_days_are_caught_up_oldest_first(quiet):
    NightRunFactory(on=DAY - 3 * ONE_DAY)
    assert [night.on for night in catch_up(at(9))] == [DAY - 2 * ONE_DAY, DAY - ONE_DAY, DAY]


def test_missed_days_are_caught_up_before_half_past_five_too(quiet):
    NightRunFactory(on=DAY - 2 * ONE_DAY)
    assert [night.on for night in catch_up(at(3))] == [DAY - ONE_DAY]


def test_no_more_than_three_missed_days_are_caught_up_and_the_rest_is_said(quiet):
    NightRunFactory(on=DAY - 10 * ONE_DAY)
    done = catch_up(at(9))
    assert [(DAY - night.on).days for night in done] == [3, 2, 1, 0]
    assert NightRun.objects.get(on=DAY).counts == {"days-not-caught-up": 6}


def test_a_past_day_that_an_operator_ran_again_says_nothing_about_the_nights(quiet):
    run(DAY - 4 * ONE_DAY, today=DAY, replay=True)
    assert [night.on for night in catch_up(at(9))] == [DAY]


def test_an_incomplete_night_is_tried_again_after_half_an_hour(quiet):
    quiet.append(broken)
    assert len(catch_up(at(6))) == 1
    assert catch_up(at(6, 2)) == []
    NightRun.objects.update(finished_at=Now() - timedelta(minutes=31))
    quiet.clear()
    assert len(catch_up(at(6, 40))) == 1
    assert nights() == [(DAY, False), (DAY, True)]


def test_a_night_that_was_killed_is_run_again_at_once(quiet):
    NightRunFactory(on=DAY, complete=False, finished_at=None)
    assert len(catch_up(at(6))) == 1


def test_what_a_missed_night_says_too_late_is_held(associate):
    """The reminder of a missed day is late counted from that day: two days later “starts tomorrow” is no longer so."""
    NightRunFactory(on=DAY - ONE_DAY)
    today = DAY + 2 * ONE_DAY
    catch_up(at(9, day=today))
    message = Message.objects.get(kind="phase-starts")
    assert (message.due_on, message.replay) == (DAY, False)
    deliver_due(CHECKS, today=today)
    message.refresh_from_db()
    assert (message.state, message.state_reason) == ("held", "late")


def test_three_days_stopped_nothing_that_is_too_late_is_sent_unseen(monkeypatch):
    """Reminders of Wednesday, Thursday and Friday; everything is back on Saturday, and delivers until Monday."""
    for starts_on in (date(2026, 1, 29), date(2026, 1, 30), date(2026, 2, 2)):
        cohort = CohortFactory(starts_on=starts_on, status="running")
        approve_reminders(cohort)
        AssociateFactory(cohort=cohort, status="active")
    NightRunFactory(on=DAY - ONE_DAY)
    sent_late = []
    for days in range(3, 6):
        today = DAY + days * ONE_DAY
        stop_the_clock(monkeypatch, today)
        catch_up(at(9, day=today))
        before = set(Message.objects.filter(state="sent").values_list("pk", flat=True))
        deliver_due(CHECKS, today=today)
        new = Message.objects.filter(state="sent").exclude(pk__in=before)
        sent_late += new.filter(late_after__lt=today)
    starting = Message.objects.filter(kind="phase-starts")
    assert sent_late == []
    assert list(
        starting.filter(state="held", state_reason="late").order_by("due_on").values_list("due_on", flat=True)
    ) == [
        DAY,
        DAY + ONE_DAY,
    ]
    assert starting.count() == 3


def test_a_missed_night_does_not_tell_who_left_meanwhile(associate):
    associate.moves.create(
        from_status="active",
        to_status="withdrawn",
        effective_on=DAY + ONE_DAY,
        recorded_at=clock.now(),
        reason="workload",
    )
    NightRunFactory(on=DAY - ONE_DAY)
    catch_up(at(9, day=DAY + 2 * ONE_DAY))
    assert not Message.objects.filter(kind="phase-starts").exists()
    run(DAY, today=DAY + 2 * ONE_DAY, replay=True)
    assert Message.objects.get(kind="phase-starts").replay
