"""Creating cohorts and changing their dates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import Cohort
from cohorts.queries.phases import as_planned, plan_phases, stamp
from cohorts.services.cohorts import (
    cancel_cohort,
    change_dates,
    change_details,
    create_cohort,
    finish_cohort,
    open_recruitment,
    start_cohort,
)
from core.models import AuditEvent
from core.verdicts import NotAllowed
from messaging import outbox
from messaging.models import Message
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 9, 7)


def create(by, today, **values):
    programme = ProgrammeFactory()
    starts_on = values.get("starts_on", MONDAY)
    return create_cohort(
        **{
            "programme": programme,
            "name_en": "Cohort Qeven",
            "name_cy": "Carfan Qaith",
            "starts_on": starts_on,
            "capacity": 20,
            "phases": plan_phases(programme, starts_on),
            "by": by,
            "today": today,
            **values,
        }
    )


def change(cohort, phases, by, today, **values):
    return change_dates(
        **{
            "cohort": cohort,
            "phases": phases,
            "recruitment_opens_on": cohort.recruitment_opens_on,
            "recruitment_until": cohort.recruitment_until,
            "seen": stamp(cohort),
            "by": by,
            "today": today,
            **values,
        }
    )


def shifted(cohort, days, first=0):
    """The cohort's phases, those from number `first` on moved by so many days (and the one before stretched)."""
    plan = as_planned(cohort)
    by = timedelta(days=days)
    moved = [
        replace(p, starts_on=p.starts_on + by, until=p.until + by) if n >= first else p for n, p in enumerate(plan)
    ]
    if first:
        moved[first - 1] = replace(moved[first - 1], until=moved[first].starts_on)
    return moved


# --- create_cohort --------------------------------------------------------------------------------------------------


def test_a_cohort_comes_with_its_phases_its_history_its_audit_row_and_its_mail(manager, administrator, today):
    cohort = create(manager, today)
    assert (cohort.slug, cohort.starts_on, cohort.until) == ("qeven", MONDAY, MONDAY + timedelta(weeks=26))
    assert [phase.kind for phase in cohort.phases.order_by("starts_on")] == [
        "inspire",
        "learn_and_activate",
        "learn_and_explore",
        "experiment",
        "celebration",
    ]
    assert cohort.moves.get().to_status == "planned"
    event = AuditEvent.objects.get(event="cohort.created")
    assert (event.by_ref, event.details["places"]) == (manager.reference, 20)
    told = Message.objects.filter(kind="cohort-created")
    assert {message.address for message in told} == {manager.email, administrator.email}


@pytest.mark.parametrize("role", ["coordinator", "coach", "lab_lead", "auditor", "associate", "nobody"])
def test_nobody_else_creates_one(person_as, role, today):
    with pytest.raises(NotAllowed, match="programme team"):
        create(person_as(role), today)
    assert not Cohort.objects.filter(slug="qeven").exists()


@pytest.mark.parametrize(
    ("name_en", "name_cy", "fields"),
    [
        ("Cohort Qix", "Carfan arall", {"name_en"}),
        ("  cohort   QIX ", "Carfan arall", {"name_en"}),
        ("CohortQix", "Carfan arall", {"name_en"}),
        ("Another", "carfan qhwech", {"name_cy"}),
        ("Carfan Qhwech", "Carfan arall", {"name_en"}),
        ("Cohort Qix", "Carfan Qhwech", {"name_en", "name_cy"}),
    ],
)
def test_two_cohorts_of_one_name_are_refused_at_the_field(manager, today, name_en, name_cy, fields):
    CohortFactory(name_en="Cohort Qix", name_cy="Carfan Qhwech")
    with pytest.raises(ValidationError) as refusal:
        create(manager, today, name_en=name_en, name_cy=name_cy)
    assert set(refusal.value.message_dict) == fields


def test_one_name_in_both_languages_is_allowed(manager, today):
    assert create(manager, today, name_en="Qix", name_cy="Qix").name_cy == "Qix"


def test_spaces_in_a_name_are_put_right(manager, today):
    assert create(manager, today, name_en="  Cohort   Qeven ").name_en == "Cohort Qeven"


