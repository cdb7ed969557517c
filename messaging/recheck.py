"""The last look before a message goes: is it still true, is the person still active, is the language still the same?"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core import clock
from messaging.enums import StateReason
from messaging.kinds import Kind
from messaging.mail import Recipient
from messaging.models import Message
from messaging.moments import Rhythm
from messaging.preferences import Manners, Pause
from messaging.reminders import Occasion, Question, Source
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


Finding = Send | Drop | Wait | Pause


@dataclass(frozen=True)
class Checks:
    """What the composition root hands in, because messaging knows no person and no reminder.

    `recipients(references)` gives those of these people who are active, with their language of today.
    `unsubscribe(message)` is the address at which this person declines this kind of message with one click (RFC 8058),
    "" where it may not be declined.
    `kinds` are the kinds by slug: which may be declined, and which go at any hour; what is of none of them does.
    `rhythms(references, day)` gives the working days of these people, and the hours that count for who chose none.
    """

    sources: Sequence[Source]
    recipients: Callable[[Collection[str]], Mapping[str, Recipient]]
    unsubscribe: Callable[[Message], str] = lambda _message: ""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    rhythms: Callable[[Collection[str], date], Mapping[str, Rhythm]] = lambda _people, _day: {}


def look_again(
    messages: Collection[Message], checks: Checks, today: date, *, together: bool = False
) -> dict[int, Finding]:
    """A finding for each of these messages, by primary key; in as many queries as there are kinds and days, plus three.

    With `together` they are those of a daily summary that goes now: none waits for a better hour. The `address`, `name`
    and `language` of the messages (in memory) become those of today. A reminder's words are rendered anew from today's
    facts; other words stay as they were when the thing happened.
    """
    people = {message.person for message in messages if message.person}
    active = checks.recipients(people) if people else {}
    manners = _manners(messages, checks, today)
    at = clock.now()
    sources = {source.kind.slug: source for source in checks.sources}
    shared: dict[str, Any] = {}
    findings: dict[int, Finding] = {}
    by_source: dict[tuple[str, date, date], list[Message]] = defaultdict(list)
    for message in messages:
        if message.person and message.person not in active:
            findings[message.pk] = Drop(StateReason.INACTIVE)
        elif manners.is_declined(message):
            findings[message.pk] = Drop(StateReason.DECLINED)
        elif not together and (pause := manners.pause(message, at)):
            findings[message.pk] = pause
        elif message.is_summary:
            now = active[message.person]
            message.address, message.name, message.language = now.address, now.name, now.language
            findings[message.pk] = (
                Send({}, languages_for(now.language)) if now.address else Drop(StateReason.NO_ADDRESS)
            )
        elif message.kind in sources:
            as_of = message.due_on if message.replay else max(message.due_on, today)
            by_source[message.kind, message.due_on, as_of].append(message)
        else:
            if message.person:
                message.language = active[message.person].language
            findings[message.pk] = _as_queued(message)
    for (kind, due_on, as_of), asked in by_source.items():
        findings |= _ask(sources[kind], due_on, as_of, asked, shared)
    # In the order in which they were asked about.
    return {message.pk: findings[message.pk] for message in messages}


def _manners(messages: Collection[Message], checks: Checks, today: date) -> Manners:
    """How those among the recipients want to be written to who get more than service messages."""
    people = {
        message.person
        for message in messages
        if message.kind in checks.kinds and not checks.kinds[message.kind].is_service
    }
    return Manners(people, checks.kinds, checks.rhythms(people, today) if people else {})


def _as_queued(message: Message) -> Finding:
    if not message.address:
        return Drop(StateReason.NO_ADDRESS)
    if not message.words or lacks_its_secret(message.words, message.secret_word):
        return Drop(StateReason.EXPIRED)
    return _kept(message)


def _kept(message: Message) -> Send:
    # Once the mail server has put it off, only the words that were to go are left.
    languages = tuple(language for language in languages_for(message.language) if language in message.words)
    return Send(message.words, languages or tuple(message.words))


def _ask(
    source: Source, due_on: date, as_of: date, messages: Sequence[Message], shared: dict[str, Any]
) -> dict[int, Finding]:
    """Ask the source that queued these messages whether it would queue them now."""
    try:
        asked = Question.of_day(due_on, people={message.person for message in messages}, as_of=as_of)
        fresh = {occasion.mail.key: occasion for occasion in source.occasions(asked)}
    except Exception as fault:
        logger.exception("The reminders %s of %s cannot be checked.", source.kind.slug, due_on)
        return {message.pk: Wait(repr(fault)) for message in messages}
    return {message.pk: _as_now(message, fresh.get(message.first_key), shared) for message in messages}


def _as_now(message: Message, occasion: Occasion | None, shared: dict[str, Any]) -> Finding:
    if occasion is None or not occasion.verdict:
        is_off = occasion is not None and not occasion.slot.policy.is_on
        return Drop(StateReason.OFF if is_off else StateReason.NOT_TRUE)
    mail = occasion.mail
    message.address, message.name, message.language = mail.to.address, mail.to.name, mail.to.language
    message.secret_word = mail.secret_word
    if not message.address:
        return Drop(StateReason.NO_ADDRESS)
    if message.own_words:
        return _kept(message)
    languages = languages_for(message.language)
    try:
        return Send(words_of(mail, shared, languages), languages)
    except UnwritableError as fault:
        logger.exception("Cannot write %s", message.key)
        return Drop(StateReason.UNWRITABLE, str(fault))
