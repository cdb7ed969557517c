"""The states of a queued message: the one place that changes them after the row was written (docs/adr/0016).

Who sends holds a *claim*: a random number, on the row and as an advisory lock of the sender's database session.

    queued → sending (claim)            nobody else takes it
    sending → handed over               committed after the body was sent, before the final dot that makes it a mail
    handed over → sent | failed | queued   as the mail server answers

What a person decides about a message that stands still is here too; messaging.decisions has the rules and the audit.

Killed before the hand-over, the server cannot have the mail, so the row goes back into the queue. Killed after it, the
server may have it: uncertain, shown, never sent again by itself. Every step is one UPDATE that asks for the claim, so a
sender who was thought dead, and is not, cannot hand over what was taken from it. The lock only tells quickly who is
dead; being wrong about that costs nothing.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import DateField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Now

from core import clock
from messaging.enums import MessageState, StateReason
from messaging.models import Message
from messaging.prepared import Prepared
from messaging.render import Words

# Minutes until the next try, after each time the mail server put a message off: given up after 27 hours.
TRY_AGAIN_AFTER = (1, 5, 15, 60, 120, 240, 480, 720)
# A sender whose session lives that long without an answer hangs; every step of sending has a time limit far below.
GIVEN_UP_ON_AFTER = timedelta(minutes=15)
NO_CLAIM = {"claim": None, "claimed_at": None, "handed_over_at": None}


@contextmanager
def claimant() -> Iterator[int]:
    """A claim of one's own, known to be alive while this session holds its lock.

    Raises RuntimeError inside a transaction: each change of state below is one statement, committed at once.
    """
    claim = secrets.randbits(62) + 1
    with transaction.atomic(durable=True):
        _ask("SELECT pg_advisory_lock(%s)", claim)
    try:
        yield claim
    finally:
        try:
            _ask("SELECT pg_advisory_unlock(%s)", claim)
        except Error:
            # The session is gone, and its locks with it.
            connection.close_if_unusable_or_obsolete()


def waiting(only: Q | None = None) -> QuerySet[Message]:
    """What is due: secret words first (somebody sits before a sign-in page), then the oldest."""
    due = Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__lte=Now(), digest=None)
    return due.filter(only or Q()).order_by("-secret", "next_attempt_at", "pk")


def claim(mine: int, count: int, only: Q | None = None) -> list[Message]:
    """Take up to `count` due messages for this claim, in order; rows that another is just taking are left to it."""
    with transaction.atomic(durable=True):
        rows = list(waiting(only).select_for_update(skip_locked=True)[:count])
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=MessageState.SENDING, claim=mine, claimed_at=Now(), handed_over_at=None
        )
    for row in rows:
        row.state, row.claim = MessageState.SENDING, mine
    return rows


# These two are what a night of ten thousand messages waits for.
HAND_OVER = Prepared(
    "messaging_hand_over",
    "jsonb, text, text, text, text, bigint, bigint",
    """UPDATE messaging_message SET handed_over_at = statement_timestamp(), words = coalesce(%s, words), languages = %s,
    address = %s, name = %s, language = %s WHERE id = %s AND claim = %s AND state = 'sending'""",
)
SENT = Prepared(
    "messaging_sent",
    "timestamptz, bigint, bigint",
    """UPDATE messaging_message SET state = 'sent', state_reason = '', sent_at = %s, attempts = attempts + 1,
    last_error = '', secret_word = '', words = CASE WHEN secret THEN '{}' WHEN languages = 'cy' THEN words - 'en'
    WHEN languages = 'en' THEN words - 'cy' ELSE words END
    WHERE id = %s AND claim = %s AND state IN ('sending', 'uncertain')""",
)


def hand_over(message: Message, mine: int, *, words: Words, languages: Collection[str]) -> bool:
    """Commit that the mail server is about to have the message, with the words it gets; False: it is ours no more."""
    going = {language: words[language] for language in languages}
    # Mostly they are those that were queued, and need not travel again.
    kept = None if all(message.words.get(one) == going[one] for one in going) else json.dumps(going)
    to = (message.address, message.name, message.language)
    return bool(HAND_OVER.execute(kept, "+".join(languages), *to, message.pk, mine))


def give_back(messages: Collection[Message], mine: int) -> int:
    """Into the queue again, as if never taken; what was handed over is left where it is, whatever the caller thinks."""
    rows = _claimed(messages, mine, MessageState.SENDING).filter(handed_over_at__isnull=True)
    return rows.update(state=MessageState.QUEUED, state_reason="", **NO_CLAIM)


def pause(message: Message, mine: int, *, until: datetime, reason: StateReason) -> MessageState:
    """Into the queue again, not to be tried before `until`: nothing is wrong, only the hour."""
    rows = _claimed([message], mine, MessageState.SENDING).filter(handed_over_at__isnull=True)
    # The moment is one of business; how long it is until then counts by the clock of the database.
    later = Now() + (until - clock.now())
    rows.update(state=MessageState.QUEUED, state_reason=reason, next_attempt_at=later, **NO_CLAIM)
    return MessageState.QUEUED


def put_off(message: Message, mine: int, *, reason: StateReason, error: str) -> MessageState:
    """Into the queue again for later, the longer the more often; after the last try it has failed.

    For what the mail server surely has not: it said so, or never got the final dot.
    """
    attempts = message.attempts + 1
    if attempts > len(TRY_AGAIN_AFTER):
        gave_up = StateReason.GAVE_UP if reason == StateReason.PUT_OFF else StateReason.UNCHECKED
        return settle(message, mine, MessageState.FAILED, reason=gave_up, error=error)
    # Not all at the same second, when a server was away for many.
    delay = timedelta(minutes=TRY_AGAIN_AFTER[attempts - 1]) * random.uniform(0.8, 1.2)  # noqa: S311 (no secret)
    _claimed([message], mine, MessageState.SENDING, MessageState.UNCERTAIN).update(
        state=MessageState.QUEUED,
        state_reason=reason,
        attempts=attempts,
        next_attempt_at=Now() + delay,
        last_error=error[:500],
        **NO_CLAIM,
    )
    return MessageState.QUEUED


def hold_back(message: Message, mine: int, *, reason: StateReason, error: str = "") -> MessageState:
    """Keep what this claim has and has not handed over, for a person to decide."""
    rows = _claimed([message], mine, MessageState.SENDING).filter(handed_over_at__isnull=True)
    rows.update(**_standing(MessageState.HELD, reason), last_error=error[:500], **NO_CLAIM)
    return MessageState.HELD


def settle(
    message: Message, mine: int, state: MessageState, *, reason: StateReason | str = "", error: str = ""
) -> MessageState:
    """Record how it ended. What is secret is wiped: sent, it is nobody's business, and unsent of no use."""
    if state == MessageState.SENT:
        SENT.execute(clock.now(), message.pk, mine)
        _after(message)
        return state
    ended: dict[str, Any] = {**_standing(state, reason), "last_error": error[:500], "secret_word": ""}
    if message.secret:
        ended["words"] = {}
    if state == MessageState.FAILED:
        ended["attempts"] = F("attempts") + 1
    _claimed([message], mine, MessageState.SENDING, MessageState.UNCERTAIN).update(**ended)
    _after(message)
    return state