@pytest.mark.parametrize("starts_on", [date(2026, 8, 31), date(2026, 9, 5)])  # a bank holiday, a Saturday
def test_a_start_on_a_day_off_needs_a_reason_and_keeps_it(manager, today, starts_on):
    with pytest.raises(ValidationError) as refusal:
        create(manager, today, starts_on=starts_on)
    assert set(refusal.value.message_dict) == {"unusual_start_reason"}
    create(manager, today, starts_on=starts_on, unusual_start_reason="A weekend retreat.")
    details = AuditEvent.objects.get(event="cohort.created").details
    assert details["reason"] == "A weekend retreat."
    assert details["unusual_start"]


def test_phases_that_overlap_or_end_before_they_start_are_refused(manager, today):
    phases = plan_phases(ProgrammeFactory(), MONDAY)
    for wrong in (
        replace(phases[1], starts_on=phases[1].starts_on - timedelta(days=1)),
        replace(phases[1], until=phases[1].starts_on),
    ):
        with pytest.raises(ValidationError):
            create(manager, today, phases=[phases[0], wrong, *phases[2:]])


def test_a_gap_between_phases_is_allowed(manager, today):
    phases = plan_phases(ProgrammeFactory(), MONDAY)
    phases[3] = replace(phases[3], starts_on=phases[3].starts_on + timedelta(days=7))
    assert create(manager, today, phases=phases).phases.get(kind="experiment").starts_on == phases[3].starts_on


@pytest.mark.parametrize(
    ("opens_on", "until", "field"),
    [
        (None, date(2026, 6, 1), "recruitment_opens_on"),
        (date(2026, 6, 1), date(2026, 6, 1), "recruitment_until"),
        (date(2026, 6, 1), date(2026, 9, 8), "recruitment_until"),
    ],
)
def test_recruitment_lies_in_order_and_before_the_first_day(manager, today, opens_on, until, field):
    with pytest.raises(ValidationError) as refusal:
        create(manager, today, recruitment_opens_on=opens_on, recruitment_until=until)
    assert set(refusal.value.message_dict) == {field}


def test_addresses_are_words_that_no_page_and_no_other_cohort_has(manager, today):
    assert create(manager, today, name_en="Cohort New", name_cy="Carfan Newydd").slug == "new-2"
    assert create(manager, today, name_en="New!", name_cy="Newydd!").slug == "new-3"
    assert create(manager, today, name_en="第七", name_cy="Saith").slug == "cohort"


def test_the_system_creates_cohorts_for_the_demo(today, db):
    assert create(None, today, slug="alpha", order=7).order == 7


# --- change_dates ---------------------------------------------------------------------------------------------------


def test_new_dates_are_kept_audited_and_told_to_those_who_still_take_part(manager, today):
    cohort = CohortFactory(status="running")
    active = AssociateFactory(cohort=cohort, status="active")
    AssociateFactory(cohort=cohort, status="withdrawn", moves=[("withdrawn", today)])
    change(cohort, shifted(cohort, 7, first=3), manager, today)
    cohort.refresh_from_db()
    assert cohort.until == date(2026, 1, 5) + timedelta(weeks=27)
    event = AuditEvent.objects.get(event="cohort.dates_changed")
    assert event.details["before"] != event.details["after"]
    assert Message.objects.get(kind="dates-changed").address == active.person.email


def test_nothing_changed_is_nothing_written(manager, today):
    cohort = CohortFactory(status="running")
    AssociateFactory(cohort=cohort, status="active")
    change(cohort, as_planned(cohort), manager, today)
    assert not AuditEvent.objects.exists()
    assert not Message.objects.exists()


def test_the_second_of_two_managers_sees_that_it_changed_and_nothing_is_lost(manager, administrator, today):
    cohort = CohortFactory(status="running")
    both_saw = stamp(cohort)
    change(cohort, shifted(cohort, 7, first=3), manager, today, seen=both_saw)
    with pytest.raises(ValidationError, match="Somebody else changed"):
        change(Cohort.objects.get(pk=cohort.pk), shifted(cohort, 14, first=3), administrator, today, seen=both_saw)
    assert Cohort.objects.get(pk=cohort.pk).until == date(2026, 1, 5) + timedelta(weeks=27)


