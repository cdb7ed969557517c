"""The pages of what waits, of one message, of an outage and of health."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from core import clock
from messaging import health
from messaging.models import Approval, Message
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import HeartbeatFactory, MessageFactory, NightRunFactory

pytestmark = pytest.mark.django_db


def held(reason="first_use", **more):
    return MessageFactory(
        **{"kind": "phase-starts", "about": "cohorts.cohort:qarth", "state": "held", "state_reason": reason, **more}
    )


@pytest.fixture
def client(client_as, manager, today):
    return client_as(manager)


def test_a_group_is_approved_from_the_page_that_shows_it(client):
    CohortFactory(slug="qarth", name_en="Cohort Qarth")
    first, second = held(), held()
    page = client.get("/messages/waiting/").content.decode()
    assert "Cohort Qarth" in page
    assert f"/messages/waiting/{first.pk}/" in page
    page = client.get(f"/messages/waiting/{first.pk}/").content.decode()
    assert "Qarth body" in page
    assert "Qarth y corff" in page
    assert second.name in page
    url = f"/messages/waiting/{first.pk}/release/"
    assert f'name="last" value="{second.pk}"' in client.get(url).content.decode()
    answer = client.post(url, {"last": second.pk}, follow=True)
    assert "They are on their way." in answer.content.decode()
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}
    assert Approval.objects.count() == 1


def test_what_came_after_the_page_was_shown_is_not_sent_with_it(client):
    first = held()
    unseen = held()
    client.post(f"/messages/waiting/{first.pk}/release/", {"last": first.pk})
    unseen.refresh_from_db()
    assert unseen.state == "held"


def test_pressed_twice_the_second_time_says_why_not(client):
    message = held()
    url = f"/messages/waiting/{message.pk}/discard/"
    assert client.post(url, {"last": message.pk}).status_code == 302
    answer = client.post(url, {"last": message.pk})
    assert answer.status_code == 403
    assert "not held" in answer.content.decode()
    assert client.get(f"/messages/waiting/{message.pk}/").url == f"/messages/{message.pk}/"


def test_the_words_are_changed_on_a_page(client):
    message = held()
    url = f"/messages/waiting/{message.pk}/words/"
    form = client.get(url).context["form"]
    assert form.initial["body_en"].strip() == "Qarth body"
    values = {"last": message.pk, "subject_cy": "Pwnc", "subject_en": "Subject", "body_cy": "Corff", "body_en": "Body"}
    assert client.post(url, {**values, "body_cy": ""}).status_code == 200
    assert client.post(url, values).status_code == 302
    message.refresh_from_db()
    assert message.words["en"] == {"subject": "Subject", "body": "Body\n"}
    assert message.own_words


@pytest.mark.parametrize(
    ("state", "reason", "step", "becomes"),
    [
        ("held", "late", "release", "queued"),
        ("held", "late", "discard", "cancelled"),
        ("uncertain", "no_answer", "arrived", "sent"),
        ("uncertain", "no_answer", "aside", "uncertain"),
        ("failed", "refused", "again", "failed"),
        ("failed", "refused", "aside", "failed"),
    ],
)
def test_the_buttons_of_a_message_that_stands_still(client, state, reason, step, becomes):
    message = MessageFactory(state=state, state_reason=reason)
    url = f"/messages/{message.pk}/{step}/"
    assert url in client.get(f"/messages/{message.pk}/").content.decode()
    assert client.post(url).status_code == 302
    message.refresh_from_db()
    assert message.state == becomes
    assert message.decided_at is not None
    assert Message.objects.count() == (2 if step == "again" else 1)
    assert url not in client.get(f"/messages/{message.pk}/").content.decode()


@pytest.mark.parametrize(("state", "steps"), [("sent", ()), ("queued", ()), ("cancelled", ())])
def test_a_message_that_needs_nobody_has_no_buttons(client, state, steps):
    message = MessageFactory(state=state)
    page = client.get(f"/messages/{message.pk}/")
    assert tuple(page.context["decisions"]) == steps
    assert client.post(f"/messages/{message.pk}/release/").status_code == 403


def test_others_are_refused(client_as, coordinator, today):
    message = held()
    client = client_as(coordinator)
    for path in ("waiting/", f"waiting/{message.pk}/", f"{message.pk}/release/", "outage/", "health/"):
        assert client.get(f"/messages/{path}").status_code == 403, path
    assert client.post(f"/messages/waiting/{message.pk}/release/", {"last": message.pk}).status_code == 403
    message.refresh_from_db()
    assert message.state == "held"


def test_three_days_stopped_are_one_page(client, today):
    """Two nights never ran, one ran late: what was held, what nobody was told, nothing of it sent."""
    monday = today - timedelta(days=2)
    NightRunFactory(on=today - timedelta(days=4))
    # Both were run this morning, when everything was back.
    for on in (today - timedelta(days=3), today):
        NightRunFactory(on=on, started_at=clock.now())
    NightRunFactory._meta.model.objects.filter(on=today - timedelta(days=4)).update(
        started_at=clock.now() - timedelta(days=4)
    )
    cohort = CohortFactory(status="running", name_en="Cohort Qix")
    explore, experiment = cohort.phases.filter(kind__in=["learn_and_explore", "experiment"]).order_by("starts_on")
    type(explore).objects.filter(pk=explore.pk).update(until=monday + timedelta(days=1))
    type(explore).objects.filter(pk=experiment.pk).update(starts_on=monday + timedelta(days=1))
    AssociateFactory(cohort=cohort, status="active")
    told = AssociateFactory(cohort=cohort, status="active").person.reference
    MessageFactory(key=f"phase-starts:{experiment.pk}:{monday + timedelta(days=1)}:{told}", state="sent")
    late = held("late")
    answer = client.get("/messages/outage/")
    outage = answer.context["outage"]
    assert outage.ran_late == [today - timedelta(days=3)]
    assert outage.never_ran == [monday, today - timedelta(days=1)]
    assert [(line.on, line.cohort, line.count) for line in outage.unsaid] == [(monday, "Cohort Qix", 1)]
    assert answer.context["count"] == 1
    client.post("/messages/outage/discard/", {"last": late.pk})
    late.refresh_from_db()
    assert late.state == "cancelled"


def test_health_in_words(client, today, monkeypatch):
    monkeypatch.setattr(health, "_broker", lambda: {"ok": True})
    for name in ("worker", "beat"):
        HeartbeatFactory(name=name, at=Now())
    NightRunFactory(on=today)
    assert "Everything works." in client.get("/messages/health/").content.decode()
    type(HeartbeatFactory()).objects.filter(name="worker").update(at=Now() - timedelta(minutes=5))
    page = client.get("/messages/health/").content.decode()
    assert "Messages are saved, and none is sent." in page
    assert "Minutes since its last sign of life: 5" in page
    assert "Nid yw rhywbeth yn gweithio." in client.get("/cy/messages/health/").content.decode()
