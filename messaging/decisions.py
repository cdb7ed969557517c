"""What a person decides about messages that stand still: each with its rule, its audit row, and one change of state.

Held: let it go, or discard it. Not delivered, or perhaps not: send it again, or set it aside; what may have arrived has
arrived, if somebody says so. A bad address: it is mended. Who may decide at all is asked by the pages.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.audit import record
from core.verdicts import ALLOWED, Verdict, refused, require
from messaging import addresses, claims, outbox
from messaging.enums import MessageState
from messaging.models import AGAIN, BadAddress, Message
from messaging.render import lacks_its_secret

MAY_BE_REPEATED = (MessageState.FAILED, MessageState.UNCERTAIN)
# What a repetition does not take over from its message.
ITS_OWN = {
    *("id", "key", "message_id", "address", "late_after", "secret_word", "queued_at", "again_of", "decided_at"),
    *("state", "state_reason", "attempts", "next_attempt_at", "last_error", "sent_at"),
    *("claim", "claimed_at", "handed_over_at"),
}


def may_release(message: Message) -> Verdict:
    """Only a held message waits for somebody to let it go."""
    return ALLOWED if message.state == MessageState.HELD else refused(_("This message is not held."))


def may_send_again(message: Message) -> Verdict:
    """What was not delivered, or perhaps not, unless that was dealt with, or a secret in it is gone."""
    if message.state not in MAY_BE_REPEATED:
        return refused(_("Only a message that was not delivered, or may not have been, can be sent again."))
    if message.decided_at:
        return refused(_("Somebody has dealt with this message already."))
    if not message.words or lacks_its_secret(message.words, message.secret_word):
        return refused(_("It held a code or a link that is not kept. Have a new one sent instead."))
    return ALLOWED


def may_set_aside(message: Message) -> Verdict:
    """What was not delivered, or perhaps not, and nobody has dealt with yet."""
    if message.state not in MAY_BE_REPEATED:
        return refused(_("Only a message that was not delivered, or may not have been, can be set aside."))
    return refused(_("Somebody has dealt with this message already.")) if message.decided_at else ALLOWED


def may_mark_arrived(message: Message) -> Verdict:
    """Only of a message that may have arrived can somebody know more than we do."""
    if message.state != MessageState.UNCERTAIN:
        return refused(_("Only of a message that may have arrived can you say that it did."))
    return refused(_("Somebody has dealt with this message already.")) if message.decided_at else ALLOWED


@transaction.atomic
def release_message(*, message: Message, by: Any, today: date, address: str = "") -> Message:
    """Let a held message go, to `address` if given. Its late limit counts from today; it is checked again before it
    goes, and held again while its address is bad. Writes audit; nudges the worker."""
    message = claims.stand_still(message.pk)
    require(may_release(message))
    held_for = message.state_reason
    claims.release(message, today=today, address=address)
    record("message.released", about=message, by=by, held_for=held_for)
    outbox.nudge_after_commit()
    return message


@transaction.atomic
def discard_message(*, message: Message, by: Any) -> Message:
    """Cancel a held message. Writes audit."""
    message = claims.stand_still(message.pk)
    require(may_release(message))
    held_for = message.state_reason
    claims.discard(message)
    record("message.discarded", about=message, by=by, held_for=held_for)
    return message


@transaction.atomic
def send_message_again(*, message: Message, by: Any, today: date, address: str = "") -> Message:
    """Queue the same words under the next key, to `address` if given, and set the old message aside; returns the new
    one. It is checked before it goes as any other. Writes audit; nudges the worker."""
    message = claims.stand_still(message.pk)
    require(may_send_again(message))
    again = _repetition(message, today=today, address=address)
    claims.set_aside(message)
    record("message.repeated", about=message, by=by, as_key=again.key)
    outbox.nudge_after_commit()
    return again


@transaction.atomic
def mark_message_arrived(*, message: Message, by: Any) -> Message:
    """Somebody knows that a message arrived of which we do not: it counts as sent, with that reason. Writes audit."""
    message = claims.stand_still(message.pk)
    require(may_mark_arrived(message))
    claims.arrived(message)
    record("message.confirmed", about=message, by=by)
    return message


@transaction.atomic
def set_message_aside(*, message: Message, by: Any) -> Message:
    """Nobody need look at this message any more; its state stays what it is. Writes audit."""
    message = claims.stand_still(message.pk)
    require(may_set_aside(message))
    claims.set_aside(message)
    record("message.closed", about=message, by=by)
    return message


@transaction.atomic
def mend_address(*, bad: BadAddress, by: Any) -> None:
    """The address works, somebody says: what comes for it is sent again. What is held for it stays held, to be looked
    at one by one. Writes audit when it was still bad."""
    if addresses.mend(bad.address):
        record("address.mended", about=bad, by=by)


def _repetition(message: Message, *, today: date, address: str) -> Message:
    first = message.again_of or message
    key = f"{first.key}{AGAIN}{first.repeated_as.count() + 2}"
    fields = Message._meta.concrete_fields
    same = {field.attname: getattr(message, field.attname) for field in fields if field.name not in ITS_OWN}
    return Message.objects.create(
        **same,
        again_of=first,
        key=key,
        message_id=outbox.message_id_for(key),
        address=address or message.address,
        late_after=today + max(message.late_after - message.due_on, timedelta(0)),
        queued_at=clock.now(),
    )
