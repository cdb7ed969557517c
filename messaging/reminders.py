"""Who should hear on which days: the runner of the reminders.

A *source* is a function that computes, from the facts, on which occasions people would be told something, and whether
they are. The same function is asked at night (whom to tell), before sending (is it still so), for days to come (what
will be sent) and about one person (why, or why not). Nothing is stored for the future.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import Window
from core.verdicts import Verdict, refused
from messaging import approvals, outbox
from messaging.kinds import Kind, Text
from messaging.mail import Mail
from messaging.models import MessageRule
from messaging.policies import Policies, Slot

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """Which occasions are asked for.

    Those of the days in `window` (closed at both ends); of everybody, or of the `people` with these references ("" are
    those who have none); within everything, or one `scope`. Whether somebody hears is judged as of the occasion's own
    day, or as of `as_of` when that is later: the day of sending. `supposed` is a rule that nobody has set yet: the
    answer is what it would be with it.
    """

    window: Window
    people: Collection[str] | None = None
    scope: str = ""
    as_of: date | None = None
    supposed: MessageRule | None = None

    @classmethod
    def of_day(cls, on: date, *, people: Collection[str] | None = None, as_of: date | None = None) -> Question:
        """The question about one day."""
        return cls(Window(on, on + timedelta(days=1)), people, as_of=as_of)

    def policies(self, kind: Kind) -> Policies:
        """The rules of a kind that count for this question; those of all kinds are read once."""
        return Policies(kind, self.supposed, self.rules)

    @cached_property
    def rules(self) -> list[MessageRule]:
        """Every rule that may count, the earliest first."""
        rules = MessageRule.objects.order_by("from_on")
        return list(rules.filter(scope__in={"", self.scope}) if self.scope else rules)

    def judged_on(self, on: date) -> date:
        """The day whose facts count for an occasion of the day `on`."""
        return max(on, self.as_of) if self.as_of else on


@dataclass(frozen=True)
class Occasion:
    """That a rule speaks of somebody on a day: the mail as it would be, and whether it goes.

    `slot` is the day and the policy that counts on it; `event_on` the day it is counted from, and `topic` of what,
    where the kind leaves that open, such as the phase; `heard` what the source found, with the facts that decided as
    (label, value).
    """

    mail: Mail
    slot: Slot
    event_on: date
    heard: Verdict
    facts: tuple[tuple[Text, object], ...] = ()
    topic: Text = ""

    @property
    def due_mail(self) -> Mail:
        """The mail with the late limit that its rule sets."""
        days, most = self.slot.policy.late_after_days, self.mail.late_after_days
        return self.mail if days is None else replace(self.mail, late_after_days=min(days, most))

    @property
    def verdict(self) -> Verdict:
        """Whether it goes; else the first thing that stands against it."""
        if not self.slot.policy.is_on:
            return refused(_("Messages of this kind are switched off here."))
        return self.heard


@dataclass(frozen=True)
class Source:
    """One kind of reminder.

    `occasions(question)` yields each once, with the same keys whenever it is asked with the
    same facts, and costs no more queries for many people than for few.
    """

    kind: Kind
    occasions: Callable[[Question], Iterator[Occasion]]

    def mails(self, question: Question) -> Iterator[Mail]:
        """Those that go."""
        return (occasion.due_mail for occasion in self.occasions(question) if occasion.verdict)


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
    the outbox. What nobody has approved yet, and what would go to many, is held for a person. Returns one Outcome for
    each source; a source that broke has queued nothing and says why.
    """
    return [_run(source, on, as_of, replay) for source in sources]


def _run(source: Source, on: date, as_of: date | None, replay: bool) -> Outcome:
    outcome = Outcome(source.kind.slug)

    def counted() -> Iterator[Mail]:
        for mail in source.mails(Question.of_day(on, as_of=as_of)):
            outcome.due += 1
            yield mail

    try:
        with transaction.atomic():
            outcome.queued = outbox.queue_many(counted(), replay=replay, faults=outcome.faults)
            approvals.ask_first(source.kind, on)
    except Exception as fault:
        logger.exception("The reminders %s of %s broke.", source.kind.slug, on)
        outcome.faults.append(f"{source.kind.slug}: {fault!r}")
    logger.info("Reminders %s of %s: due %s, new %s", outcome.kind, on, outcome.due, outcome.queued)
    return outcome
