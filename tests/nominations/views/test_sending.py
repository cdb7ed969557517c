"""What the page of a nomination says of the links that were sent, and sending one again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from messaging.models import Message
from nominations.enums import LinkPurpose
from nominations.models import Link
from nominations.services.links import send_link
from tests.conftest import TODAY, stop_the_clock
from tests.factories.nominations import EndorsementFactory, NominationFactory

pytestmark = pytest.mark.django_db

NOMINEE, MANAGER = LinkPurpose.NOMINEE, LinkPurpose.MANAGER


@pytest.fixture
def nomination(organisation, today):
    nomination = NominationFactory(organisation=organisation)
    nomination.moves.update(effective_on=today)
    for purpose in (NOMINEE, MANAGER):
        send_link(nomination=nomination, purpose=purpose, by=None, today=today)
    return nomination


def page_of(nomination):
    return reverse("nominations:nomination-detail", args=[nomination.cohort.slug, nomination.reference])


def sending(nomination, purpose=MANAGER):
    return reverse("nominations:link-send", args=[nomination.cohort.slug, nomination.reference, purpose])


def words(response) -> str:
    return response.content.decode()


def test_the_page_says_what_was_sent_and_when_it_lapses(client_as, coordinator, nomination):
    page = words(client_as(coordinator).get(page_of(nomination)))
    assert nomination.line_manager_email in page
    assert "Not used yet. It works until: 1 April 2026" in page
    assert "Wednesday 1 April 2026" in page  # fifteen working days after the nomination
    assert "Wait five minutes before you send another." in page
    assert sending(nomination) not in page


def test_five_minutes_later_a_new_one_can_be_sent_and_the_old_one_stops(
    client_as, coordinator, nomination, monkeypatch
):
    stop_the_clock(monkeypatch, TODAY + timedelta(days=1))
    client = client_as(coordinator)
    assert sending(nomination) in words(client.get(page_of(nomination)))
    assert nomination.line_manager_email in words(client.get(sending(nomination)))
    assert client.post(sending(nomination)).url == page_of(nomination)
    first, second = Link.objects.filter(nomination=nomination, purpose=MANAGER).order_by("pk")
    assert first.revoked_at
    assert second.revoked_at is None
    assert Message.objects.filter(kind="link-manager", address=nomination.line_manager_email).count() == 2
    assert not Link.objects.filter(nomination=nomination, purpose=NOMINEE, revoked_at__isnull=False).exists()


def test_too_soon_it_is_refused_with_why(client_as, coordinator, nomination):
    response = client_as(coordinator).post(sending(nomination))
    assert response.status_code == 403
    assert "Wait five minutes before you send another." in words(response)
    assert Link.objects.count() == 2


def test_an_answer_that_is_there_needs_no_link(client_as, coordinator, nomination, monkeypatch):
    EndorsementFactory(nomination=nomination)
    stop_the_clock(monkeypatch, TODAY + timedelta(days=1))
    page = words(client_as(coordinator).get(page_of(nomination)))
    assert sending(nomination, NOMINEE) in page
    assert sending(nomination, MANAGER) not in page


def test_what_is_no_purpose_is_not_found(client_as, coordinator, nomination):
    assert client_as(coordinator).get(sending(nomination, "everybody")).status_code == 404


@pytest.mark.parametrize("role", ["other_coordinator", "nobody", "coach"])
def test_others_do_not_find_it(client_as, person_as, nomination, role, monkeypatch):
    stop_the_clock(monkeypatch, TODAY + timedelta(days=1))
    assert client_as(person_as(role)).post(sending(nomination)).status_code == 404


def test_the_nominee_does_not_send_the_line_managers_link(client_as, nomination, monkeypatch):
    stop_the_clock(monkeypatch, TODAY + timedelta(days=1))
    client = client_as(nomination.person)
    assert client.post(sending(nomination)).status_code == 403
    assert nomination.line_manager_email in words(client.get(page_of(nomination)))
    assert "Links sent" not in words(client.get(page_of(nomination)))
