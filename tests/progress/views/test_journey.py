"""The journey: where somebody is, what waits for them, what is missing, what happened; and completing a phase."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import LONDON
from labs.queries.sessions import invitations_of, invited_to
from progress.views.base import completion_url
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.labs import LabRunFactory, MembershipFactory, SessionFactory
from tests.factories.progress import CompletionFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(today):
    return CohortFactory(status="running")


def journey(row):
    return reverse("progress:associate-journey", args=[row.cohort.slug, row.person.reference])


def test_the_journey_says_where_i_am_and_what_comes_next(associate, today, client_as):
    row = associate.associates.get()
    text = client_as(associate).get(journey(row)).content.decode()
    assert "My journey" in text
    assert "3 Learn and Explore" in text
    assert "Sunday 5 April 2026" in text
    assert "4 Experiment" in text
    assert "Monday 6 April 2026" in text
    assert "26" in text  # days until then
    assert "Record a change" not in text


def test_the_journey_in_welsh(associate, today, client_as):
    text = client_as(associate).get("/cy" + journey(associate.associates.get())).content.decode()
    assert "Fy nhaith" in text
    assert "Dydd Llun 6 Ebrill 2026" in text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 12, 20), "Not started yet"),
        (date(2026, 6, 30), "The end of the cohort"),
        (date(2026, 8, 1), "The cohort is over"),
    ],
)
def test_the_journey_before_in_the_last_phase_and_after(associate, client_as, monkeypatch, day, said):
    monkeypatch.setattr("core.clock.today", lambda: day)
    assert said in client_as(associate).get(journey(associate.associates.get())).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("manager", 200),
        ("auditor", 200),
        ("coordinator", 200),
        ("other_coordinator", 404),
        ("coach", 404),
        ("lab_lead", 404),
        ("nobody", 404),
    ],
)
def test_who_else_may_see_a_journey(associate, person_as, role, status, today, client_as):
    assert client_as(person_as(role)).get(journey(associate.associates.get())).status_code == status


def test_another_associate_of_the_same_cohort_may_not(associate, today, client_as):
    row = associate.associates.get()
    other = AssociateFactory(cohort=row.cohort, status="active")
    assert client_as(other.person).get(journey(row)).status_code == 404


def test_reasons_and_notes_are_for_the_team_and_the_person(manager, coordinator, organisation, cohort, client_as):
    row = AssociateFactory(cohort=cohort, status="withdrawn", organisation=organisation)
    row.moves.filter(to_status="withdrawn").update(note="A private word.")
    for user, sees in ((manager, True), (row.person, True), (coordinator, False)):
        text = client_as(user).get(journey(row)).content.decode()
        assert ("A private word." in text) is sees
        assert ("Workload" in text) is sees


def test_who_left_is_shown_where_they_were_and_not_where_the_cohort_is(cohort, client_as):
    row = AssociateFactory(cohort=cohort, status="withdrawn", moves=[("withdrawn", date(2026, 1, 14))])
    text = client_as(row.person).get(journey(row)).content.decode()
    assert "Wednesday 14 January 2026" in text
    assert text.count("timeline__bar--now") == 2
    assert ">Left</text>" in text
    assert ">Today</text>" not in text
    assert "Next" not in text


def test_the_journey_says_what_waits_and_what_is_missing(associate, today, client_as):
    row = associate.associates.get()
    late = MilestoneFactory(cohort=row.cohort, title_en="Late plan", due_on=date(2026, 3, 6))
    MilestoneFactory(cohort=row.cohort, title_en="Next plan", due_on=date(2026, 3, 30))
    MilestoneFactory(cohort=row.cohort, title_en="Later plan", phase_kind="experiment")
    CompletionFactory(milestone__cohort=row.cohort, milestone__title_en="Done plan", associate=row, status="ready")
    page = client_as(associate).get(journey(row))
    assert [one["standing"].milestone.title_en for one in page.context["to_do"]] == ["Late plan", "Next plan"]
    text = page.content.decode()
    assert completion_url(row, late) in text
    assert "Overdue" in text
    step = page.context["steps"][2]["progress"]
    assert [one.label for one in step.missing] == ["Late plan", "Done plan", "Next plan"]
    assert (step.met, step.required) == (0, 3)
    assert "Marked as ready: Done plan" in text
    # From the first day: what a phase to come asks is there, too.
    assert "Later plan" in text


def test_a_phase_is_completed_from_the_journey_which_then_says_so(associate, manager, today, client_as):
    row = associate.associates.get()
    milestone = MilestoneFactory(cohort=row.cohort, phase_kind="inspire", due_on=date(2026, 1, 9), title_en="Start")
    complete = reverse("progress:phase-complete", args=[row.cohort.slug, associate.reference, "inspire"])
    client = client_as(manager)
    assert complete not in client.get(journey(row)).content.decode()
    refused = client.get(complete)
    assert refused.status_code == 403
    assert "Still open: Start" in refused.content.decode()
    CompletionFactory(milestone=milestone, associate=row, status="confirmed")
    assert complete in client.get(journey(row)).content.decode()
    page = client.post(complete, follow=True).content.decode()
    assert "The phase is completed." in page
    own = client_as(associate).get(journey(row)).content.decode()
    assert "Completed the phase: Inspire" in own
    assert client.get(complete).status_code == 403


def test_the_journey_in_welsh_tells_what_happened_in_welsh(associate, today, client_as):
    row = associate.associates.get()
    CompletionFactory(milestone__cohort=row.cohort, milestone__title_cy="Ein cynllun", associate=row, status="ready")
    text = client_as(associate).get("/cy" + journey(row)).content.decode()
    assert "Wedi’i nodi’n barod: Ein cynllun" in text
    assert "Wedi cael lle yn y garfan." in text
    assert "Beth ddigwyddodd" in text


def test_a_late_joiner_s_journey_has_nothing_overdue(today, client_as):
    row = AssociateFactory(cohort__status="running", status="active", enrolled_on=date(2026, 3, 9))
    row.moves.filter(to_status="active").update(effective_on=date(2026, 3, 9))
    MilestoneFactory(cohort=row.cohort, due_on=date(2026, 3, 6))
    text = client_as(row.person).get(journey(row)).content.decode()
    assert "Before joining" in text
    assert "Overdue" not in text


def test_the_journey_costs_the_same_for_much_and_for_little(associate, today, client_as):
    row = associate.associates.get()
    client = client_as(associate)
    client.get(journey(row))
    counted = set()
    for _round in range(2):
        for status in ("ready", "confirmed", "asked_again"):
            CompletionFactory(milestone__cohort=row.cohort, associate=row, status=status)
        with CaptureQueriesContext(connection) as said:
            client.get(journey(row))
        counted.add(len(said))
    assert len(counted) == 1, counted
    assert counted.pop() <= 22


@pytest.mark.parametrize(
    ("mine", "shown"), [(True, True), (False, False), (None, True)], ids=["my lab", "another lab", "whole cohort"]
)
def test_the_next_session_is_one_that_the_associate_is_invited_to(associate, today, client_as, mine, shown):
    row = associate.associates.get()
    run = None if mine is None else LabRunFactory(cohort=row.cohort)
    if mine:
        MembershipFactory(run=run, associate=row)
    session = SessionFactory(cohort=row.cohort, run=run, link="https://qarth.example/join", link_opens_minutes=60)
    assert [row in invited_to(session), session in invitations_of(row)] == [shown, shown]
    text = client_as(associate).get(journey(row)).content.decode()
    assert ("Tuesday 17 March 2026, 10:00–12:00" in text) is shown
    # The link opens an hour before.
    assert session.link not in text


def test_the_way_into_a_session_is_shown_to_the_person_only_and_when_it_opens(associate, manager, today, client_as):
    row = associate.associates.get()
    SessionFactory(
        cohort=row.cohort,
        starts_at=datetime(2026, 3, 11, 10, 30, tzinfo=LONDON),
        ends_at=datetime(2026, 3, 11, 12, tzinfo=LONDON),
        link="https://qarth.example/join",
        link_opens_minutes=60,
    )
    assert "https://qarth.example/join" in client_as(associate).get(journey(row)).content.decode()
    assert "https://qarth.example/join" not in client_as(manager).get(journey(row)).content.decode()


def test_a_membership_counts_on_the_day_of_the_session(associate, today):
    row = associate.associates.get()
    run = LabRunFactory(cohort=row.cohort)
    MembershipFactory(run=run, associate=row, until=date(2026, 3, 17))
    session = SessionFactory(cohort=row.cohort, run=run)
    assert session not in invitations_of(row)
    assert row not in invited_to(session)