def test_a_date_that_has_passed_changes_with_a_reason_only(manager, today):
    cohort = CohortFactory(status="running")
    with pytest.raises(ValidationError) as refusal:
        change(cohort, shifted(cohort, -7, first=2), manager, today)  # Learn and Explore has begun
    assert set(refusal.value.message_dict) == {"reason"}
    change(cohort, shifted(cohort, -7, first=2), manager, today, reason="The first date was typed wrongly.")
    assert AuditEvent.objects.get(event="cohort.dates_changed").details["reason"]


def test_the_dates_of_a_finished_cohort_stay(manager, today):
    cohort = CohortFactory(status="finished")
    with pytest.raises(NotAllowed, match="is over"):
        change(cohort, shifted(cohort, 7), manager, today)


def test_details_change_and_places_never_go_below_those_taken(manager, today):
    cohort = CohortFactory()
    AssociateFactory(cohort=cohort)
    AssociateFactory(cohort=cohort)
    change_details(cohort=cohort, name_en="Qix", name_cy="Chwech", capacity=2, by=manager, today=today)
    with pytest.raises(ValidationError) as refusal:
        change_details(cohort=cohort, name_en="Qix", name_cy="Chwech", capacity=1, by=manager, today=today)
    assert set(refusal.value.message_dict) == {"capacity"}
    cohort.refresh_from_db()
    assert (cohort.name_en, cohort.capacity) == ("Qix", 2)


# --- The life of a cohort -------------------------------------------------------------------------------------------


def test_recruitment_opens_and_every_coordinator_hears(manager, coordinator, other_coordinator, today):
    cohort = open_recruitment(cohort=CohortFactory(starts_on=MONDAY), by=manager, today=today)
    assert cohort.status == "recruiting"
    told = Message.objects.filter(kind="recruitment-opened")
    assert {message.address for message in told} == {coordinator.email, other_coordinator.email}


def test_recruitment_does_not_open_after_the_first_day(manager, today):
    with pytest.raises(NotAllowed, match="first day has passed"):
        open_recruitment(cohort=CohortFactory(), by=manager, today=today)


def test_a_cohort_starts_on_its_day_with_somebody_in_it_and_finishes_when_all_is_known(manager, today):
    cohort = CohortFactory()
    with pytest.raises(NotAllowed, match="has not come"):
        start_cohort(cohort=cohort, by=manager, today=date(2026, 1, 4))
    with pytest.raises(NotAllowed, match="Nobody is enrolled"):
        start_cohort(cohort=cohort, by=manager, today=today)
    associate = AssociateFactory(cohort=cohort, status="active")
    start_cohort(cohort=cohort, by=manager, today=today)
    with pytest.raises(NotAllowed, match="not passed yet"):
        finish_cohort(cohort=cohort, by=manager, today=today)
    after = date(2026, 7, 6)
    with pytest.raises(NotAllowed, match="Still open: 1"):
        finish_cohort(cohort=cohort, by=manager, today=after)
    type(associate).objects.update(status="completed")
    finish_cohort(cohort=cohort, by=manager, today=after)
    assert [move.to_status for move in cohort.moves.all()][-2:] == ["running", "finished"]


def test_cancelling_keeps_the_reason(manager, today):
    cohort = cancel_cohort(cohort=CohortFactory(), reason="Too few people.", by=manager, today=today)
    assert cohort.moves.last().note == "Too few people."


def test_with_the_broker_away_the_cohort_and_its_mail_are_saved(
    manager, today, monkeypatch, django_capture_on_commit_callbacks
):
    tried = []

    def away(name, **_options):
        tried.append(name)
        raise ConnectionError("No broker.")

    monkeypatch.setattr(outbox, "_broker", {"away_until": 0.0})
    monkeypatch.setattr(outbox.current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        cohort = create(manager, today)
    assert tried
    assert Cohort.objects.filter(pk=cohort.pk).exists()
    assert Message.objects.get(kind="cohort-created").state == "queued"