def _after(message: Message) -> None:
    if message.is_summary:
        end_with_summaries()


def bring_forward(time: timedelta) -> int:
    """What waits for its moment waits so much less: the product's clock was moved and the database's was not."""
    later = Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__gt=Now())
    return later.update(next_attempt_at=F("next_attempt_at") - time)


# What was in a summary that has ended; of its members nobody need decide by itself.
END_WITH_SUMMARY = """UPDATE messaging_message AS one SET state = whole.state, sent_at = whole.sent_at,
    state_reason = CASE whole.state WHEN 'sent' THEN 'digest' ELSE whole.state_reason END,
    handed_over_at = whole.handed_over_at, languages = whole.languages, last_error = whole.last_error,
    decided_at = CASE WHEN whole.state IN ('failed', 'uncertain') THEN %s::timestamptz END
    FROM messaging_message AS whole
    WHERE one.digest_id = whole.id AND one.state IN ('queued', 'uncertain') AND one.state <> whole.state
    AND whole.state IN ('sent', 'failed', 'uncertain', 'cancelled')"""


def end_with_summaries() -> int:
    """What is in a daily summary that has ended ends as the summary did; returns how many messages did."""
    with connection.cursor() as cursor:
        cursor.execute(END_WITH_SUMMARY, (clock.now(),))
        return int(cursor.rowcount)


def leave_summary(member: Message, state: MessageState, reason: StateReason, error: str = "") -> None:
    """Take what still waits out of its summary: it ends, is held, or waits by itself."""
    rows = Message.objects.filter(pk=member.pk, state=MessageState.QUEUED)
    rows.update(**_standing(state, reason), digest=None, last_error=error[:500])


def hold(rows: QuerySet[Message], reason: StateReason) -> int:
    """Hold those of these rows that wait and are not secret, for a person to decide."""
    rows = rows.filter(state=MessageState.QUEUED, secret=False)
    # Out of a daily summary, too: it goes when somebody lets it go.
    return rows.update(**_standing(MessageState.HELD, reason), digest=None)


def hold_late(today: date) -> int:
    """Hold what is past its late limit for a person to decide; late secret words are of no use and are cancelled."""
    # What is in a daily summary is looked at when that goes.
    late = Message.objects.filter(state=MessageState.QUEUED, late_after__lt=today, digest=None)
    late.filter(secret=True).update(state=MessageState.CANCELLED, state_reason=StateReason.EXPIRED, words={})
    return hold(late, StateReason.LATE)


