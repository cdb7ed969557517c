"""Announcements through their pages: written, looked at, given a day, approved by somebody else, cancelled."""

from datetime import timedelta

import pytest

from cohorts.emails import about
from correspondence.models import Announcement
from messaging.models import Message, MessageRule
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.correspondence import AnnouncementFactory

pytestmark = pytest.mark.django_db

VALUES = {
    "audience": "associates",
    "subject_en": "Qoom has changed",
    "subject_cy": "Ystafell qewydd",
    "body_en": "We meet in the Qreat Hall.",
    "body_cy": "Byddwn yn y Qeuadd Fawr.",
}


@pytest.fixture
def cohort(today):
    cohort = CohortFactory(status="running", slug="qarth")
    AssociateFactory.create_batch(3, cohort=cohort, status="active")
    return cohort


def test_from_the_first_word_to_the_outbox(client_as, manager, administrator, cohort, today):
    MessageRule.objects.create(
        kind="announcement", scope=about(cohort), from_on=today, approve_above=2, set_at="2026-01-01T00:00Z"
    )
    client, other = client_as(manager), client_as(administrator)
    new = "/cohorts/qarth/announcements/new/"
    assert "Associates who have a place or take part: 3" in client.get(new).content.decode()
    own = client.post(new, VALUES).url
    page = client.get(own)
    assert page.context["reaches"] == 3
    assert "Qreat Hall" in page.content.decode()
    assert "Qeuadd Fawr" in page.content.decode()
    answer = client.post(f"{own}day/", {"send_on": today.isoformat()}, follow=True)
    assert "somebody else of the programme team must approve it" in answer.content.decode()
    assert client.post(f"{own}approve/").status_code == 403
    assert f"{own}approve/" not in client.get(own).content.decode()
    assert not Message.objects.exists()
    assert f"{own}approve/" in other.get(own).content.decode()
    other.post(f"{own}approve/")
    assert Message.objects.filter(state="queued").count() == 3
    assert client.get(f"{own}words/").status_code == 403


@pytest.mark.parametrize("missing", sorted(VALUES))
def test_nothing_is_saved_with_one_language_missing(client_as, manager, cohort, missing):
    answer = client_as(manager).post("/cohorts/qarth/announcements/new/", {**VALUES, missing: " "})
    assert answer.status_code == 200
    assert missing in answer.context["form"].errors
    assert not Announcement.objects.exists()


def test_one_language_changed_alone_is_asked_about(client_as, manager, cohort):
    announcement = AnnouncementFactory(cohort=cohort, **VALUES)
    client = client_as(manager)
    url = f"/cohorts/qarth/announcements/{announcement.reference}/words/"
    changed = {**VALUES, "body_en": "We meet in the Qarden."}
    answer = client.post(url, changed)
    assert "Only one language has changed." in answer.content.decode()
    assert client.post(url, {**changed, "same": "on"}).status_code == 302


def test_postponed_and_cancelled(client_as, manager, cohort, today):
    announcement = AnnouncementFactory(cohort=cohort)
    client = client_as(manager)
    own = f"/cohorts/qarth/announcements/{announcement.reference}/"
    for days in (1, 2):
        client.post(f"{own}day/", {"send_on": (today + timedelta(days=days)).isoformat()})
        announcement.refresh_from_db()
        assert announcement.send_on == today + timedelta(days=days)
    saturday = today + timedelta(days=3)
    assert "Choose a working day" in client.post(f"{own}day/", {"send_on": saturday.isoformat()}).content.decode()
    client.post(f"{own}cancel/")
    announcement.refresh_from_db()
    assert announcement.cancelled_at is not None
    assert client.get(f"{own}day/").status_code == 403
