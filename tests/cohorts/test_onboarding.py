"""What a new associate is asked to do and to agree to, version by version."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.enums import AgreementKind, OnboardingKind
from cohorts.models import Agreement, AgreementAnswer, OnboardingTask
from cohorts.queries.onboarding import steps_of
from cohorts.services.associates import withdraw_associate
from cohorts.services.onboarding import answer_agreement, load_agreements, publish_agreement, start_onboarding
from core.models import AuditEvent
from core.verdicts import NotAllowed
from tests.factories.cohorts import AgreementFactory, AssociateFactory, CohortFactory
from tests.factories.people import EmploymentFactory, NeedsFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreements(today):
    return [AgreementFactory(kind=kind, title_en=f"Qarth {kind}") for kind in AgreementKind]


@pytest.fixture
def place(today, agreements):
    """A place in a cohort that starts in eight weeks, with its onboarding."""
    cohort = CohortFactory(status="recruiting", starts_on=date(2026, 5, 6))
    made = AssociateFactory(cohort=cohort, enrolled_on=today, person__language="", person__email="enfys@qarth.example")
    EmploymentFactory(person=made.person)
    start_onboarding(associate=made, today=today)
    return made


@pytest.fixture
def person(place):
    return place.person


@pytest.fixture
def browser(client_as, person):
    return client_as(person)


def to_do(person, today):
    return {step.kind.value for step in steps_of(person, today) if not step.done}


def test_five_tasks_each_with_owner_and_day_once(place, today):
    assert start_onboarding(associate=place, today=today) == []
    tasks = OnboardingTask.objects.filter(associate=place)
    assert {task.kind for task in tasks} == set(OnboardingKind.values)
    assert {(task.owner, task.due_on) for task in tasks} == {(place.person, today + timedelta(days=14))}


def test_nothing_is_due_after_the_first_day_of_the_cohort(today, agreements):
    soon = AssociateFactory(cohort=CohortFactory(status="recruiting", starts_on=date(2026, 3, 16)))
    tasks = start_onboarding(associate=soon, today=today)
    assert {task.due_on for task in tasks} == {date(2026, 3, 16)}


def test_what_was_said_before_is_not_asked_again(today, agreements):
    known = AssociateFactory(
        cohort=CohortFactory(status="recruiting", starts_on=date(2026, 5, 6)), person__language="cy"
    )
    NeedsFactory(person=known.person)
    start_onboarding(associate=known, today=today)
    assert to_do(known.person, today) == {"privacy", "coaching", "image"}
    assert OnboardingTask.objects.filter(done_at=None).count() == 3


def test_each_task_is_done_on_its_own_page(person, browser, today):
    browser.post("/agreements/privacy/", {})
    browser.post("/cy/agreements/coaching/", {})
    browser.post("/agreements/image/", {"answer": "no"})
    assert to_do(person, today) == {"language", "needs"}
    browser.post("/account/language/", {"language": "cy"})
    answer = browser.post(
        "/onboarding/needs/", {"working_days": ["1", "5"], "welsh_in_sessions": "yes", "access_needs": "Qramp."}
    )
    assert answer["Location"] == "/onboarding/"
    assert to_do(person, today) == set()
    assert "Everything is done." in browser.get("/onboarding/").content.decode()
    assert person.employments.get().working_days == [1, 5]
    said = AgreementAnswer.objects.order_by("pk").values_list("agreement__kind", "accepted", "language")
    assert list(said) == [("privacy", True, "en"), ("coaching", True, "cy"), ("image", False, "en")]
    assert all(answer.answered_at for answer in AgreementAnswer.objects.all())
    assert "Qramp" not in str(list(AuditEvent.objects.values()))


def test_a_new_version_is_asked_for_again_from_its_day(person, browser, today, manager):
    browser.post("/agreements/privacy/", {})
    assert "privacy" not in to_do(person, today)
    second = AgreementFactory(
        kind="privacy", version=2, text_en="Qarth keeps less.", starts_on=today + timedelta(days=7)
    )
    assert "privacy" not in to_do(person, today)
    assert "privacy" in to_do(person, second.starts_on)
    Agreement.objects.filter(pk=second.pk).update(starts_on=today)
    assert "Changed: please look again" in browser.get("/onboarding/").content.decode()
    assert "Qarth keeps less." in browser.get("/agreements/privacy/").content.decode()
    browser.post("/agreements/privacy/", {})
    assert "privacy" not in to_do(person, today)
    assert AgreementAnswer.objects.filter(person=person).count() == 2


def test_saying_the_same_twice_is_one_row_and_a_consent_can_be_taken_back(person, today):
    for accepted in (True, True, False, False):
        answer_agreement(kind="image", accepted=accepted, language="en", by=person, today=today)
    assert list(AgreementAnswer.objects.order_by("pk").values_list("accepted", flat=True)) == [True, False]


@pytest.mark.parametrize("kind", ["privacy", "coaching"])
def test_a_notice_and_an_agreement_know_no_no(person, today, kind):
    with pytest.raises(NotAllowed):
        answer_agreement(kind=kind, accepted=False, language="en", by=person, today=today)


def test_only_people_with_a_place_are_asked(place, person, manager, coordinator, client_as, today):
    for reader in (manager, coordinator):
        for page in ("/onboarding/", "/onboarding/needs/", "/agreements/privacy/"):
            assert client_as(reader).get(page).status_code == 403
    withdraw_associate(associate=place, reason="personal", on=today, by=None, today=today)
    assert client_as(person).get("/onboarding/").status_code == 403


def test_an_agreement_that_is_not_there_is_not_found_or_not_asked(browser, person, today):
    assert browser.get("/agreements/qarth/").status_code == 404
    Agreement.objects.filter(kind="image").delete()
    assert browser.get("/agreements/image/").status_code == 403
    assert "image" not in {step.kind for step in steps_of(person, today)}


def test_home_says_what_is_left_and_when(browser, person, today):
    page = browser.get("/home/").content.decode()
    assert "Before your first day, still to do: 5" in page
    assert "25 March 2026" in page


def test_the_team_sees_who_is_missing_what_and_not_what_they_need(
    place, browser, person, manager, coordinator, client_as
):
    browser.post("/onboarding/needs/", {"working_days": ["1"], "welsh_in_sessions": "yes", "access_needs": "Qramp."})
    page = client_as(manager).get(f"/cohorts/{place.cohort.slug}/onboarding/")
    text = page.content.decode()
    assert person.name in text
    assert "Read the privacy notice" in text
    assert "Check your working days" not in text
    assert "Qramp" not in text
    assert client_as(coordinator).get(f"/cohorts/{place.cohort.slug}/onboarding/").status_code == 403


def test_as_many_queries_for_one_as_for_four(place, manager, client_as, today):

    browser, path = client_as(manager), f"/cohorts/{place.cohort.slug}/onboarding/"

    def cost():
        browser.get(path)
        with CaptureQueriesContext(connection) as caught:
            browser.get(path)
        return len(caught)

    one = cost()
    for _more in range(3):
        start_onboarding(associate=AssociateFactory(cohort=place.cohort), today=today)
    assert cost() == one


# --- Texts ----------------------------------------------------------------------------------------------------------
def test_the_products_texts_are_loaded_once_in_both_languages(today):
    call_command("load_agreements")
    assert load_agreements(by=None, today=today) == 0
    assert set(Agreement.objects.values_list("kind", "version")) == {(kind, 1) for kind in AgreementKind.values}
    for agreement in Agreement.objects.all():
        assert not agreement.missing_texts()
        assert len(agreement.text_cy) > 500


def version(**more):
    return {
        "kind": "privacy",
        "version": 1,
        "title_en": "Q",
        "title_cy": "Q",
        "text_en": "Q",
        "text_cy": "Q",
        "starts_on": date(2026, 3, 1),
        "today": date(2026, 3, 11),
        **more,
    }


def test_what_was_published_is_never_edited(today, manager):
    publish_agreement(**version(by=manager))
    publish_agreement(**version(text_en="Other words", by=manager))
    assert Agreement.objects.get().text_en == "Q"


def test_only_a_manager_publishes_and_only_in_both_languages(today, manager, administrator):
    with pytest.raises(NotAllowed):
        publish_agreement(**version(by=administrator))
    with pytest.raises(NotAllowed, match="Both languages"):
        publish_agreement(**version(text_cy=" ", by=manager))