def file_away(before: date) -> int:
    """Cancel what waits and belongs to a day before `before`, with its words; for a past that is loaded, not lived.

    Called in the transaction that wrote the rows, so that no worker ever sees them waiting.
    """
    past = Message.objects.filter(state=MessageState.QUEUED, due_on__lt=before)
    return past.update(state=MessageState.CANCELLED, state_reason=StateReason.PAST, secret_word="")


def recover(mine: int) -> tuple[int, int]:
    """Settle what dead senders left: (back into the queue, uncertain)."""
    end_with_summaries()
    sending = Message.objects.filter(state=MessageState.SENDING)
    back = uncertain = 0
    for claim_of_other in _claims_of_others(mine):
        left = sending.filter(claim=claim_of_other)
        dead = _ask("SELECT pg_try_advisory_lock(%s)", claim_of_other)
        if not dead:
            left = left.filter(claimed_at__lt=Now() - GIVEN_UP_ON_AFTER)
        try:
            back += left.filter(handed_over_at__isnull=True).update(state=MessageState.QUEUED, **NO_CLAIM)
            left = left.filter(handed_over_at__isnull=False)
            left.filter(secret=True).update(words={})
            left.exclude(secret_word="").update(secret_word="")
            uncertain += left.update(**_standing(MessageState.UNCERTAIN, StateReason.STOPPED))
        finally:
            if dead:
                _ask("SELECT pg_advisory_unlock(%s)", claim_of_other)
    return back, uncertain


def stand_still(pk: int) -> Message:
    """The message, locked for the caller's transaction: nobody else decides about it meanwhile."""
    return Message.objects.select_for_update().get(pk=pk)


def release(message: Message, *, today: date, address: str = "") -> None:
    """Let a held message go, to `address` if given; it may be as late from today as it once was from its own day."""
    message.state, message.state_reason, message.decided_at = MessageState.QUEUED, "", clock.now()
    message.late_after = today + (message.late_after - message.due_on)
    message.address = address or message.address
    message.next_attempt_at = Now()
    message.save(update_fields=["state", "state_reason", "decided_at", "late_after", "address", "next_attempt_at"])


def discard(message: Message) -> None:
    """Cancel a held message, with whatever of it is secret."""
    message.state, message.state_reason, message.secret_word = MessageState.CANCELLED, StateReason.DISCARDED, ""
    message.decided_at = clock.now()
    message.save(update_fields=["state", "state_reason", "secret_word", "decided_at"])


def release_all(held: QuerySet[Message], *, today: date) -> int:
    """`release` for many, with one statement."""
    further = ExpressionWrapper(Value(today) + (F("late_after") - F("due_on")), output_field=DateField())
    return held.filter(state=MessageState.HELD).update(
        state=MessageState.QUEUED,
        state_reason="",
        decided_at=clock.now(),
        late_after=further,
        next_attempt_at=Now(),
    )


def discard_all(held: QuerySet[Message]) -> int:
    """`discard` for many, with one statement."""
    return held.filter(state=MessageState.HELD).update(
        state=MessageState.CANCELLED, state_reason=StateReason.DISCARDED, secret_word="", decided_at=clock.now()
    )


def arrived(message: Message) -> None:
    """A message that may have arrived has, as a person says: it was sent when it was handed over."""
    message.state, message.state_reason = MessageState.SENT, StateReason.ARRIVED
    message.sent_at, message.decided_at = message.handed_over_at, clock.now()
    message.save(update_fields=["state", "state_reason", "sent_at", "decided_at"])


def set_aside(message: Message) -> None:
    """Somebody has dealt with a message that was not delivered, or may not have been: nobody need look any more."""
    message.decided_at = clock.now()
    message.save(update_fields=["decided_at"])


def _standing(state: MessageState, reason: StateReason | str) -> dict[str, Any]:
    """What goes with a state in which it may stand still: whatever was decided before, nobody has seen this."""
    return {"state": state, "state_reason": reason, "decided_at": None}


def _claimed(messages: Collection[Message], mine: int, *states: MessageState) -> QuerySet[Message]:
    # A sender that was thought dead has no say any more in what a person has dealt with meanwhile.
    dealt_with = Q(state=MessageState.UNCERTAIN, decided_at__isnull=False)
    return Message.objects.exclude(dealt_with).filter(
        pk__in=[message.pk for message in messages], claim=mine, state__in=states
    )


def _claims_of_others(mine: int) -> set[int]:
    claims = Message.objects.filter(state=MessageState.SENDING).exclude(claim=mine).values_list("claim", flat=True)
    return {claim for claim in claims if claim is not None}


def _ask(question: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [number])
        return bool(cursor.fetchone()[0])
