"""What worker and beat do, and that each of beat's knocks has a door."""

import pytest

from core import clock
from infuse import tasks
from infuse.celery import app
from messaging.delivery import Round
from messaging.models import Heartbeat, Message, NightRun
from tests.factories.messaging import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    names = []
    monkeypatch.setattr(app, "send_task", lambda name, **_more: names.append(name))
    return names


def test_everything_on_beats_timetable_is_a_task_and_expires():
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] > 0


def test_the_night_is_at_half_past_five_in_london():
    assert app.conf.timezone == "Europe/London"
    schedule = app.conf.beat_schedule["nightly"]["schedule"]
    assert (schedule.hour, schedule.minute) == ({5}, {30})


def test_a_sweep_shows_life_runs_a_missed_night_and_delivers(today, mailoutbox):
    MessageFactory()
    tasks.sweep()
    assert Heartbeat.objects.get().name == "worker"
    assert NightRun.objects.get().on == clock.today()
    assert Message.objects.get().state == "sent"
    assert len(mailoutbox) == 1


def test_the_night_is_run_and_its_mail_goes(today, mailoutbox):
    MessageFactory()
    tasks.nightly()
    assert NightRun.objects.get().complete
    assert len(mailoutbox) == 1


def test_delivery_that_runs_out_of_time_asks_for_another_turn(today, mailoutbox, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.outbox, "nudge", lambda: asked.append(1))
    MessageFactory()
    tasks.deliver()
    assert asked == []
    monkeypatch.setattr(tasks, "deliver_due", lambda *_args, **_more: Round(out_of_time=True))
    tasks.deliver()
    assert asked == [1]


def test_nudges_leave_a_mail_server_that_is_away_in_peace_and_sweeps_try_again(today, monkeypatch):
    tried = []
    monkeypatch.setattr(tasks, "deliver_due", lambda *_args, **_more: tried.append(1) or Round(server_away=True))
    for _nudge in range(3):
        tasks.deliver()
    assert len(tried) == 1
    tasks.sweep()
    assert len(tried) == 2


def test_a_worker_that_starts_sweeps_at_once(sent):
    tasks._sweep_at_once()
    assert sent == ["infuse.sweep"]


def test_a_worker_that_starts_without_a_broker_starts(monkeypatch, caplog):
    def away(*_args, **_more):
        raise ConnectionError("refused")

    monkeypatch.setattr(app, "send_task", away)
    tasks._sweep_at_once()
    assert "refused" in caplog.text


def test_beat_shows_life_when_it_starts_and_with_every_heartbeat_it_sends():
    tasks._beat_starts()
    assert Heartbeat.objects.get().name == "beat"
    Heartbeat.objects.all().delete()
    tasks.heartbeat.delay()
    assert [life.name for life in Heartbeat.objects.all()] == ["beat"]


def test_the_worker_shows_life_when_a_heartbeat_reaches_it():
    tasks.heartbeat()
    assert Heartbeat.objects.get().name == "worker"
