"""What people choose about their messages: on the page of their account, and by the link in a mail."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from core.verdicts import NotAllowed
from correspondence.kinds import KINDS
from correspondence.queries.preferences import choices_of, offered_to, stop_address
from correspondence.rules import may_decline
from correspondence.services.preferences import decline_kind, set_preferences, want_kind
from messaging.kinds import Sort
from messaging.models import Preference
from messaging.moments import USUAL, Hours
from messaging.preferences import stop_token
from tests.factories.messaging import PreferenceFactory
from tests.factories.nominations import PanellistFactory
from tests.factories.people import EmploymentFactory

pytestmark = pytest.mark.django_db

PAGE = "/account/messages/"
PHASE_STARTS = KINDS["phase-starts"]
OFFERED = ["phase-starts", "phase-ends-soon", "milestone-due", "milestone-overdue"]
AS_USUAL = {"wanted": OFFERED, "how": "each", "opens": "7", "closes": "19"}


def stop_page(person, kind="phase-starts"):
    return reverse("correspondence:message-stop", args=[stop_token(person.reference, kind)])


def chosen(person):
    return Preference.objects.get(person=person.reference)


# --- The verbs ------------------------------------------------------------------------------------------------------


def test_choices_are_kept_with_an_audit_row_and_usual_hours_are_not_ones_own(associate, today):
    set_preferences(person=associate, declined=["phase-starts"], digest=True, hours=USUAL, by=associate, today=today)
    row = chosen(associate)
    assert (row.declined, row.digest, row.hours) == (["phase-starts"], True, None)
    event = AuditEvent.objects.get(event="preferences.changed")
    assert event.details["declined"] == ["phase-starts"]
    # Not about the person: that log is read by others.
    assert event.about_kind == "messaging.preference"


def test_hours_of_ones_own_are_kept(associate, today):
    hours = Hours(time(22), time(6))
    set_preferences(person=associate, declined=[], digest=False, hours=hours, by=associate, today=today)
    assert chosen(associate).hours == hours


@pytest.mark.parametrize("slug", ["sign-in-code", "decision-released", "nominee-reminder", "digest", "nothing"])
def test_what_may_not_be_declined_is_refused(associate, today, slug):
    with pytest.raises(NotAllowed):
        set_preferences(person=associate, declined=[slug], digest=False, hours=USUAL, by=associate, today=today)
    assert not Preference.objects.exists()


def test_hours_that_leave_too_little_are_refused(associate, today):
    for closes in (7, 8, 10):
        with pytest.raises(NotAllowed):
            set_preferences(
                person=associate,
                declined=[],
                digest=False,
                hours=Hours(time(7), time(closes)),
                by=associate,
                today=today,
            )


@pytest.mark.parametrize("role", ["manager", "coordinator"])
def test_nobody_chooses_for_somebody_else(associate, person_as, today, role):
    other = person_as(role)
    with pytest.raises(NotAllowed):
        set_preferences(person=associate, declined=[], digest=True, hours=USUAL, by=other, today=today)
    with pytest.raises(NotAllowed):
        decline_kind(person=associate, kind=PHASE_STARTS, by=other, today=today)


def test_declining_twice_is_once_and_can_be_taken_back(associate, today):
    PreferenceFactory(person=associate.reference, declined=["recruitment-opened"], digest=True)
    for _time in range(2):
        decline_kind(person=associate, kind=PHASE_STARTS, by=associate, today=today)
    assert chosen(associate).declined == ["phase-starts", "recruitment-opened"]
    want_kind(person=associate, kind=PHASE_STARTS, by=associate, today=today)
    assert (chosen(associate).declined, chosen(associate).digest) == (["recruitment-opened"], True)


# --- The kinds ------------------------------------------------------------------------------------------------------


def test_a_service_message_may_never_be_declined_and_says_why():
    for kind in KINDS.values():
        verdict = may_decline(kind)
        assert verdict.allowed == kind.declinable
        if kind.sort is Sort.SERVICE:
            assert not verdict
            assert "service message" in str(verdict.reason)
        assert verdict or verdict.reason


def offered(person, today):
    return [kind.slug for kind in offered_to(person, today)]


def test_people_are_offered_what_may_come_to_them(associate, coordinator, manager, nobody, today):
    of_reviewers = {"reviews-assigned"}
    news = {slug for slug, kind in KINDS.items() if kind.declinable and kind.sort is Sort.NEWS} - of_reviewers
    assert offered(associate, today) == OFFERED
    assert offered(nobody, today) == []
    assert {"recruitment-opened", "recruitment-closes-soon", "nomination-lapsed"} < set(offered(coordinator, today))
    assert "cohort-created" not in offered(coordinator, today)
    assert news < set(offered(manager, today))
    PanellistFactory(person=nobody)
    assert offered(nobody, today) == ["reviews-assigned"]


def test_what_was_declined_stays_on_offer_and_kinds_of_former_times_are_forgotten(nobody, client_as, today):
    PreferenceFactory(person=nobody.reference, declined=["cohort-created", "of-former-times"])
    assert offered(nobody, today) == ["cohort-created"]
    client_as(nobody).post(PAGE, {**AS_USUAL, "wanted": ["cohort-created"]})
    assert chosen(nobody).declined == []


def test_whoever_is_offered_nothing_chooses_hours_all_the_same(nobody, client_as, today):
    page = client_as(nobody).get(PAGE).content.decode()
    assert "Which messages do you want?" not in page
    client_as(nobody).post(PAGE, {"how": "summary", "opens": "7", "closes": "19"})
    assert chosen(nobody).digest


def test_none_of_them_is_an_answer(associate, client_as, today):
    client_as(associate).post(PAGE, {**AS_USUAL, "wanted": []})
    assert chosen(associate).declined == sorted(OFFERED)


# --- The page of one's account --------------------------------------------------------------------------------------


def test_the_page_shows_what_counts_and_keeps_what_is_chosen(associate, client_as, today):
    client = client_as(associate)
    page = client.get(PAGE).content.decode()
    assert page.count("checked") == len(OFFERED) + 1
    wanted = [slug for slug in OFFERED if slug != "phase-starts"]
    answer = client.post(PAGE, {"wanted": wanted, "how": "summary", "opens": "9", "closes": "16"}, follow=True)
    assert "Your choices have been saved" in answer.content.decode()
    choices = choices_of(associate, today)
    assert (choices.declined, choices.digest) == (frozenset({"phase-starts"}), True)
    assert choices.hours == Hours(time(9), time(16))
    assert answer.content.decode().count("checked") == len(OFFERED)


def test_hours_that_leave_too_little_are_said_beside_the_field(associate, client_as, today):
    answer = client_as(associate).post(PAGE, {**AS_USUAL, "closes": "8"})
    assert "Leave at least 4 hours" in answer.content.decode()
    assert not Preference.objects.exists()


def test_what_is_not_on_offer_cannot_be_ticked(associate, client_as, today):
    answer = client_as(associate).post(PAGE, {**AS_USUAL, "wanted": ["sign-in-code"]})
    assert answer.status_code == 200
    assert not Preference.objects.exists()


def test_the_page_shows_the_days_that_the_person_works(associate, client_as, today):
    assert "(usual, because we do not know yours)" in client_as(associate).get(PAGE).content.decode()
    associate.employments.update(working_days=[])
    EmploymentFactory(person=associate, working_days=[2, 4], starts_on=today)
    associate.employments.filter(working_days=[]).delete()
    page = client_as(associate).get(PAGE).content.decode()
    assert "Tuesday, Thursday</p>" in page


def test_the_page_costs_the_same_for_everybody(associate, client_as, django_assert_max_num_queries, today):
    PreferenceFactory(person=associate.reference, declined=OFFERED)
    client = client_as(associate)
    with django_assert_max_num_queries(12):
        client.get(PAGE)


# --- The link in a mail ---------------------------------------------------------------------------------------------


def test_opening_the_link_changes_nothing(associate, today):
    page = Client().get(stop_page(associate))
    assert page.status_code == 200
    assert "Stop these messages?" in page.content.decode()
    assert not Preference.objects.exists()
    assert page.headers["Cache-Control"] == "no-store"
    # A mail that was passed on tells nobody whom it was for.
    assert associate.name not in page.content.decode()
    assert associate.email not in page.content.decode()


def test_the_button_stops_and_starts_again_without_signing_in(associate, today):
    client = Client()
    page = client.post(stop_page(associate), {"stop": "1"}, follow=True)
    assert "You do not get these messages" in page.content.decode()
    assert chosen(associate).declined == ["phase-starts"]
    page = client.post(stop_page(associate), {"again": "1"}, follow=True)
    assert "Stop these messages?" in page.content.decode()
    assert chosen(associate).declined == []


def test_one_click_of_a_mail_program_needs_no_cookie_and_is_answered_at_once(associate, today):
    """RFC 8058: one POST with this body, from anywhere."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(stop_page(associate), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert chosen(associate).declined == ["phase-starts"]
    assert client.post(stop_page(associate), {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_a_link_that_was_changed_leads_nowhere(associate, manager, today):
    page = stop_page(associate)
    for wrong in (
        page.replace(associate.reference, manager.reference),
        page.replace("starts", "ends-soon"),
        f"{page[:-4]}/",
    ):
        assert Client().get(wrong).status_code == 404
        assert Client().post(wrong).status_code == 404
    assert not Preference.objects.exists()


def test_a_link_for_what_may_not_be_declined_says_why(associate, today):
    page = Client().get(stop_page(associate, "dates-changed"))
    assert "service message" in page.content.decode()
    assert Client().post(stop_page(associate, "dates-changed")).status_code == 403
    assert not Preference.objects.exists()


def test_a_link_to_somebody_who_is_no_longer_active_leads_nowhere(associate, today):
    page = stop_page(associate)
    associate.is_active = False
    associate.save()
    assert Client().get(page).status_code == 404


@pytest.mark.parametrize(("language", "start"), [("en", "/messages/"), ("cy", "/cy/messages/"), ("", "/cy/messages/")])
def test_the_address_is_in_the_language_of_the_mail(associate, language, start):
    address = stop_address(associate.reference, "phase-starts", language)
    assert address.startswith(f"http://testserver{start}stop/{associate.reference}.phase-starts.")


@pytest.mark.parametrize(("person", "kind"), [("", "phase-starts"), ("ref1", "sign-in-code"), ("ref1", "unknown")])
def test_there_is_no_address_where_nobody_may_decline(person, kind):
    assert stop_address(person, kind, "en") == ""
