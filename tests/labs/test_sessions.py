"""Planning, moving and cancelling sessions, and what stands against a day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from core.clock import LONDON
from core.models import AuditEvent
from core.verdicts import NotAllowed
from labs.enums import ClashKind, SessionStatus
from labs.models import Session
from labs.queries.sessions import Planned, clashes, invited_to, sequence_of, visible_to
from labs.services.sessions import SessionText, cancel_session, move_session, plan_series, plan_session
from tests.conftest import with_role
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.labs import LabRunFactory, MembershipFactory, RunLeadFactory, SessionFactory, SessionLeadFactory
from tests.factories.people import EmploymentFactory

pytestmark = pytest.mark.django_db

WORDS = SessionText("Data in practice", "Data ar waith", place_en="Qarth house", place_cy="Tŷ Qarth")
TUESDAY = date(2026, 3, 17)
TEN, NOON = time(10), time(12)


@pytest.fixture
def cohort():
    return CohortFactory(starts_on=date(2026, 1, 6), status="running")


def planned(cohort, manager, today, **more):
    values = {"words": WORDS, "on": TUESDAY, "starts": TEN, "ends": NOON, **more}
    return plan_session(cohort=cohort, by=manager, today=today, **values)


def test_a_session_is_planned_at_the_time_on_the_wall(cohort, manager, today):
    session = planned(cohort, manager, today)
    assert session.starts_at.astimezone(LONDON).time() == TEN
    assert (session.status, sequence_of(session), session.day) == (SessionStatus.PLANNED, 0, TUESDAY)
    assert session.moves.get().to_status == SessionStatus.PLANNED
    assert AuditEvent.objects.filter(event="session.planned").count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"starts": NOON, "ends": TEN}, "ends"),
        ({"starts": TEN, "ends": TEN}, "ends"),
        ({"words": SessionText("Only English", "", place_en="a", place_cy="b")}, "title_en"),
        ({"words": SessionText("Where", "Ble")}, "place_en"),
        ({"words": SessionText("Where", "Ble", mode="online")}, "link"),
        ({"on": date(2026, 3, 29), "starts": time(1, 30), "ends": time(3)}, "starts"),
    ],
)
def test_what_cannot_be_is_refused_per_field(cohort, manager, today, more, field):
    with pytest.raises(ValidationError) as refusal:
        planned(cohort, manager, today, **more)
    assert field in refusal.value.message_dict
    assert not Session.objects.exists()


def test_a_series_keeps_its_time_over_both_clock_changes_and_leaves_bank_holidays_out(manager, today):
    cohort = CohortFactory(starts_on=date(2026, 1, 5), status="running")
    rows = plan_series(
        cohort=cohort,
        words=WORDS,
        first=date(2026, 3, 23),
        until=date(2026, 11, 10),
        starts=TEN,
        ends=NOON,
        by=manager,
        today=today,
    )
    days = [row.day for row in rows]
    assert {row.starts_at.astimezone(LONDON).time() for row in rows} == {TEN}
    assert {row.starts_at.astimezone(UTC).hour for row in rows} == {9, 10}
    assert {day.weekday() for day in days} == {0}
    # Easter Monday, the two of May and the one of August 2026 are Mondays.
    assert {date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31)} & set(days) == set()
    assert len(days) == 34 - 4
    assert len({row.series_id for row in rows}) == 1


def test_moving_says_why_once_and_raises_the_sequence(cohort, manager, today):
    session = planned(cohort, manager, today)
    later = {"session": session, "on": TUESDAY + timedelta(days=1), "starts": TEN, "ends": NOON}
    with pytest.raises(ValidationError):
        move_session(**later, reason=" ", by=manager, today=today)
    moved = move_session(**later, reason="The room is taken.", by=manager, today=today)
    again = move_session(**later, reason="The room is taken.", by=manager, today=today)
    assert (sequence_of(moved), sequence_of(again), again.day) == (1, 1, TUESDAY + timedelta(days=1))
    assert AuditEvent.objects.filter(event="session.moved").count() == 1


def test_what_has_begun_or_was_cancelled_stays(cohort, manager, today):
    begun = planned(cohort, manager, today, on=today, starts=time(9, 59), ends=NOON)
    with pytest.raises(NotAllowed, match="has begun"):
        cancel_session(session=begun, reason="Too late", by=manager, today=today)
    ahead = planned(cohort, manager, today)
    gone = cancel_session(session=ahead, reason="The tutor is ill.", by=manager, today=today)
    assert (gone.status, sequence_of(gone)) == (SessionStatus.CANCELLED, 1)
    with pytest.raises(NotAllowed, match="has been cancelled"):
        move_session(session=gone, on=TUESDAY, starts=TEN, ends=time(13), reason="No", by=manager, today=today)


def test_a_lead_plans_for_the_own_lab_only(cohort, today):
    run, other = LabRunFactory(cohort=cohort), LabRunFactory(cohort=cohort)
    lead = with_role("lab_lead", "Gwen Qadwr").person
    RunLeadFactory(run=run, person=lead)
    assert planned(cohort, lead, today, run=run)
    for not_theirs in (other, None):
        with pytest.raises(NotAllowed):
            planned(cohort, lead, today, run=not_theirs)


def test_the_database_refuses_a_session_that_ends_on_another_day_or_before_it_starts():
    session = SessionFactory()
    for change in (
        {"ends_at": F("starts_at")},
        {"ends_at": datetime(2026, 3, 18, 0, 30, tzinfo=LONDON)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Session.objects.filter(pk=session.pk).update(**change)
    # Midnight in London is eleven at night in UTC: still one day.
    Session.objects.filter(pk=session.pk).update(
        starts_at=datetime(2026, 6, 16, 0, 15, tzinfo=LONDON), ends_at=datetime(2026, 6, 16, 2, tzinfo=LONDON)
    )


def test_an_associate_sees_the_cohorts_sessions_and_those_of_the_own_lab(cohort, today):
    run, other = LabRunFactory(cohort=cohort), LabRunFactory(cohort=cohort)
    associate = AssociateFactory(cohort=cohort, status="active")
    MembershipFactory(run=run, associate=associate)
    own = {SessionFactory(cohort=cohort).pk, SessionFactory(cohort=cohort, run=run).pk}
    SessionFactory(cohort=cohort, run=other)
    SessionFactory()
    assert set(visible_to(associate.person, today).values_list("pk", flat=True)) == own
    assert [one.pk for one in invited_to(Session.objects.get(run=run))] == [associate.pk]
    assert not invited_to(Session.objects.get(run=other)).exists()


def test_clashes_say_what_and_who(cohort, today):
    run = LabRunFactory(cohort=cohort)
    busy = AssociateFactory(cohort=cohort, status="active", person__name="Busy Qarth")
    MembershipFactory(run=run, associate=busy)
    EmploymentFactory(person=busy.person, working_days=[1, 3])
    there = SessionFactory(cohort=cohort, run=run)
    lead = SessionLeadFactory(session=there).person
    plan = Planned(
        cohort=cohort,
        run=None,
        starts_at=there.starts_at + timedelta(minutes=90),
        ends_at=there.ends_at + timedelta(hours=1),
        lead_ids=frozenset({lead.pk}),
        place_en="Qarth house",
    )
    (found,) = clashes([plan])
    assert {clash.kind: clash.detail for clash in found} == {
        ClashKind.NOT_WORKING: "Busy Qarth",
        ClashKind.LEAD: lead.name,
        ClashKind.PEOPLE: "Busy Qarth",
        ClashKind.PLACE: "Qarth house",
    }
    assert clashes([Planned.of(there)]) == [[found[0]]]
    good_friday = Planned(cohort, None, *(at.replace(month=4, day=3) for at in (there.starts_at, there.ends_at)))
    assert next((clash.kind, clash.detail) for clash in clashes([good_friday])[0]) == (
        ClashKind.DAY_OFF,
        "Good Friday",
    )


def test_clashes_of_many_cost_as_many_queries_as_of_one(cohort):
    def cost(count):
        plans = [
            Planned(cohort, None, start, start + timedelta(hours=1))
            for start in (datetime(2026, 3, 17 + n, 10, tzinfo=LONDON) for n in range(count))
        ]
        with CaptureQueriesContext(connection) as caught:
            clashes(plans)
        return len(caught)

    for _more in range(3):
        AssociateFactory(cohort=cohort, status="active")
        SessionLeadFactory(session__cohort=cohort)
    assert cost(1) == cost(14)
