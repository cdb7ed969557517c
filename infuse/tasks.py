"""What worker and beat do: the way in for everything that runs without a person. Each task calls one thing."""

import logging
from typing import Any

from celery.signals import beat_init, before_task_publish, worker_ready
from django.core.cache import cache
from django.db import Error, connection

from core import clock
from infuse import nightly as night
from infuse.celery import app
from infuse.messages import CHECKS
from messaging import outbox
from messaging.delivery import deliver_due
from messaging.heartbeat import BEAT, WORKER, show_life

logger = logging.getLogger(__name__)

HEARTBEAT, SWEEP = "infuse.heartbeat", "infuse.sweep"
MAIL_SERVER_AWAY = "mail-server-away"


@app.task(name="infuse.nightly")
def nightly() -> None:
    """05:30: the night, and nights that were missed."""
    night.catch_up(clock.now())
    _deliver()


@app.task(name=SWEEP)
def sweep() -> None:
    """Every two minutes: what a dead broker, a dead worker or a missed night left behind."""
    show_life(WORKER)
    night.catch_up(clock.now())
    _deliver()


@app.task(name=HEARTBEAT)
def heartbeat() -> None:
    """Every thirty seconds: a worker lives, and gets what beat sends."""
    show_life(WORKER)


@app.task(name=outbox.DELIVER)
def deliver() -> None:
    """A nudge: something was just queued. Ignored for half a minute after the mail server was found to be away."""
    if not cache.get(MAIL_SERVER_AWAY):
        _deliver()


def _deliver() -> None:
    """Send what is due, for 15 seconds; the rest is for another turn, so that a worker can stop in between."""
    done = deliver_due(CHECKS, today=clock.today(), seconds=15)
    if done.server_away:
        # One worker waits for a silent server's time limit, not one for each nudge.
        cache.set(MAIL_SERVER_AWAY, True, timeout=30)
    if done.out_of_time:
        outbox.nudge()


@worker_ready.connect
def _sweep_at_once(**_unused: Any) -> None:
    """A worker that comes back does not wait for beat's next knock."""
    try:
        app.send_task(SWEEP, retry=False)
    except Exception as fault:
        logger.warning("No sweep at the start: %s", fault)


@beat_init.connect
def _beat_starts(**_unused: Any) -> None:
    _beat_lives()


@before_task_publish.connect(sender=HEARTBEAT)
def _beat_lives(**_unused: Any) -> None:
    """Only beat sends heartbeats, so sending one shows that it lives, whether or not the broker takes it."""
    try:
        show_life(BEAT)
    except Error as fault:
        logger.warning("Beat cannot show that it lives: %s", fault)
    finally:
        # Beat has no requests after which Django would look after its connection.
        if not connection.in_atomic_block:
            connection.close()
