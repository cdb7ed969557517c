"""Answering an offer: yes exactly once, no, too late; and fifty people who say yes in the same second."""

from datetime import timedelta

import pytest
from django.test import Client

from cohorts.models import Associate, OnboardingTask
from core.verdicts import NotAllowed
from messaging.models import Message
from nominations.enums import LinkPurpose, NominationStatus
from nominations.models import Nomination
from nominations.services.links import make_link
from nominations.services.offers import accept_offer, decline_offer
from people.models import Employment
from tests.cohorts.services.test_at_once import at_once
from tests.conftest import TODAY
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.nominations import DecisionFactory, NominationFactory, NomineePartFactory
from tests.factories.people import EmploymentFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

OFFERED, ACCEPTED, RESERVE = NominationStatus.OFFERED, NominationStatus.ACCEPTED, NominationStatus.RESERVE


def offered(cohort=None, **more):
    """A nomination with a released offer."""
    given = {"cohort": cohort} if cohort else {}
    nomination = NominationFactory(**given, status=OFFERED, **more)
    DecisionFactory(
        nomination=nomination,
        answer_by=TODAY + timedelta(days=14),
        released_by=UserFactory(),
        released_at=nomination.submitted_at,
    )
    return nomination


@pytest.fixture
def nomination(today, organisation, coordinator):
    made = offered(organisation=organisation, nominated_by=coordinator, person__email="enfys@qarth.example")
    NomineePartFactory(nomination=made, working_days=[1, 2, 4])
    return made


def by_link(nomination):
    _link, secret = make_link(nomination=nomination, purpose=LinkPurpose.OFFER)
    client = Client()
    return client, client.post(f"/link/{secret}/")["Location"]


def test_yes_by_link_gives_the_place_employment_and_onboarding(nomination, today):
    client, page = by_link(nomination)
    assert page == f"/cohorts/{nomination.cohort.slug}/nominations/{nomination.reference}/offer/"
    text = client.post(page, {"answer": "yes"}, follow=True).content.decode()
    assert "You have a place" in text
    assert "You have accepted" in text
    associate = Associate.objects.get(cohort=nomination.cohort, person=nomination.person)
    assert associate.enrolled_on == today
    work = Employment.objects.get(person=nomination.person)
    assert (work.organisation, work.starts_on, work.job_title) == (nomination.organisation, today, "Qarth officer")
    assert (work.directorate, work.working_days) == ("Qarth services", [1, 2, 4])
    assert (work.line_manager_name, work.line_manager_email) == ("Delyth Qrmond", "delyth.qrmond@qarth.example")
    assert OnboardingTask.objects.filter(associate=associate).count() == 5
    assert Message.objects.get(kind="associate-enrolled").person == nomination.person.reference


def test_yes_again_is_the_same_answer(nomination, today):
    first = accept_offer(nomination=nomination, by=None, today=today)
    second = accept_offer(nomination=nomination, by=nomination.person, today=today)
    assert first.associate == second.associate
    assert Associate.objects.count() == Employment.objects.count() == 1
    assert nomination.moves.filter(to_status=ACCEPTED).count() == 1


def test_a_known_spell_of_work_is_kept_and_filled_in(nomination, today):
    known = EmploymentFactory(person=nomination.person, organisation=nomination.organisation, job_title="Older title")
    accept_offer(nomination=nomination, by=None, today=today)
    known.refresh_from_db()
    assert (known.job_title, known.line_manager_name, known.working_days) == ("Older title", "Delyth Qrmond", [1, 2, 4])
    assert Employment.objects.count() == 1


def test_no_tells_coordinator_and_programme_team(nomination, coordinator, manager):
    client, page = by_link(nomination)
    text = client.post(page, {"answer": "no", "reason": "A new post."}, follow=True).content.decode()
    assert "You have said no" in text
    nomination.refresh_from_db()
    assert (nomination.status, nomination.moves.latest().note) == (NominationStatus.DECLINED, "A new post.")
    told = set(Message.objects.filter(kind="offer-declined").values_list("person", flat=True))
    assert told == {coordinator.reference, manager.reference}
    assert not Associate.objects.exists()


def test_signed_in_the_nominee_answers_and_nobody_else_sees_the_page(nomination, client_as, manager, coordinator):
    page = f"/cohorts/{nomination.cohort.slug}/nominations/{nomination.reference}/offer/"
    for other in (manager, coordinator, UserFactory()):
        assert client_as(other).get(page).status_code == 404
        assert client_as(other).post(page, {"answer": "yes"}).status_code == 404
    assert Client().get(page)["Location"] == "/link/"
    client_as(nomination.person).post(page, {"answer": "yes"})
    assert nomination.moves.latest().by == nomination.person


