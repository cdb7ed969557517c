"""Messages as the programme team reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from correspondence.kinds import label_of
from messaging.enums import MessageState, StateReason
from messaging.models import Message


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
