"""Words to people about their progress: one function per message, each returning a Mail."""

from __future__ import annotations

from datetime import date

from cohorts.emails import about
from cohorts.models import Associate
from messaging.mail import Mail
from people.queries.people import recipient
from progress.models import Completion, Milestone


def milestone_due(associate: Associate, milestone: Milestone, on: date) -> Mail:
    """Reminder to an associate, some days before: a milestone is due. The key holds the day: moved, it is new."""
    return Mail(
        key=f"milestone-due:{milestone.pk}:{milestone.due_on.isoformat()}:{associate.person.reference}",
        kind="milestone-due",
        to=recipient(associate.person),
        template="progress/emails/milestone_due",
        due_on=on,
        context=_context(associate, milestone),
        about=about(associate.cohort),
        # Still news on the day itself, not after it.
        late_after_days=max((milestone.due_on - on).days, 0),
    )


def milestone_overdue(associate: Associate, milestone: Milestone, on: date) -> Mail:
    """Reminder to an associate, some days after: a milestone that the phase needs is overdue. Said again, it has a
    key of its own."""
    return Mail(
        key=f"milestone-overdue:{milestone.pk}:{milestone.due_on.isoformat()}:{on.isoformat()}:"
        f"{associate.person.reference}",
        kind="milestone-overdue",
        to=recipient(associate.person),
        template="progress/emails/milestone_overdue",
        due_on=on,
        context=_context(associate, milestone),
        about=about(associate.cohort),
    )


def milestone_asked_again(completion: Completion, reason: str, today: date) -> Mail:
    """To the associate: something is missing for a milestone that was marked as ready, and what."""
    associate = completion.associate
    times = completion.moves.filter(to_status="asked_again").count()
    return Mail(
        key=f"milestone-asked-again:{completion.pk}:{times}",
        kind="milestone-asked-again",
        to=recipient(associate.person),
        template="progress/emails/milestone_asked_again",
        due_on=today,
        context={**_context(associate, completion.milestone), "reason": reason},
        about=about(associate.cohort),
    )


def _context(associate: Associate, milestone: Milestone) -> dict[str, object]:
    return {
        "associate": associate,
        "person": associate.person,
        "cohort": associate.cohort,
        "programme": associate.cohort.programme,
        "milestone": milestone,
    }
