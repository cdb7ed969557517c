"""Who may know of what: the rule and its list agree for every role, and the organisation is the one of that time."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from cohorts import rules
from cohorts.models import Associate, Cohort
from cohorts.queries import associates, cohorts
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.people import EmploymentFactory, OrganisationFactory, RoleFactory

ROLES = [
    "manager",
    "administrator",
    "auditor",
    "coach",
    "lab_lead",
    "coordinator",
    "other_coordinator",
    "associate",
    "nobody",
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(associate, organisation, other_organisation):
    """A cohort of each status, with somebody from each of two organisations in it."""
    for status in Cohort.Status:
        cohort = CohortFactory(status=status)
        AssociateFactory(cohort=cohort, organisation=organisation)
        AssociateFactory(cohort=cohort, organisation=other_organisation)
    CohortFactory(status="planned")
    CohortFactory(status="cancelled")


@pytest.mark.parametrize("role", ROLES)
def test_rule_and_list_agree(world, person_as, role, today):
    user = person_as(role)
    for cohort in Cohort.objects.all():
        listed = cohorts.visible_to(user, today).filter(pk=cohort.pk).exists()
        assert bool(rules.may_view_cohort(user, cohort, today)) == listed
    for row in Associate.objects.all():
        listed = associates.visible_to(user, today).filter(pk=row.pk).exists()
        assert bool(rules.may_view_associate(user, row, today)) == listed


@pytest.mark.parametrize(
    ("role", "cohort_count", "associate_count"),
    [
        ("manager", 9, 13),
        ("administrator", 9, 13),
        ("auditor", 9, 13),
        ("coach", 9, 0),
        ("lab_lead", 9, 0),
        ("coordinator", 7, 7),
        ("other_coordinator", 7, 6),
        ("associate", 1, 1),
        ("nobody", 0, 0),
    ],
)
def test_what_each_role_sees(world, person_as, role, today, cohort_count, associate_count):
    user = person_as(role)
    assert cohorts.visible_to(user, today).count() == cohort_count
    assert associates.visible_to(user, today).count() == associate_count


def test_a_visitor_sees_nothing(world, today):
    assert not cohorts.visible_to(AnonymousUser(), today).exists()
    assert not associates.visible_to(AnonymousUser(), today).exists()


def test_a_coordinator_hears_of_a_planned_cohort_only_with_own_people(coordinator, organisation, today):
    cohort = CohortFactory(status="planned")
    assert not cohorts.visible_to(coordinator, today).exists()
    AssociateFactory(cohort=cohort, organisation=organisation)
    assert cohorts.visible_to(coordinator, today).get() == cohort


def test_who_changes_employer_later_stays_the_old_organisation_s_in_the_old_cohort(today):
    old, new = OrganisationFactory(), OrganisationFactory()
    cohort = CohortFactory(starts_on=date(2021, 5, 4), status="finished")
    row = AssociateFactory(cohort=cohort, status="completed")
    EmploymentFactory(person=row.person, organisation=old, until=date(2022, 1, 1))
    EmploymentFactory(person=row.person, organisation=new, starts_on=date(2022, 1, 1))
    assert associates.visible_to(RoleFactory(kind="coordinator", organisation=old).person, today).get() == row
    assert not associates.visible_to(RoleFactory(kind="coordinator", organisation=new).person, today).exists()


def test_who_changes_employer_during_the_cohort_is_the_new_organisation_s_from_that_day():
    old, new = OrganisationFactory(), OrganisationFactory()
    cohort = CohortFactory(starts_on=date(2021, 5, 4), status="running")
    row = AssociateFactory(cohort=cohort, status="active")
    EmploymentFactory(person=row.person, organisation=old, until=date(2021, 7, 1))
    EmploymentFactory(person=row.person, organisation=new, starts_on=date(2021, 7, 1))
    for day, organisation in ((date(2021, 6, 30), old), (date(2021, 7, 1), new), (date(2025, 7, 1), new)):
        found = associates.with_organisation(Associate.objects.all(), day).get()
        assert found.organisation_id_then == organisation.pk


def test_who_left_the_employer_and_the_programme_counts_where_the_place_was():
    old, new = OrganisationFactory(), OrganisationFactory()
    cohort = CohortFactory(starts_on=date(2021, 5, 4), status="running")
    left_on = date(2021, 7, 1)
    row = AssociateFactory(cohort=cohort, status="withdrawn", moves=[("withdrawn", left_on)])
    EmploymentFactory(person=row.person, organisation=old, until=left_on)
    EmploymentFactory(person=row.person, organisation=new, starts_on=left_on)
    found = associates.with_organisation(Associate.objects.all(), left_on + timedelta(days=90)).get()
    assert found.organisation_id_then == old.pk


def test_status_that_day_follows_the_dated_moves():
    cohort = CohortFactory(starts_on=date(2021, 5, 4), status="running")
    AssociateFactory(cohort=cohort, status="withdrawn", moves=[("withdrawn", date(2021, 8, 2))])
    for day, status in (
        (date(2021, 4, 5), None),
        (date(2021, 4, 6), "enrolled"),
        (date(2021, 5, 4), "active"),
        (date(2021, 8, 1), "active"),
        (date(2021, 8, 2), "withdrawn"),
    ):
        assert associates.with_status_on(Associate.objects.all(), day).get().status_that_day == status
