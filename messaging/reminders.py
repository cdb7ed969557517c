"""Who should hear today: the runner of the reminders.

A *source* is a function that computes, from the facts, whom to tell on a day. The same function is asked at night (whom
to tell), before sending (is it still so) and for days to come (what will be sent). Nothing is stored for the future.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from messaging import outbox
from messaging.mail import Mail

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """One kind of reminder.

    `mails(on, people, as_of)` yields the mails that belong to the day `on`: to everybody, or to the people with these
    references only. Whether somebody still hears at all is judged as of the day `as_of` (default: `on`), which is the
    day of sending when a night is caught up later. It must yield the same keys whenever it is asked with the same
    facts, and cost no more queries for many people than for few.
    """

    kind: str
    mails: Callable[[date, Collection[str] | None, date | None], Iterator[Mail]]


@dataclass
class Outcome:
    """What one source did in a night: mails due, of them new in the outbox, and what went wrong."""

    kind: str
    due: int = 0
    queued: int = 0
    faults: list[str] = field(default_factory=list)


def send_due(sources: Iterable[Source], on: date, *, as_of: date | None = None, replay: bool = False) -> list[Outcome]:
    """Queue the reminders that belong to the day `on`, each source by itself: one that breaks stops no other.

    What is in the outbox already is not written again. Facts are those of `as_of` (default: `on`); `replay` is told to
    the outbox. Returns one Outcome for each source; a source that broke has queued nothing and says why.
    """
    return [_run(source, on, as_of or on, replay) for source in sources]


def _run(source: Source, on: date, as_of: date, replay: bool) -> Outcome:
    outcome = Outcome(source.kind)

    def counted() -> Iterator[Mail]:
        for mail in source.mails(on, None, as_of):
            outcome.due += 1
            yield mail

    try:
        with transaction.atomic():
            outcome.queued = outbox.queue_many(counted(), replay=replay, faults=outcome.faults)
    except Exception as fault:
        logger.exception("The reminders %s of %s broke.", source.kind, on)
        outcome.faults.append(f"{source.kind}: {fault!r}")
    logger.info("Reminders %s of %s: due %s, new %s", source.kind, on, outcome.due, outcome.queued)
    return outcome