def test_nobody_accepts_for_another(nomination, manager, today):
    for verb in (accept_offer, decline_offer):
        with pytest.raises(NotAllowed, match="Only the person"):
            verb(nomination=nomination, by=manager, today=today)


def test_after_the_last_day_it_is_too_late(nomination, today):
    late = today + timedelta(days=15)
    with pytest.raises(NotAllowed, match="has passed"):
        accept_offer(nomination=nomination, by=None, today=late)
    assert accept_offer(nomination=nomination, by=None, today=today + timedelta(days=14)).associate


@pytest.mark.parametrize("status", ["complete", "reserve", "withdrawn", "lapsed", "declined", "not_selected"])
def test_without_an_offer_there_is_nothing_to_accept(today, status):
    nomination = NominationFactory(status=status)
    with pytest.raises(NotAllowed, match="no offer"):
        accept_offer(nomination=nomination, by=None, today=today)


def test_the_answer_is_needed(nomination):
    client, page = by_link(nomination)
    assert set(client.post(page, {}).context["form"].errors) == {"answer"}


def test_the_last_place_has_gone_the_reserve_list_and_until_when(today):
    cohort = CohortFactory(status="recruiting", capacity=1)
    AssociateFactory(cohort=cohort)
    nomination = offered(cohort)
    client, page = by_link(nomination)
    text = client.post(page, {"answer": "yes"}, follow=True).content.decode()
    assert "You are on the reserve list" in text
    assert "8 April 2026" in text
    told = Message.objects.get(kind="place-gone")
    assert "8 April 2026" in told.words["en"]["body"]
    assert "8 Ebrill 2026" in told.words["cy"]["body"]
    again = accept_offer(nomination=nomination, by=None, today=today)
    assert (again.associate, again.reserve_until) == (None, today + timedelta(days=28))
    assert Message.objects.filter(kind="place-gone").count() == 1


def test_who_has_a_place_already_accepts_in_a_full_cohort(today):
    cohort = CohortFactory(status="recruiting", capacity=1)
    nomination = offered(cohort)
    there = AssociateFactory(cohort=cohort, person=nomination.person)
    assert accept_offer(nomination=nomination, by=None, today=today).associate == there


# --- At once --------------------------------------------------------------------------------------------------------
FIFTY = 50


@pytest.mark.django_db(transaction=True)
def test_fifty_people_accept_the_last_place_in_the_same_second(today):
    cohort = CohortFactory(status="recruiting", capacity=3)
    for _taken in range(2):
        AssociateFactory(cohort=cohort)
    RoleFactory(kind="manager")
    nominations = [offered(cohort) for _unused in range(FIFTY)]

    def accepting(nomination):
        return lambda: accept_offer(nomination=Nomination.objects.get(pk=nomination.pk), by=None, today=TODAY)

    answers = at_once(*(accepting(nomination) for nomination in nominations))
    faults = [answer for answer in answers if isinstance(answer, Exception)]
    assert not faults, faults
    in_place = [answer for answer in answers if answer.associate]
    assert len(in_place) == 1
    assert {answer.reserve_until for answer in answers if not answer.associate} == {TODAY + timedelta(days=28)}
    assert Associate.objects.filter(cohort=cohort).count() == 3
    assert Nomination.objects.filter(status=ACCEPTED).count() == 1
    assert Nomination.objects.filter(status=RESERVE).count() == FIFTY - 1
    gone = Message.objects.filter(kind="place-gone")
    assert len(set(gone.values_list("person", flat=True))) == gone.count() == FIFTY - 1
    assert Message.objects.filter(kind="associate-enrolled").count() == 1
    assert Employment.objects.filter(person__in=[row.person for row in nominations]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_who_presses_ten_times_has_one_place(today):
    nomination = offered()
    answers = at_once(
        *(lambda: accept_offer(nomination=Nomination.objects.get(pk=nomination.pk), by=None, today=TODAY),) * 10
    )
    assert {answer.associate.pk for answer in answers} == {Associate.objects.get().pk}
    assert OnboardingTask.objects.count() == 5
    assert Message.objects.filter(kind="associate-enrolled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_is_one_of_them(today):
    nomination = offered()

    def answering(verb):
        return lambda: verb(nomination=Nomination.objects.get(pk=nomination.pk), by=None, today=TODAY)

    at_once(answering(accept_offer), answering(decline_offer))
    nomination.refresh_from_db()
    assert (nomination.status == ACCEPTED) == Associate.objects.exists()
    assert nomination.status in (ACCEPTED, NominationStatus.DECLINED)
