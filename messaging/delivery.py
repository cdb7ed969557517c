"""Sending what is due: claim a few, look again, send one by one over one connection, record each at once.

Safe to run at any time, any number of times, by any number of workers, and to be killed anywhere; messaging.claims says
why. A reminder is checked again right before it goes, so a few are claimed at a time and not for long. Where much is
due two senders work side by side, each with its own claim and its own connections: while one waits for the mail server
the other writes down.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.db.models import Q

from messaging import addresses, claims
from messaging.digests import look_over
from messaging.enums import MessageState, StateReason
from messaging.letters import letter_for
from messaging.models import Message
from messaging.preferences import Pause
from messaging.recheck import Checks, Drop, Finding, Send, Wait
from messaging.render import with_secret
from messaging.transports import Answer, Meaning, ServerAwayError, Transport, open_transport

logger = logging.getLogger(__name__)

CHUNK = 200
SENDERS = 2
# After that long the rest of a chunk goes back: what was checked must not get old while the mail server is slow, nor a
# code wait behind it for which somebody sits before a sign-in page.
SECONDS_A_CHECK_HOLDS = 5.0
# The database came back: what the mail server answered is worth waiting for.
PAUSES_BEFORE_RECORDING_AGAIN = (0.5, 2.0, 5.0)


@dataclass
class Round:
    """What one call did: how many messages came into which state, and what stopped it before all had gone."""

    states: Counter[str] = field(default_factory=Counter)
    out_of_time: bool = False
    server_away: bool = False


@dataclass(frozen=True)
class _Job:
    """What all senders of one call share: `end` is when no more is claimed, `stop` when nothing more is begun."""

    checks: Checks
    today: date
    only: Q | None
    end: float
    stop: threading.Event = field(default_factory=threading.Event)


def deliver_due(checks: Checks, *, today: date, only: Q | None = None, seconds: float = 60.0) -> Round:
    """Send what is due, for at most about `seconds`.

    First what dead senders left is settled, and what is late is held. `only` narrows to some rows. A mail server that
    is away leaves everything queued; the next call tries again.
    """
    done = Round()
    job = _Job(checks, today, only, time.monotonic() + seconds)
    with claims.claimant() as mine:
        back, uncertain = claims.recover(mine)
        held = claims.hold_late(today)
        done.states.update({MessageState.UNCERTAIN: uncertain, MessageState.HELD: held})
        if back or uncertain or held:
            logger.warning("Outbox: back in the queue %s, uncertain %s, held %s", back, uncertain, held)
        if due := claims.waiting(only)[: CHUNK + 1].count():
            with ThreadPoolExecutor(SENDERS) as threads:
                helpers = [threads.submit(_help, job) for _n in range(SENDERS - 1 if due > CHUNK else 0)]
                try:
                    _send_all(job, mine, done)
                except BaseException:
                    job.stop.set()
                    raise
            for helper in helpers:
                done.states += helper.result().states
                done.out_of_time |= helper.result().out_of_time
    done.states = +done.states
    return done


def _help(job: _Job) -> Round:
    """A further sender, in a thread of its own."""
    done = Round()
    try:
        with claims.claimant() as mine:
            _send_all(job, mine, done)
    finally:
        connection.close()
    return done


def _send_all(job: _Job, mine: int, done: Round) -> None:
    try:
        with open_transport() as transport:
            _deliver(job, transport, mine, done)
    except ServerAwayError as fault:
        done.server_away = True
        logger.warning("The mail server is away (%s); everything stays queued.", fault)


def _deliver(job: _Job, transport: Transport, mine: int, done: Round) -> None:
    while not job.stop.is_set() and (chunk := claims.claim(mine, CHUNK, job.only)):
        unsent = {message.pk: message for message in chunk}
        try:
            findings = look_over(chunk, job.checks, job.today)
            bad = addresses.bad_among({message.address for message in chunk})
            too_old = time.monotonic() + SECONDS_A_CHECK_HOLDS
            for message in chunk:
                if time.monotonic() > too_old or job.stop.is_set():
                    break
                state = _deliver_one(job, transport, mine, message, findings[message.pk], bad)
                del unsent[message.pk]
                if state:
                    done.states[state] += 1
        finally:
            if unsent:
                claims.give_back(unsent.values(), mine)
        if time.monotonic() > job.end:
            done.out_of_time = True
            return


def _deliver_one(
    job: _Job, transport: Transport, mine: int, message: Message, finding: Finding, bad: set[str]
) -> MessageState | None:
    """Send one message, or settle why not. `bad` are the addresses of the chunk that do not work, in small letters."""
    match finding:
        case Drop(reason, error):
            state = MessageState.FAILED if reason == StateReason.UNWRITABLE else MessageState.CANCELLED
            return claims.settle(message, mine, state, reason=reason, error=error)
        case Wait(error):
            return claims.put_off(message, mine, reason=StateReason.CHECK_FAILED, error=error)
        case Pause(until, reason):
            return claims.pause(message, mine, until=until, reason=reason)
        case Send(words, languages):
            # A code or a link is of use now or never, and somebody who asks for one may have mended the address.
            if message.address.lower() in bad and not message.secret:
                return claims.hold_back(message, mine, reason=StateReason.ADDRESS)
            sent = with_secret(words, message.secret_word) if message.secret_word else words
            try:
                letter = letter_for(message, sent, languages, job.checks.unsubscribe(message))
            except (ValidationError, ValueError) as fault:
                return claims.settle(
                    message, mine, MessageState.FAILED, reason=StateReason.UNWRITABLE, error=str(fault)
                )
            except Exception as fault:
                logger.exception("The letter of %s cannot be written.", message.key)
                return claims.put_off(message, mine, reason=StateReason.CHECK_FAILED, error=repr(fault))
            answer = transport.send(letter, lambda: claims.hand_over(message, mine, words=words, languages=languages))
            return _record(message, mine, answer, bad)


def _record(message: Message, mine: int, answer: Answer, bad: set[str]) -> MessageState | None:
    """Write down the answer; when the database is away at this moment, try again for a few seconds."""
    for pause in (*PAUSES_BEFORE_RECORDING_AGAIN, None):
        try:
            return _record_once(message, mine, answer, bad)
        except Error:
            # Inside somebody's transaction nothing can be tried again.
            if pause is None or connection.in_atomic_block:
                raise
            logger.warning("The database is away; what became of %s is recorded in a moment.", message.key)
            connection.close()
            time.sleep(pause)
    raise AssertionError("unreachable")


def _record_once(message: Message, mine: int, answer: Answer, bad: set[str]) -> MessageState | None:
    match answer.meaning:
        case Meaning.ACCEPTED:
            if message.address.lower() in bad:
                addresses.mend(message.address)
                bad.discard(message.address.lower())
            return claims.settle(message, mine, MessageState.SENT)
        case Meaning.BAD_ADDRESS:
            with transaction.atomic():
                addresses.note_bad(message.address, person=message.person, said=answer.text)
                state = claims.settle(message, mine, MessageState.FAILED, reason=StateReason.ADDRESS, error=answer.text)
            bad.add(message.address.lower())
            return state
        case Meaning.REFUSED:
            return claims.settle(message, mine, MessageState.FAILED, reason=StateReason.REFUSED, error=answer.text)
        case Meaning.LATER:
            return claims.put_off(message, mine, reason=StateReason.PUT_OFF, error=answer.text)
        case Meaning.UNKNOWN:
            return claims.settle(message, mine, MessageState.UNCERTAIN, reason=StateReason.NO_ANSWER, error=answer.text)
        case Meaning.TAKEN_BACK:
            return None
