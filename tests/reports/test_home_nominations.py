"""What the home page says of recruitment and selection: to whom, and nothing about those too close."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from nominations.enums import NominationStatus
from nominations.models import Nomination
from reports.queries.home import home
from tests.factories.cohorts import CohortFactory
from tests.factories.nominations import (
    DecisionFactory,
    NominationFactory,
    NomineePartFactory,
    PlacesFactory,
    ReviewFactory,
)
from tests.factories.people import EmploymentFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 7)


@pytest.fixture
def cohort():
    """A cohort whose people are being chosen."""
    return CohortFactory(status="selecting", name_en="Qix", starts_on=SEPTEMBER, slug="qix")


@pytest.fixture
def team():
    """Two members of the programme team who have said a language."""
    return [RoleFactory(kind=kind, person__language="en").person for kind in ("manager", "administrator")]


def said(user, today):
    return {str(task.title): (task.url, str(task.hint)) for part in home(user, today) for task in part.tasks}


def nominated(cohort, status="complete", **more):
    return NominationFactory(cohort=cohort, status=status, answered=status != "invited", **more)


def test_the_team_hears_of_every_open_end_and_the_second_person_of_the_release(cohort, team, today):
    manager, administrator = team
    nominated(cohort)  # nobody reviews it
    scored, awaited, prepared = (nominated(cohort) for _number in range(3))
    for nomination, statuses in (
        (scored, ("submitted", "submitted", "recused")),
        (awaited, ("submitted", "assigned")),
        (prepared, ("submitted", "submitted")),
    ):
        for status in statuses:
            ReviewFactory(nomination=nomination, status=status)
    DecisionFactory(nomination=prepared, prepared_by=manager)
    open_ends = {
        "Qix: all scores are in; decide. Nominations: 1": ("/cohorts/qix/selection/", ""),
        "Qix: assign reviewers. Nominations: 1": ("/cohorts/qix/selection/panel/", ""),
    }
    second = "Qix: decisions that wait for a second person to release them: 1"
    assert said(manager, today) == open_ends | {second: ("/cohorts/qix/selection/", "")}
    release = {"Qix: release the decisions. Prepared: 1": ("/cohorts/qix/selection/release/", "")}
    assert said(administrator, today) == open_ends | release


def test_who_is_too_close_is_not_counted(cohort, team, today):
    manager, administrator = team
    nomination = nominated(cohort)
    EmploymentFactory(person=manager, organisation=nomination.organisation)
    assert said(manager, today) == {}
    assert list(said(administrator, today)) == ["Qix: assign reviewers. Nominations: 1"]


def test_a_colleagues_decision_is_released_unseen_but_never_ones_own_affair(cohort, team, today):
    manager, administrator = team
    decision = DecisionFactory(nomination=nominated(cohort), prepared_by=UserFactory())
    EmploymentFactory(person=manager, organisation=decision.nomination.organisation)
    release = ["Qix: release the decisions. Prepared: 1"]
    assert list(said(manager, today)) == list(said(administrator, today)) == release
    Nomination.objects.update(nominated_by=administrator)
    assert list(said(administrator, today)) == []
    assert list(said(manager, today)) == release


def test_the_number_of_queries_does_not_grow(cohort, team, today):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            home(team[0], today)
        return len(queries)

    nominated(cohort)
    asked()  # who is asked about is remembered for the day
    one = asked()
    for _number in range(4):
        ReviewFactory(nomination=nominated(cohort))
    assert asked() == one


def test_a_coordinator_hears_what_is_missing_of_their_own_organisation(coordinator, organisation, today, client_as):
    coordinator.language = "en"
    recruiting = CohortFactory(status="recruiting", name_en="Qix", starts_on=SEPTEMBER, slug="qix")
    PlacesFactory(cohort=recruiting, organisation=organisation, indicative=3)
    nominated(recruiting, "invited", organisation=organisation)
    nominated(recruiting, organisation=organisation)
    nominated(recruiting, "invited")
    tasks = said(coordinator, today)
    assert tasks == {
        "Qix: recruitment is open": ("/cohorts/qix/recruitment/", "Nominated: 2. Places: 3"),
        "Qix: nominee or line manager has not answered. Nominations: 1": (
            "/cohorts/qix/nominations/?status=invited",
            "",
        ),
    }
    shown = client_as(coordinator).get("/cohorts/qix/nominations/?status=invited").context["rows"]
    assert [row.status for row in shown] == ["invited"]


def test_who_said_none_this_time_is_left_alone(coordinator, organisation, today):
    coordinator.language = "en"
    recruiting = CohortFactory(status="recruiting", starts_on=SEPTEMBER)
    PlacesFactory(cohort=recruiting, organisation=organisation, no_nominees_on=today, no_nominees_by=coordinator)
    assert said(coordinator, today) == {}


def test_a_nominee_hears_until_when_the_answer_is_awaited(nobody, cohort, today):
    nobody.language = "en"
    nomination = nominated(cohort, "invited", person=nobody)
    nomination.moves.update(effective_on=today)
    assert said(nobody, today) == {
        "Qix: you have been put forward; say your part": (
            f"/answers/{nomination.reference}/nominee/",
            "It lapses on: 1 April 2026",
        )
    }
    NomineePartFactory(nomination=nomination)
    (part,) = home(nobody, today)
    (fact,) = part.facts
    assert (part.tasks, fact.title, str(fact.hint)) == ([], "Qix: your nomination", "Waiting for answers")


def test_a_nominee_hears_until_when_the_offer_stands(nobody, cohort, today):
    nobody.language = "en"
    nomination = nominated(cohort, "offered", person=nobody)
    DecisionFactory(
        nomination=nomination, answer_by=date(2026, 3, 20), released_at=clock.now(), released_by=UserFactory()
    )
    assert said(nobody, today) == {
        "Qix: you have been offered a place; answer": (
            f"/cohorts/qix/nominations/{nomination.reference}/offer/",
            "Answer by: 20 March 2026",
        )
    }


@pytest.mark.parametrize("status", sorted(set(NominationStatus) - NominationStatus.standing()))
def test_what_has_ended_is_not_on_the_page(nobody, cohort, today, status):
    nobody.language = "en"
    extra = {"merged_into": nominated(cohort)} if status == NominationStatus.MERGED else {}
    nominated(cohort, status, person=nobody, **extra)
    (part,) = home(nobody, today)
    assert (part.tasks, part.facts) == ([], [])
    assert part.intro
