"""Enrolling one person, and the dated changes of status."""

from datetime import date, timedelta

import pytest

from cohorts.enums import AssociateStatus
from cohorts.models import Associate
from cohorts.services.associates import (
    complete_associate,
    enrol_associate,
    pause_associate,
    resume_associate,
    start_associate,
    start_everyone,
    withdraw_associate,
)
from core.models import AuditEvent
from core.verdicts import NotAllowed
from messaging.models import Message
from people.models import User
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.people import EmailAddressFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

ENDS = ("paused", "completed", "withdrawn")


def enrol(cohort, by, today, **values):
    return enrol_associate(
        **{
            "cohort": cohort,
            "name": "Mari Qew",
            "email": "mari.qew@qarth.example",
            "organisation": OrganisationFactory(),
            "by": by,
            "today": today,
            **values,
        }
    )


@pytest.fixture
def cohort():
    return CohortFactory(starts_on=date(2026, 3, 2), capacity=3)


def test_enrolling_makes_person_employment_place_history_audit_and_mail(manager, cohort, organisation, today):
    row = enrol(cohort, manager, today, organisation=organisation, job_title="Officer", language="cy")
    assert (row.status, row.enrolled_on) == ("enrolled", today)
    assert (row.person.language, row.person.name) == ("cy", "Mari Qew")
    spell = row.person.employments.get()
    assert (spell.organisation, spell.job_title, spell.starts_on) == (organisation, "Officer", today)
    assert [move.to_status for move in row.moves.all()] == ["enrolled"]
    assert AuditEvent.objects.filter(event="associate.enrolled", by_ref=manager.reference).count() == 1
    assert Message.objects.get(kind="associate-enrolled").address == "mari.qew@qarth.example"


@pytest.mark.parametrize("again", ["mari.qew@qarth.example", "MARI.QEW@qarth.example", " Mari.Qew@Qarth.example "])
def test_a_person_enrolled_twice_gives_one_row_and_one_mail(manager, cohort, today, again):
    first = enrol(cohort, manager, today)
    assert enrol(cohort, manager, today, name="M. Qew", email=again) == first
    assert Associate.objects.count() == 1
    assert Message.objects.filter(kind="associate-enrolled").count() == 1
    assert User.objects.get(pk=first.person_id).name == "Mari Qew"


def test_a_person_is_found_by_a_further_address(manager, cohort, today):
    first = enrol(cohort, manager, today)
    EmailAddressFactory(user=first.person, email="mari@home.example", primary=False)
    assert enrol(cohort, manager, today, email="mari@home.example") == first


def test_a_full_cohort_refuses_with_the_number_and_still_knows_who_is_in(manager, cohort, today):
    there = enrol(cohort, manager, today)
    AssociateFactory(cohort=cohort)
    AssociateFactory(cohort=cohort)
    with pytest.raises(NotAllowed, match=r"Every place in this cohort is taken\. Places: 3"):
        enrol(cohort, manager, today, email="one.more@qarth.example")
    assert enrol(cohort, manager, today) == there
    assert not User.objects.filter(email="one.more@qarth.example").exists()


def test_a_place_is_free_again_when_somebody_never_started_and_only_then(manager, cohort, today):
    rows = [AssociateFactory(cohort=cohort, enrolled_on=today) for _unused in range(3)]
    start_associate(associate=rows[0], on=today, by=manager, today=today)
    for row in rows[:2]:
        withdraw_associate(associate=row, reason="workload", on=today, by=manager, today=today)
    assert [Associate.objects.get(pk=row.pk).status for row in rows] == ["withdrawn", "did_not_start", "enrolled"]
    enrol(cohort, manager, today)
    with pytest.raises(NotAllowed, match="Every place"):
        enrol(cohort, manager, today, email="one.more@qarth.example")


@pytest.mark.parametrize("status", ["finished", "cancelled"])
def test_nobody_joins_a_cohort_that_is_over(manager, today, status):
    with pytest.raises(NotAllowed, match="is over"):
        enrol(CohortFactory(status=status), manager, today)


@pytest.mark.parametrize("role", ["coordinator", "coach", "lab_lead", "auditor", "associate", "nobody"])
def test_only_the_programme_team_enrols(person_as, cohort, role, today):
    with pytest.raises(NotAllowed, match="programme team"):
        enrol(cohort, person_as(role), today)


