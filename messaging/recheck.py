"""The last look before a message goes: is it still true, is the person still active, is the language still the same?"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from messaging.enums import StateReason
from messaging.mail import Mail, Recipient
from messaging.models import Message
from messaging.reminders import Question, Source
from messaging.render import UnwritableError, Words, lacks_its_secret, languages_for, words_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Send:
    """It may go, with these words in these languages."""

    words: Words
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Drop:
    """It must not go, for this reason."""

    reason: StateReason
    error: str = ""


@dataclass(frozen=True)
class Wait:
    """Nobody can say at the moment: the check itself broke."""

    error: str


Finding = Send | Drop | Wait


@dataclass(frozen=True)
class Checks:
    """What the composition root hands in, because messaging knows no person and no reminder.

    `recipients(references)` gives those of these people who are active, with their language of today.
    `unsubscribe(message)` is the address at which this person declines this kind of message with one click (RFC 8058),
    "" where it may not be declined.
    """

    sources: Sequence[Source]
    recipients: Callable[[Collection[str]], Mapping[str, Recipient]]
    unsubscribe: Callable[[Message], str] = lambda _message: ""


def look_again(messages: Collection[Message], checks: Checks, today: date) -> dict[int, Finding]:
    """A finding for each of these messages, by primary key; in as many queries as there are kinds and days, plus one.

    The `address`, `name` and `language` of the messages (in memory) become those of today. A reminder's words are
    rendered anew from today's facts; other words stay as they were when the thing happened.
    """
    people = {message.person for message in messages if message.person}
    active = checks.recipients(people) if people else {}
    sources = {source.kind.slug: source for source in checks.sources}
    shared: dict[str, Any] = {}
    findings: dict[int, Finding] = {}
    by_source: dict[tuple[str, date, date], list[Message]] = defaultdict(list)
    for message in messages:
        if message.person and message.person not in active:
            findings[message.pk] = Drop(StateReason.INACTIVE)
        elif message.kind in sources:
            as_of = message.due_on if message.replay else max(message.due_on, today)
            by_source[message.kind, message.due_on, as_of].append(message)
        else:
            if message.person:
                message.language = active[message.person].language
            findings[message.pk] = _as_queued(message)
    for (kind, due_on, as_of), asked in by_source.items():
        findings |= _ask(sources[kind], due_on, as_of, asked, shared)
    return findings


def _as_queued(message: Message) -> Finding:
    if not message.address:
        return Drop(StateReason.NO_ADDRESS)
    if not message.words or lacks_its_secret(message.words, message.secret_word):
        return Drop(StateReason.EXPIRED)
    # Once the mail server has put it off, only the words that were to go are left.
    languages = tuple(language for language in languages_for(message.language) if language in message.words)
    return Send(message.words, languages or tuple(message.words))


def _ask(
    source: Source, due_on: date, as_of: date, messages: Sequence[Message], shared: dict[str, Any]
) -> dict[int, Finding]:
    """Ask the source that queued these messages whether it would queue them now."""
    try:
        asked = Question.of_day(due_on, people={message.person for message in messages}, as_of=as_of)
        fresh = {mail.key: mail for mail in source.mails(asked)}
    except Exception as fault:
        logger.exception("The reminders %s of %s cannot be checked.", source.kind.slug, due_on)
        return {message.pk: Wait(repr(fault)) for message in messages}
    return {message.pk: _as_now(message, fresh.get(message.first_key), shared) for message in messages}


def _as_now(message: Message, mail: Mail | None, shared: dict[str, Any]) -> Finding:
    if mail is None:
        return Drop(StateReason.NOT_TRUE)
    message.address, message.name, message.language = mail.to.address, mail.to.name, mail.to.language
    message.secret_word = mail.secret_word
    if not message.address:
        return Drop(StateReason.NO_ADDRESS)
    languages = languages_for(message.language)
    try:
        return Send(words_of(mail, shared, languages), languages)
    except UnwritableError as fault:
        logger.exception("Cannot write %s", message.key)
        return Drop(StateReason.UNWRITABLE, str(fault))
