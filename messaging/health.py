"""Is the machinery well? Facts without a language and without anybody’s data."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection

from core import clock
from messaging.heartbeat import BEAT, WORKER
from messaging.models import NightRun
from messaging.queries import age_of_oldest_due, ages_of_heartbeats
from messaging.timetable import NIGHT_AT

logger = logging.getLogger(__name__)

# Four heartbeats missed; seven sweeps that did not send it; half an hour for a night to run.
SILENT_AFTER = timedelta(minutes=2)
STUCK_AFTER = timedelta(minutes=15)
NIGHT_IS_DONE_AT = time(NIGHT_AT.hour, NIGHT_AT.minute + 29)


def facts() -> tuple[bool, dict[str, dict[str, Any]]]:
    """Whether all is well, and each part with its own `ok`; asked by monitors and by the page for the team."""
    parts: dict[str, dict[str, Any]] = {"broker": _broker()}
    try:
        parts |= _database()
    except Error as fault:
        logger.warning("Health: the database does not answer: %s", fault)
        connection.close_if_unusable_or_obsolete()
        unknown = {"ok": False, "problem": "not known without the database"}
        parts |= {"database": {"ok": False, "problem": "does not answer"}}
        parts |= dict.fromkeys(("worker", "beat", "night", "outbox"), unknown)
    return all(part["ok"] for part in parts.values()), parts


def _broker() -> dict[str, Any]:
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
            broker.ping()
    except (redis.RedisError, OSError) as fault:
        logger.warning("Health: the broker does not answer: %s", fault)
        return {"ok": False, "problem": "does not answer"}
    return {"ok": True}


def _database() -> dict[str, dict[str, Any]]:
    ages = ages_of_heartbeats()
    return {
        "database": {"ok": True},
        "worker": _life(ages.get(WORKER)),
        "beat": _life(ages.get(BEAT)),
        "night": _night(clock.now().astimezone(clock.LONDON)),
        "outbox": _outbox(),
    }


def _life(age: timedelta | None) -> dict[str, Any]:
    seconds = None if age is None else round(age.total_seconds())
    return {"ok": age is not None and age <= SILENT_AFTER, "seconds_since_heartbeat": seconds}


def _night(moment: datetime) -> dict[str, Any]:
    """Well when the last night that should have run by now is complete; a system that never ran one by then is well."""
    rows = NightRun.objects.filter(replay=False)
    last = rows.first()
    done = rows.filter(complete=True).values_list("on", flat=True).first()
    expected = moment.date() if moment.time() >= NIGHT_IS_DONE_AT else moment.date() - timedelta(days=1)
    fresh = last is None and expected < moment.date()
    return {
        "ok": fresh or bool(done and done >= expected),
        "last": last and {"on": last.on, "finished_at": last.finished_at, "complete": last.complete},
        "last_complete_on": done,
    }


def _outbox() -> dict[str, Any]:
    age = age_of_oldest_due()
    return {
        "ok": age is None or age <= STUCK_AFTER,
        "seconds_oldest_due": None if age is None else max(0, round(age.total_seconds())),
    }
