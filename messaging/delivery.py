"""Sending what is due: claim a few, look again, send one by one over one connection, record each at once.

Safe to run at any time, any number of times, by any number of workers, and to be killed anywhere; messaging.claims says
why. A reminder is checked again right before it goes, so a few are claimed at a time and not for long.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from email.utils import format_datetime, formataddr

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import Error, connection
from django.db.models import Q

from core import clock
from messaging import claims
from messaging.enums import MessageState, StateReason
from messaging.models import Message
from messaging.recheck import Checks, Drop, Finding, Send, Wait, look_again
from messaging.render import Words, letter, with_secret
from messaging.transport import Answer, Envelope, Meaning, ServerAwayError, Transport, open_transport, seal

logger = logging.getLogger(__name__)

CHUNK = 20
# What was checked longer ago than this is checked again: a slow mail server must not make it old.
SECONDS_A_CHECK_HOLDS = 15.0
# The database came back: what the mail server answered is worth waiting for.
PAUSES_BEFORE_RECORDING_AGAIN = (0.5, 2.0, 5.0)


@dataclass
class Round:
    """What one call did: how many messages came into which state, and what stopped it before all had gone."""

    states: Counter[str] = field(default_factory=Counter)
    out_of_time: bool = False
    server_away: bool = False


def deliver_due(checks: Checks, *, today: date, only: Q | None = None, seconds: float = 60.0) -> Round:
    """Send what is due, for at most about `seconds`.

    First what dead senders left is settled, and what is late is held. `only` narrows to some rows. A mail server that
    is away leaves everything queued; the next call tries again.
    """
    done = Round()
    with claims.claimant() as mine:
        back, uncertain = claims.recover(mine)
        held = claims.hold_late(today)
        done.states.update({MessageState.UNCERTAIN: uncertain, MessageState.HELD: held})
        if back or uncertain or held:
            logger.warning("Outbox: back in the queue %s, uncertain %s, held %s", back, uncertain, held)
        if claims.waiting(only).exists():
            try:
                with open_transport() as transport:
                    _deliver(transport, mine, checks, today, only, time.monotonic() + seconds, done)
            except ServerAwayError as fault:
                done.server_away = True
                logger.warning("The mail server is away (%s); everything stays queued.", fault)
    done.states = +done.states
    return done


def _deliver(
    transport: Transport, mine: int, checks: Checks, today: date, only: Q | None, end: float, done: Round
) -> None:
    while chunk := claims.claim(mine, CHUNK, only):
        unsent = {message.pk: message for message in chunk}
        try:
            findings = look_again(chunk, checks, today)
            too_old = time.monotonic() + SECONDS_A_CHECK_HOLDS
            for message in chunk:
                if time.monotonic() > too_old:
                    break
                state = _deliver_one(transport, mine, message, findings[message.pk])
                del unsent[message.pk]
                if state:
                    done.states[state] += 1
        finally:
            if unsent:
                claims.give_back(unsent.values(), mine)
        if time.monotonic() > end:
            done.out_of_time = True
            return


def _deliver_one(transport: Transport, mine: int, message: Message, finding: Finding) -> MessageState | None:
    match finding:
        case Drop(reason, error):
            state = MessageState.FAILED if reason == StateReason.UNWRITABLE else MessageState.CANCELLED
            return claims.settle(message, mine, state, reason=reason, error=error)
        case Wait(error):
            return claims.put_off(message, mine, reason=StateReason.CHECK_FAILED, error=error)
        case Send(words, languages):
            try:
                sent = with_secret(words, message.secret_word) if message.secret_word else words
                envelope = _in_envelope(message, sent, languages)
            except (ValidationError, ValueError) as fault:
                return claims.settle(
                    message, mine, MessageState.FAILED, reason=StateReason.UNWRITABLE, error=str(fault)
                )
            answer = transport.send(envelope, lambda: claims.hand_over(message, mine, words=words, languages=languages))
            return _record(message, mine, answer)


def _in_envelope(message: Message, words: Words, languages: tuple[str, ...]) -> Envelope:
    """The mail as it goes over the wire; raises for what cannot be written."""
    validate_email(message.address)
    subject, body = letter(words, languages)
    return seal(
        EmailMessage(
            subject,
            body,
            to=[formataddr((" ".join(message.name.split()), message.address))],
            headers={
                "Message-ID": message.message_id,
                "Date": format_datetime(clock.now().astimezone(clock.LONDON)),  # in the demo, the demo's day
                "Content-Language": ", ".join(languages),
                # Out-of-office replies to a machine help nobody (RFC 3834).
                "Auto-Submitted": "auto-generated",
            },
        )
    )


def _record(message: Message, mine: int, answer: Answer) -> MessageState | None:
    """Write down the answer; when the database is away at this moment, try again for a few seconds."""
    for pause in (*PAUSES_BEFORE_RECORDING_AGAIN, None):
        try:
            return _record_once(message, mine, answer)
        except Error:
            # Inside somebody's transaction nothing can be tried again.
            if pause is None or connection.in_atomic_block:
                raise
            logger.warning("The database is away; what became of %s is recorded in a moment.", message.key)
            connection.close()
            time.sleep(pause)
    raise AssertionError("unreachable")


def _record_once(message: Message, mine: int, answer: Answer) -> MessageState | None:
    match answer.meaning:
        case Meaning.ACCEPTED:
            return claims.settle(message, mine, MessageState.SENT)
        case Meaning.REFUSED:
            return claims.settle(message, mine, MessageState.FAILED, reason=StateReason.REFUSED, error=answer.text)
        case Meaning.LATER:
            return claims.put_off(message, mine, reason=StateReason.PUT_OFF, error=answer.text)
        case Meaning.UNKNOWN:
            return claims.settle(message, mine, MessageState.UNCERTAIN, reason=StateReason.NO_ANSWER, error=answer.text)
        case Meaning.TAKEN_BACK:
            return None
