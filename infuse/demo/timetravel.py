"""The demo's clock: forward by whole days, with every night on the way.

It never goes back. What was sent in the meantime stays sent (a message goes out once), so an earlier date would show a
past that did not happen. Whoever wants to begin again loads the demo afresh.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

from django.db.models import F, TextChoices
from django.utils.translation import gettext_lazy as _

from cohorts.enums import CohortStatus
from cohorts.models import Phase
from core import clock
from core.models import DemoClock
from infuse import nightly
from infuse.messages import CHECKS
from messaging import claims
from messaging.delivery import deliver_due

ONE_DAY = timedelta(days=1)
SECONDS_TO_WAIT = 10.0
OVER = (CohortStatus.FINISHED, CohortStatus.CANCELLED)


class Step(TextChoices):
    """How far the clock can be moved at once."""

    DAY = "day", _("One day forward")
    WEEK = "week", _("One week forward")
    PHASE = "phase", _("Forward to the next phase")


def next_phase_anywhere(today: date) -> Phase | None:
    """The phase, of any cohort that is not over, that starts next after `today`."""
    phases = Phase.objects.filter(starts_on__gt=today).exclude(cohort__status__in=OVER)
    return phases.select_related("cohort").order_by("starts_on", "pk").first()


def destination(step: str, today: date) -> date | None:
    """The day that a step leads to; None when there is no next phase."""
    if step == Step.PHASE:
        phase = next_phase_anywhere(today)
        return phase.starts_on if phase else None
    return today + (timedelta(weeks=1) if step == Step.WEEK else ONE_DAY)


def move_clock(*, seen: date, until: date) -> int:
    """Move the demo's clock from `seen` to `until` day by day and run each night; returns how many nights ran.

    0, and nothing is done, when the demo's date is no longer `seen`: somebody else has moved it, or midnight has
    passed. Each night is a transaction of its own, as the real ones are, so a stop on the way loses nothing. Its mail
    is delivered before the next day begins; left to the worker, much of it would be days late by then, and held.
    """
    row, _created = DemoClock.objects.get_or_create(pk=1)
    days, nights = row.days, 0
    if clock.today() != seen:
        return 0
    for _night in range((until - seen).days):
        # Of two people who click at once, one moves the clock; the other's step finds it moved.
        if not DemoClock.objects.filter(pk=row.pk, days=days).update(days=F("days") + 1):
            break
        days += 1
        _run_night(clock.today())
        nights += 1
    return nights


def _run_night(day: date) -> None:
    """The night of `day` and its mail; waits a little when the worker is just running one."""
    give_up_at = time.monotonic() + SECONDS_TO_WAIT
    while nightly.run(day) is None and time.monotonic() < give_up_at:
        time.sleep(0.2)
    claims.bring_forward(ONE_DAY)
    deliver_due(CHECKS, today=day, seconds=SECONDS_TO_WAIT)
