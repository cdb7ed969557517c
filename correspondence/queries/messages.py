"""Messages as the programme team reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from cohorts.models import Cohort
from cohorts.queries.cohorts import visible_to as visible_cohorts
from correspondence.kinds import label_of
from messaging.enums import MessageState, StateReason
from messaging.models import Message
from messaging.render import DOTS
from people.models import User

# The newest cohorts, which a filter offers; older ones are asked for from their own pages.
MOST_COHORTS = 25


def cohorts_on_offer(
    user: User | AnonymousUser, today: date, *, asked: str = "", person: User | None = None
) -> dict[str, Cohort]:
    """Cohorts that a filter offers, by slug: the person’s own first, then the newest, then the one asked for.

    At most three queries, whatever the number of cohorts.
    """
    visible = visible_cohorts(user, today)
    found = list(visible.filter(associates__person=person)) if person else []
    cohorts = {cohort.slug: cohort for cohort in (*found, *visible[:MOST_COHORTS])}
    if asked and asked not in cohorts:
        cohorts |= {cohort.slug: cohort for cohort in visible.filter(slug=asked)}
    return cohorts


@dataclass(frozen=True)
class MessageLine:
    """One message in a list. Its subject may be in the other language than the page, so it says in which."""

    message: Message
    kind: str
    state: MessageState
    reason: str
    subject: str
    language: str

    @property
    def at(self) -> datetime:
        """When it was sent, else when it was queued."""
        return self.message.sent_at or self.message.queued_at


def lines_of(messages: Iterable[Message]) -> list[MessageLine]:
    """The messages as lines of a list. Secret subjects are left out: a code stands in them."""
    return [line_of(message) for message in messages]


def line_of(message: Message) -> MessageLine:
    """The message with its kind, state and reason in words."""
    words = {} if message.secret else message.words
    here = (get_language() or "en")[:2]
    language = here if here in words or not words else next(iter(words))
    return MessageLine(
        message=message,
        kind=label_of(message.kind),
        state=MessageState(message.state),
        reason=str(StateReason(message.state_reason).label) if message.state_reason else "",
        subject=words[language]["subject"] if words else "",
        language=language,
    )


# Whoever follows the link in the foot of a mail decides for its recipient, so others do not read it.
STOP_LINK = re.compile(r"(/messages/stop/)\S+")


def words_of(message: Message) -> list[tuple[str, dict[str, str]]]:
    """The words by language, as others than the recipient may read them; none of a secret message."""
    if message.secret:
        return []
    return [
        (language, {part: STOP_LINK.sub(rf"\1{DOTS}", text) for part, text in parts.items()})
        for language, parts in message.words.items()
    ]
