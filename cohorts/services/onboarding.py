"""What a new associate is asked to do, and what they agree to.

Lock order: cohort before person before associate.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from cohorts.enums import OnboardingKind
from cohorts.models import Associate, OnboardingTask
from core.audit import record

# Two weeks to do what must be done, and never after the cohort's first day.
TIME_TO_DO = timedelta(days=14)


@transaction.atomic
def start_onboarding(*, associate: Associate, today: date) -> list[OnboardingTask]:
    """Give the associate the onboarding tasks, once; a second call adds nothing."""
    due_on = max(min(today + TIME_TO_DO, associate.cohort.starts_on), today)
    tasks = []
    for kind in OnboardingKind:
        task, created = OnboardingTask.objects.get_or_create(
            associate=associate, kind=kind, defaults={"owner": associate.person, "due_on": due_on}
        )
        if created:
            tasks.append(task)
    if tasks:
        record("onboarding.started", about=associate, by=None, due_on=due_on.isoformat())
    return tasks
