"""What needs doing: for each role, the most urgent first, and kindly when there is nothing."""

from datetime import date

import pytest
from django.urls import reverse

from messaging.models import Message
from reports.queries.home import home
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory
from tests.factories.people import RoleFactory, UserFactory

pytestmark = pytest.mark.django_db


def titles(user, today):
    return [str(task.title) for part in home(user, today) for task in part.tasks]


def message(state, **more):
    return Message.objects.create(
        key=f"k{Message.objects.count()}",
        kind="phase-starts",
        address="a@qarth.example",
        template="x",
        due_on=date(2026, 3, 1),
        late_after=date(2026, 3, 2),
        queued_at="2026-03-01T05:30Z",
        message_id=f"<{Message.objects.count()}@qarth>",
        state=state,
        **more,
    )


@pytest.fixture
def speaker():
    """A manager who has said a language, so that this is not among what needs doing."""
    return RoleFactory(kind="manager", person__language="en").person


def test_nothing_to_do_says_so(speaker, today, client_as):
    ProgrammeFactory()
    assert titles(speaker, today) == []
    text = client_as(speaker).get(reverse("reports:home")).content.decode()
    assert "Nothing needs doing. Everything is in order." in text


@pytest.mark.parametrize(
    ("cohort", "people", "said"),
    [
        ({"starts_on": date(2026, 4, 13)}, [], "nobody is enrolled yet"),
        ({"starts_on": date(2026, 4, 13)}, ["enrolled"], "free places: 19"),
        ({"starts_on": date(2026, 3, 9)}, ["enrolled"], "the first day has come; start it"),
        ({"starts_on": date(2026, 9, 7), "recruitment_opens_on": date(2026, 3, 11)}, ["enrolled"], "open recruitment"),
        (
            {
                "starts_on": date(2026, 9, 7),
                "recruitment_opens_on": date(2026, 1, 11),
                "recruitment_until": date(2026, 3, 11),
                "status": "recruiting",
            },
            ["enrolled"],
            "recruitment is over; close it",
        ),
        ({"status": "running"}, ["active", "enrolled"], "record who has started. Still open: 1"),
        (
            {"status": "running", "starts_on": date(2025, 7, 7)},
            ["active", "withdrawn"],
            "record how it ended for everyone. Still open: 1",
        ),
        ({"status": "running", "starts_on": date(2025, 7, 7)}, ["withdrawn"], "it is over; finish it"),
        ({"status": "running"}, ["active"], None),
        ({"status": "finished", "starts_on": date(2025, 7, 7)}, ["active"], None),
        ({"status": "cancelled"}, [], None),
        ({"starts_on": date(2026, 9, 7)}, ["enrolled"], None),
    ],
)
def test_what_a_cohort_needs(speaker, today, cohort, people, said):
    made = CohortFactory(name_en="Cohort Qix", **cohort)
    for status in people:
        AssociateFactory(cohort=made, status=status, person__language="en")
    assert titles(speaker, today) == ([f"Cohort Qix: {said}"] if said else [])


def test_the_most_urgent_comes_first_and_every_task_leads_somewhere(speaker, today, client_as):
    cohort = CohortFactory(status="running")
    AssociateFactory(cohort=cohort, status="active")
    AssociateFactory(cohort=cohort, status="enrolled", person__language="en")
    message("failed")
    message("held")
    message("uncertain", handed_over_at="2026-03-01T05:30Z")
    tasks = home(speaker, today)[0].tasks
    assert [task.urgency for task in tasks] == [0, 0, 0, 1, 2]
    assert [str(task.title) for task in tasks[:3]] == [
        "Messages that may not have arrived: 1",
        "Messages held until somebody decides: 1",
        "Messages that could not be delivered: 1",
    ]
    client = client_as(speaker)
    for task in tasks:
        assert client.get(task.url.split("#")[0]).status_code == 200, task.url


