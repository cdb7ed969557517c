"""Rules as tables: who may, and the sentence when not."""

from datetime import date

import pytest

from cohorts import rules
from tests.factories.cohorts import AssociateFactory, CohortFactory

pytestmark = pytest.mark.django_db

TEAM = {"manager", "administrator"}
ROLES = ["manager", "administrator", "auditor", "coach", "lab_lead", "coordinator", "associate", "nobody"]


@pytest.mark.parametrize("role", ROLES)
def test_setting_up_and_keeping_cohorts_is_the_team_s(person_as, role, today):
    user, cohort = person_as(role), CohortFactory(starts_on=date(2026, 9, 7))
    enrolled = AssociateFactory(cohort=cohort)
    verdicts = [
        rules.may_create_cohort(user, today),
        rules.may_change_dates(user, cohort, today),
        rules.may_change_details(user, cohort, today),
        rules.may_enrol(user, cohort, today),
        rules.may_open_recruitment(user, cohort, today),
        rules.may_cancel_cohort(user, cohort, today),
        rules.may_record(user, enrolled, rules.leaving_status(enrolled), today),
    ]
    assert {bool(verdict) for verdict in verdicts} == {role in TEAM}
    if role not in TEAM:
        assert {str(verdict.reason) for verdict in verdicts} == {"Only the programme team can do this."}


@pytest.mark.parametrize("role", ROLES)
def test_the_programme_is_the_manager_s(person_as, role, today):
    verdict = rules.may_edit_programme(person_as(role), today)
    assert bool(verdict) is (role == "manager")


def test_the_system_may(today, db):
    cohort = CohortFactory(starts_on=date(2026, 9, 7))
    assert rules.may_create_cohort(None, today)
    assert rules.may_enrol(None, cohort, today)
    assert rules.may_edit_programme(None, today)


@pytest.mark.parametrize(
    ("status", "dates", "enrol", "recruit", "start", "finish", "cancel"),
    [
        ("planned", True, True, True, False, False, True),
        ("recruiting", True, True, False, False, False, True),
        ("selecting", True, True, True, False, False, True),
        ("running", True, True, False, False, False, False),
        ("finished", False, False, False, False, False, False),
        ("cancelled", False, False, False, False, False, False),
    ],
)
def test_what_each_status_allows_before_the_first_day(today, status, dates, enrol, recruit, start, finish, cancel):
    cohort = CohortFactory(starts_on=date(2026, 9, 7), status=status)
    AssociateFactory(cohort=cohort)
    given = (
        rules.may_change_dates(None, cohort, today),
        rules.may_enrol(None, cohort, today),
        rules.may_open_recruitment(None, cohort, today),
        rules.may_start_cohort(None, cohort, today),
        rules.may_finish_cohort(None, cohort, today),
        rules.may_cancel_cohort(None, cohort, today),
    )
    assert tuple(map(bool, given)) == (dates, enrol, recruit, start, finish, cancel)
    assert all(verdict.reason for verdict in given if not verdict)


@pytest.mark.parametrize(
    ("today", "allowed"), [(date(2026, 9, 6), False), (date(2026, 9, 7), True), (date(2026, 9, 8), True)]
)
def test_a_cohort_starts_on_its_first_day_and_not_before(today, allowed):
    cohort = CohortFactory(starts_on=date(2026, 9, 7))
    AssociateFactory(cohort=cohort)
    assert bool(rules.may_start_cohort(None, cohort, today)) is allowed


@pytest.mark.parametrize(("today", "allowed"), [(date(2026, 7, 5), True), (date(2026, 7, 6), False)])
def test_nobody_joins_after_the_last_day(today, allowed):
    assert bool(rules.may_enrol(None, CohortFactory(status="running"), today)) is allowed
