"""`/health/`: well, or which part is not."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from core import clock
from messaging import health
from messaging.models import Heartbeat
from tests.factories.messaging import HeartbeatFactory, MessageFactory, NightRunFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(today, monkeypatch):
    """Everything is well at ten o'clock in the morning."""
    monkeypatch.setattr(health, "_broker", lambda: {"ok": True})
    for name in ("worker", "beat"):
        HeartbeatFactory(name=name, at=Now())
    return NightRunFactory(on=today)


def ask(client):
    answer = client.get("/health/")
    assert answer["Content-Type"] == "application/json"
    parts = answer.json()
    assert answer.status_code == (200 if parts["ok"] else 503)
    return {name for name, part in parts.items() if name != "ok" and not part["ok"]}, parts


def test_all_is_well(client, well, django_assert_num_queries):
    with django_assert_num_queries(4):
        unwell, parts = ask(client)
    assert unwell == set()
    assert set(parts) == {"ok", "broker", "database", "worker", "beat", "night", "outbox"}


def test_it_has_no_language_and_is_never_kept(client, well):
    assert client.get("/cy/health/").status_code == 404
    assert "no-store" in client.get("/health/")["Cache-Control"]


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_part_that_has_gone_silent(client, well, name):
    Heartbeat.objects.filter(name=name).update(at=Now() - timedelta(minutes=3))
    unwell, parts = ask(client)
    assert unwell == {name}
    assert parts[name]["seconds_since_heartbeat"] >= 180
    Heartbeat.objects.filter(name=name).delete()
    assert ask(client)[0] == {name}


def test_a_night_that_is_incomplete_or_missing(client, well, today):
    well.complete = False
    well.save()
    assert ask(client)[0] == {"night"}
    well.delete()
    assert ask(client)[0] == {"night"}
    NightRunFactory(on=today, replay=True)
    assert ask(client)[0] == {"night"}


def test_last_nights_run_counts_until_this_mornings_should_be_done(client, well, today, monkeypatch):
    well.on = today - timedelta(days=1)
    well.save()
    for hour, minute, unwell in ((5, 40, set()), (6, 0, {"night"})):
        moment = datetime(today.year, today.month, today.day, hour, minute, tzinfo=clock.LONDON)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert ask(client)[0] == unwell


def test_a_system_started_in_the_night_has_missed_nothing(client, well, today, monkeypatch):
    well.delete()
    moment = datetime(today.year, today.month, today.day, 3, tzinfo=clock.LONDON)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert ask(client)[0] == set()


def test_mail_that_does_not_move(client, well):
    MessageFactory(next_attempt_at=Now() - timedelta(minutes=14))
    MessageFactory(next_attempt_at=Now() + timedelta(hours=4), attempts=5)
    MessageFactory(state="uncertain", next_attempt_at=Now() - timedelta(days=1))
    unwell, parts = ask(client)
    assert unwell == set()
    assert parts["outbox"]["seconds_oldest_due"] >= 840
    MessageFactory(next_attempt_at=Now() - timedelta(minutes=16))
    assert ask(client)[0] == {"outbox"}


def test_a_broker_that_is_away(client, well, monkeypatch, settings):
    monkeypatch.undo()
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    unwell, _parts = ask(client)
    assert "broker" in unwell


def test_a_database_that_is_away(client, monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(health, "_broker", lambda: {"ok": True})
    monkeypatch.setattr(health, "ages_of_heartbeats", away)
    unwell, parts = ask(client)
    assert unwell == {"database", "worker", "beat", "night", "outbox"}
    assert parts["database"]["problem"] == "does not answer"