def test_numbers_are_those_of_the_lists_behind_them(speaker, today, client_as):
    cohort = CohortFactory(status="running")
    for language in ("", "", "cy"):
        AssociateFactory(cohort=cohort, status="active", person__language=language)
    (task,) = home(speaker, today)[0].tasks
    assert "Not asked yet: 2" in str(task.title)
    assert len(client_as(speaker).get(task.url.split("#")[0]).context["rows"]) == 2


def test_a_coordinator_hears_of_recruitment_and_own_people_only(coordinator, organisation, other_organisation, today):
    running = CohortFactory(status="running", name_en="Cohort Qive")
    CohortFactory(status="recruiting", starts_on=date(2026, 9, 7), name_en="Cohort Qix")
    CohortFactory(status="planned", starts_on=date(2026, 9, 7), name_en="Cohort Qecret")
    AssociateFactory(cohort=running, status="active", organisation=organisation)
    AssociateFactory(cohort=running, status="active", organisation=other_organisation)
    (part,) = home(coordinator, today)
    assert [str(task.title) for task in part.tasks][:2] == [
        "Cohort Qix: recruitment is open",
        "Cohort Qive: ask people for their language. Not asked yet: 1",
    ]
    assert [fact.title for fact in part.facts] == ["Cohort Qive", "Cohort Qix"]
    assert "People of your organisation: 1" in str(part.facts[0].hint)
    assert "Qarth" in str(part.label)


def test_an_associate_sees_where_and_when_without_a_click(associate, today, client_as):
    text = client_as(associate).get(reverse("reports:home")).content.decode()
    assert "3 Learn and Explore" in text
    assert "Monday 6 April 2026" in text


def test_somebody_in_a_new_cohort_is_not_shown_the_old_one(today):
    person = UserFactory(language="en")
    AssociateFactory(
        person=person, cohort=CohortFactory(starts_on=date(2024, 1, 8), status="finished"), status="withdrawn"
    )
    now = AssociateFactory(person=person, cohort=CohortFactory(status="running"), status="active")
    (part,) = home(person, today)
    assert [place.cohort for place in part.places] == [now.cohort]


def test_two_roles_are_two_parts_with_their_names(associate, organisation, today, client_as):
    RoleFactory(person=associate, kind="coordinator", organisation=organisation)
    assert [str(part.label) for part in home(associate, today)] == ["Associate", "Coordinator: Qarth"]
    text = client_as(associate).get(reverse("reports:home")).content.decode()
    assert "Coordinator: Qarth" in text


@pytest.mark.parametrize("role", ["coach", "lab_lead", "auditor"])
def test_others_see_the_cohorts_that_run(person_as, role, today):
    CohortFactory(status="running", name_en="Cohort Qive")
    (part,) = home(person_as(role), today)
    assert [fact.title for fact in part.facts] == ["Cohort Qive"]


def test_who_has_no_role_gets_a_kind_explanation(nobody, today, client_as):
    text = client_as(nobody).get(reverse("reports:home")).content.decode()
    assert "You have no place or role in the programme at the moment." in text


def test_who_was_never_asked_is_led_to_the_language(nobody, today):
    assert titles(nobody, today) == ["Choose your language for correspondence"]


def test_a_visitor_is_led_to_sign_in(db, client_as):
    assert "/sign-in/" in client_as(None).get(reverse("reports:home")).url


def test_with_very_many_cohorts_the_page_shows_those_that_end_first_and_the_way_to_the_others(
    speaker, today, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("reports.queries.home.cohorts.MOST_COHORTS", 2)
    for number in range(4):
        CohortFactory(status="running", starts_on=date(2026, 1, 5 + number), name_en=f"Qohort {number}")
    with django_assert_max_num_queries(16):
        (part,) = home(speaker, today)
    assert [fact.title for fact in part.facts] == ["Qohort 0", "Qohort 1", "All cohorts", "Programme details"]