def test_nobody_decides_on_themselves(manager, cohort, today):
    with pytest.raises(NotAllowed, match="themselves"):
        enrol(cohort, manager, today, email=manager.email.upper())
    own = AssociateFactory(cohort=cohort, person=manager)
    with pytest.raises(NotAllowed, match="themselves"):
        start_associate(associate=own, on=today, by=manager, today=today)


def test_the_way_through_with_dates(manager, cohort, today):
    row = AssociateFactory(cohort=cohort, enrolled_on=date(2026, 2, 2))
    start_associate(associate=row, on=date(2026, 3, 2), by=manager, today=today)
    pause_associate(associate=row, on=date(2026, 3, 5), note="Flood duty", by=manager, today=today)
    resume_associate(associate=row, on=date(2026, 3, 9), by=manager, today=today)
    complete_associate(associate=row, on=today, by=manager, today=today)
    assert [(move.to_status, move.effective_on) for move in row.moves.all()] == [
        ("enrolled", date(2026, 2, 2)),
        ("active", date(2026, 3, 2)),
        ("paused", date(2026, 3, 5)),
        ("active", date(2026, 3, 9)),
        ("completed", today),
    ]
    events = AuditEvent.objects.filter(event__startswith="associate.").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["associate.started", "associate.paused", "associate.resumed", "associate.completed"]
    assert "Flood" not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_leaving_keeps_reason_note_and_day(manager, cohort, today):
    row = AssociateFactory(cohort=cohort, status="active")
    withdraw_associate(associate=row, reason="left_employer", on=today, note="New post", by=manager, today=today)
    last = row.moves.last()
    assert (last.to_status, last.reason, last.note, last.effective_on, last.by) == (
        "withdrawn",
        "left_employer",
        "New post",
        today,
        manager,
    )
    with pytest.raises(ValueError, match="unknown"):
        withdraw_associate(associate=row, reason="unknown", on=today, by=manager, today=today)


def test_a_change_lies_neither_in_the_future_nor_before_the_one_before(manager, cohort, today):
    row = AssociateFactory(cohort=cohort, status="active", moves=[("active", date(2026, 3, 4))])
    with pytest.raises(NotAllowed, match="in the future"):
        complete_associate(associate=row, on=today + timedelta(days=1), by=manager, today=today)
    with pytest.raises(NotAllowed, match="4 March 2026"):
        complete_associate(associate=row, on=date(2026, 3, 3), by=manager, today=today)


@pytest.mark.parametrize("status", AssociateStatus.values)
def test_every_verb_obeys_the_table(manager, cohort, today, status):
    verbs = {
        "active": lambda row: start_associate(associate=row, on=today, by=manager, today=today),
        "paused": lambda row: pause_associate(associate=row, on=today, by=manager, today=today),
        "completed": lambda row: complete_associate(associate=row, on=today, by=manager, today=today),
        "withdrawn": lambda row: withdraw_associate(associate=row, reason="health", on=today, by=manager, today=today),
    }
    cohort.capacity = 20
    cohort.save()
    for to, verb in verbs.items():
        row = AssociateFactory(cohort=cohort, status=status, moves=[(s, today) for s in ENDS])
        if to == "withdrawn" and status == "enrolled":
            to = "did_not_start"
        if to in AssociateStatus.moves()[AssociateStatus(status)]:
            assert verb(row).status == to
        else:
            with pytest.raises(NotAllowed):
                verb(row)


def test_nobody_takes_part_before_the_first_day(manager, today):
    row = AssociateFactory(cohort=CohortFactory(starts_on=date(2026, 4, 13)))
    with pytest.raises(NotAllowed, match="13 April 2026"):
        start_associate(associate=row, on=today, by=manager, today=today)


def test_everyone_starts_at_once_except_oneself(manager, cohort, today):
    AssociateFactory(cohort=cohort)
    late = AssociateFactory(cohort=cohort, enrolled_on=date(2026, 3, 5))
    AssociateFactory(cohort=cohort, person=manager)
    assert start_everyone(cohort=cohort, on=date(2026, 3, 2), by=manager, today=today) == 2
    assert late.moves.last().effective_on == date(2026, 3, 5)
    assert start_everyone(cohort=cohort, on=date(2026, 3, 2), by=manager, today=today) == 0


def test_known_people_keep_their_name_and_language(manager, cohort, today):
    known = UserFactory(name="Non Qant", email="non@qarth.example", language="en")
    row = enrol(cohort, manager, today, name="N. Qant", email="NON@qarth.example", language="cy")
    known.refresh_from_db()
    assert (row.person, known.name, known.language) == (known, "Non Qant", "en")
