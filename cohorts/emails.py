"""Words to people about cohorts: one function per message, each returning a Mail. What is due is decided elsewhere.

Contexts hold rows, not words, so that one Mail can be rendered in both languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cohorts.models import Associate, Cohort, Phase
from cohorts.queries.phases import next_phase, phases_of
from messaging.mail import Mail
from people.models import User
from people.queries.people import recipient

ONE_DAY = timedelta(days=1)
FILED_UNDER = "cohorts.cohort:"


def cohort_created(cohort: Cohort, person: User, today: date) -> Mail:
    """To the programme team: a cohort was created, with its dates."""
    return Mail(
        key=f"cohort-created:{cohort.pk}:{person.reference}",
        kind="cohort-created",
        to=recipient(person),
        template="cohorts/emails/cohort_created",
        due_on=today,
        context={**_cohort(cohort), "person": person, "phases": phases_of(cohort)},
        about=about(cohort),
    )


def recruitment_opened(cohort: Cohort, person: User, today: date) -> Mail:
    """To a coordinator: recruitment for a cohort has opened. Opened again after a pause, it is said again."""
    return Mail(
        key=f"recruitment-opened:{cohort.pk}:{today.isoformat()}:{person.reference}",
        kind="recruitment-opened",
        to=recipient(person),
        template="cohorts/emails/recruitment_opened",
        due_on=today,
        context={
            **_cohort(cohort),
            "person": person,
            "recruitment_last_day": cohort.recruitment_until and cohort.recruitment_until - ONE_DAY,
        },
        about=about(cohort),
    )


def associate_enrolled(associate: Associate, today: date) -> Mail:
    """To the associate: you have a place, and these are the dates."""
    return Mail(
        key=f"associate-enrolled:{associate.pk}",
        kind="associate-enrolled",
        to=recipient(associate.person),
        template="cohorts/emails/associate_enrolled",
        due_on=today,
        context={**_journey(associate), "phases": phases_of(associate.cohort)},
        about=about(associate.cohort),
    )


def dates_changed(associate: Associate, today: date) -> Mail:
    """To an associate: the cohort's dates have changed, and these are the new ones."""
    phases = phases_of(associate.cohort)
    # The dates are part of the key: moved twice, it is said twice; saved twice, once.
    dates = ",".join(phase.starts_on.isoformat() for phase in phases) + "/" + phases[-1].until.isoformat()
    return Mail(
        key=f"dates-changed:{associate.cohort_id}:{today.isoformat()}:{dates}:{associate.person.reference}",
        kind="dates-changed",
        to=recipient(associate.person),
        template="cohorts/emails/dates_changed",
        due_on=today,
        context={**_journey(associate), "phases": phases},
        about=about(associate.cohort),
    )


def phase_starts(associate: Associate, phase: Phase, on: date) -> Mail:
    """Reminder to an associate, the day before: a phase starts. The key holds its first day: moved, it is new."""
    return Mail(
        key=f"phase-starts:{phase.pk}:{phase.starts_on.isoformat()}:{associate.person.reference}",
        kind="phase-starts",
        to=recipient(associate.person),
        template="cohorts/emails/phase_starts",
        due_on=on,
        **_told_alike(associate, phase=phase),
        about=about(associate.cohort),
        # Still news on the first day itself, not after it.
        late_after_days=(phase.starts_on - on).days,
    )


def phase_ends_soon(associate: Associate, phase: Phase, on: date) -> Mail:
    """Reminder to an associate, a week before: a phase ends. The key holds the day it ends."""
    return Mail(
        key=f"phase-ends-soon:{phase.pk}:{phase.until.isoformat()}:{associate.person.reference}",
        kind="phase-ends-soon",
        to=recipient(associate.person),
        template="cohorts/emails/phase_ends_soon",
        due_on=on,
        **_told_alike(associate, phase=phase, next_phase=next_phase(associate.cohort, phase.starts_on)),
        about=about(associate.cohort),
        # Still news on the last day itself, not after it.
        late_after_days=(phase.until - on).days - 1,
    )


def to_coordinator(reminder: Mail, coordinator: User, names: Sequence[str]) -> Mail:
    """A reminder to an associate, to the coordinator instead: about the phase, and whom of their people it concerns."""
    return replace(
        reminder,
        key=f"{reminder.key.rpartition(':')[0]}:coordinator:{coordinator.reference}",
        to=recipient(coordinator),
        template=f"{reminder.template}_coordinator",
        context={**reminder.context, "person": coordinator, "names": names},
        # No two coordinators read the same names.
        alike="",
        own={},
    )


def about(cohort: Cohort) -> str:
    """Under what the outbox files a cohort's messages."""
    return f"{FILED_UNDER}{cohort.slug}"


def slug_in(scope: str) -> str:
    """The slug of the cohort under which messages are filed; "" when they are filed under something else."""
    return scope.removeprefix(FILED_UNDER) if scope.startswith(FILED_UNDER) else ""


def _cohort(cohort: Cohort) -> dict[str, object]:
    return {"cohort": cohort, "programme": cohort.programme, "last_day": cohort.until - ONE_DAY}


def _journey(associate: Associate) -> dict[str, object]:
    return {"associate": associate, "person": associate.person, **_cohort(associate.cohort)}


def _told_alike(associate: Associate, *, phase: Phase, **more: Any) -> dict[str, Any]:
    """What a mail about a phase tells everybody in the cohort, put into words once, and what is each one's own."""
    context = {**_cohort(associate.cohort), "phase": phase, **more}
    return {"context": context, "alike": str(phase.pk), "own": {"reference": associate.person.reference}}
