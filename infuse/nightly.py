"""THE page that lists the night: what runs at 05:30, in order. To add a step, add a line to STEPS.

Every step is safe to run twice for the same day, so a night can be run again, late, or after a kill. A step that breaks
stops no other; the night is then incomplete, /health/ says so, and it is run again half an hour later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max
from django.db.models.functions import Now

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from cohorts.rules import may_start_cohort
from cohorts.services.cohorts import start_cohort
from core.clock import LONDON, days_from
from correspondence.kinds import KINDS
from infuse.messages import SOURCES
from messaging.digests import gather
from messaging.models import NightRun
from messaging.reminders import send_due
from messaging.timetable import NIGHT_AT
from nominations.services.lapses import end_reserves, lapse_nominations, lapse_offers
from progress.rules.milestones import may_take_template
from progress.services.milestones import take_template

logger = logging.getLogger(__name__)

# Any number, the same in every process: two nights at once would compute the same things twice.
LOCK = 530_530
DAYS_CAUGHT_UP = 3
TRY_AGAIN_AFTER = timedelta(minutes=30)
# Before its first day a cohort must know what it is asked.
MILESTONES_BEFORE = timedelta(weeks=4)


@dataclass(frozen=True)
class Night:
    """One night as its steps see it: `on` is its day, `as_of` the day whose facts count for who still hears."""

    on: date
    as_of: date
    replay: bool = False


@dataclass
class Report:
    """What a step did: numbers for people, and what went wrong."""

    counts: dict[str, Any]
    faults: list[str]


def start_cohorts(night: Night) -> Report:
    """Cohorts whose first day has come run from today; one that nobody is in waits."""
    report = Report({"cohorts-started": 0}, [])
    for cohort in Cohort.objects.filter(status__in=CohortStatus.before_start(), starts_on__lte=night.on).order_by("pk"):
        if not may_start_cohort(None, cohort, night.on):
            continue
        try:
            start_cohort(cohort=cohort, by=None, today=night.on)
            report.counts["cohorts-started"] += 1
        except Exception as fault:
            logger.exception("Cohort %s could not be started.", cohort.slug)
            report.faults.append(f"start {cohort.slug}: {fault!r}")
    return report


def milestones(night: Night) -> Report:
    """Cohorts that begin soon and that nobody has given milestones start with the programme's."""
    report = Report({"milestones-taken": 0}, [])
    waiting = Cohort.objects.filter(starts_on__range=(night.on, night.on + MILESTONES_BEFORE))
    for cohort in waiting.order_by("pk"):
        if not may_take_template(None, cohort, night.on):
            continue
        try:
            take_template(cohort=cohort, by=None, today=night.on)
            report.counts["milestones-taken"] += 1
        except Exception as fault:
            logger.exception("Cohort %s could not be given its milestones.", cohort.slug)
            report.faults.append(f"milestones {cohort.slug}: {fault!r}")
    return report


def lapses(night: Night) -> Report:
    """Nominations and offers that nobody answered in time lapse, before anybody is reminded of them; reserves end."""
    nominations = lapse_nominations(by=None, today=night.on)
    offers = lapse_offers(by=None, today=night.on)
    reserves = end_reserves(by=None, today=night.on)
    return Report({"nominations-lapsed": nominations, "offers-lapsed": offers, "reserves-ended": reserves}, [])


def reminders(night: Night) -> Report:
    """Everybody whom a reminder of this day concerns is told, once."""
    outcomes = send_due(SOURCES, night.on, as_of=night.as_of, replay=night.replay)
    return Report(
        {outcome.kind: {"due": outcome.due, "queued": outcome.queued} for outcome in outcomes},
        [fault for outcome in outcomes for fault in outcome.faults],
    )


def summaries(night: Night) -> Report:
    """What waits for those who want one mail a day is put into their summary of this day."""
    return Report({"into-summaries": 0 if night.replay else gather(KINDS.values(), night.as_of)}, [])


STEPS: tuple[Callable[[Night], Report], ...] = (
    start_cohorts,
    milestones,
    lapses,
    reminders,
    summaries,
)


def run(on: date, *, today: date | None = None, replay: bool = False) -> NightRun | None:
    """Run the night of the day `on`; returns its row, or None when a night is already running.

    `today` (default: `on`) is later when a missed night is caught up: then only those are told who still hear today,
    and what is past its late limit is held. With `replay` an operator runs a past day again, judged by its own facts.
    Run twice, a night tells nobody anything twice.
    """
    with _alone() as alone:
        if not alone:
            logger.warning("A night is running already; this one does nothing.")
            return None
        night = Night(on, on if replay else max(on, today or on), replay)
        row = NightRun.objects.create(on=on, replay=replay)
        for step in STEPS:
            try:
                report = step(night)
            except Exception as fault:
                logger.exception("The step %s of the night of %s broke.", step.__name__, on)
                report = Report({}, [f"{step.__name__}: {fault!r}"])
            row.counts |= report.counts
            row.errors += report.faults
        row.complete = not row.errors
        row.finished_at = Now()
        row.save()
        logger.info("Night of %s: %s%s", on, row.counts, "" if row.complete else f", incomplete: {row.errors}")
        return row


def catch_up(moment: datetime) -> list[NightRun]:
    """Run what should have run by `moment` and has not: today's night after 05:30, and up to three missed days.

    Days missed longer ago are not caught up; today's run says how many ("days-not-caught-up"). A system without any
    complete night has missed nothing. A night that was incomplete is tried again after half an hour, one that was
    killed at once.
    """
    local = moment.astimezone(LONDON)
    today = local.date()
    rows = NightRun.objects.filter(replay=False)
    last = rows.filter(complete=True, on__lt=today).aggregate(last=Max("on"))["last"]
    missed = list(days_from(last + timedelta(days=1), today)) if last else []
    days = missed[-DAYS_CAUGHT_UP:]
    if local.time() >= NIGHT_AT and not rows.filter(complete=True, on=today).exists():
        days.append(today)
    done = []
    for day in days:
        if rows.filter(on=day, complete=False, finished_at__gt=Now() - TRY_AGAIN_AFTER).exists():
            continue
        if (row := run(day, today=today)) is None:
            break
        if day == today and len(missed) > DAYS_CAUGHT_UP:
            row.counts["days-not-caught-up"] = len(missed) - DAYS_CAUGHT_UP
            row.save(update_fields=["counts"])
        done.append(row)
    return done


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this session is the only one that runs a night, and keeps it so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
