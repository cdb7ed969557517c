"""Recruitment closes soon: when a rule says that an organisation has done enough."""

from datetime import timedelta

import pytest

from nominations.reminders import recruitment_closes_soon
from tests.conftest import TODAY
from tests.factories.cohorts import CohortFactory
from tests.factories.messaging import MessageRuleFactory
from tests.factories.nominations import NominationFactory, PlacesFactory
from tests.reminding import mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(organisation, coordinator, today):
    # The last day of recruitment is Wednesday 18 March, five working days from today.
    made = CohortFactory(
        status="recruiting",
        starts_on=TODAY + timedelta(weeks=20),
        recruitment_opens_on=TODAY - timedelta(weeks=4),
        recruitment_until=TODAY + timedelta(days=8),
    )
    PlacesFactory(cohort=made, organisation=organisation, indicative=2)
    return made


@pytest.mark.parametrize(
    ("stop", "after"),
    [("enough", [True, True, False, False]), ("somebody", [True, False, False, False]), ("no-nominees", [True] * 3)],
)
def test_when_it_stops(cohort, organisation, stop, after):
    """After none, one and two nominations of two asked for, and after “no nominees this time”."""
    MessageRuleFactory(kind="recruitment-closes-soon", offsets=[-5], audience="coordinators", stop=stop)
    found = []
    for _nominations in range(3):
        found.append(bool(mails(recruitment_closes_soon, TODAY)))
        NominationFactory(cohort=cohort, organisation=organisation)
    assert found == after[:3]


@pytest.mark.parametrize("stop", ["enough", "somebody", "no-nominees"])
def test_no_nominees_this_time_stops_it_under_every_rule(cohort, organisation, coordinator, stop):
    MessageRuleFactory(kind="recruitment-closes-soon", offsets=[-5], audience="coordinators", stop=stop)
    cohort.places.update(no_nominees_on=TODAY, no_nominees_by=coordinator)
    assert mails(recruitment_closes_soon, TODAY) == []


def test_without_a_rule_it_stops_when_enough_people_are_put_forward(cohort, organisation):
    for _n in range(2):
        assert len(mails(recruitment_closes_soon, TODAY)) == 1
        NominationFactory(cohort=cohort, organisation=organisation)
    assert mails(recruitment_closes_soon, TODAY) == []
