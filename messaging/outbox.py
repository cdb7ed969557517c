"""Writing messages down. A row is written in the caller's transaction: the fact and its mail stand or fall together.

After the commit the worker is nudged. The nudge may get lost (no broker, no worker): the sweeper, which beat wakes
every few minutes, finds every row that is due.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from core import clock
from messaging import render
from messaging.enums import MessageState, StateReason
from messaging.mail import Mail
from messaging.models import Message
from messaging.policies import switched_off

logger = logging.getLogger(__name__)

BATCH = 500
DELIVER = "infuse.deliver"
# A broker that is away costs one request a second, not every request: after a failure nobody tries for a while.
PAUSE_AFTER_FAILURE = 30.0
_broker = {"away_until": 0.0}


def queue(mail: Mail) -> Message | None:
    """Write `mail` into the outbox, in the caller's transaction, and nudge the worker once that is committed.

    Returns the row, or None when its key was already there: whoever it is for has been told. The words are rendered
    now, in both languages. Where a rule switches its kind off the row is written as cancelled, so that it can be
    explained. Raises render.UnwritableError when there are no words.
    """
    if Message.objects.filter(key=mail.key).exists():
        return None
    row = _row(mail, at=clock.now(), replay=False, shared={})
    _cancel([row], switched_off([mail]))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Somebody else wrote the same key between our question and our row.
        if Message.objects.filter(key=mail.key).exists():
            return None
        raise
    nudge_after_commit()
    return row


def queue_many(mails: Iterable[Mail], *, replay: bool = False, faults: list[str] | None = None) -> int:
    """Write many, in the caller's transaction, a batch at a time; returns how many keys were new.

    Queries and memory depend on the batches, not on the mails. With `replay` (an operator runs a past day again) a
    message is late counted from now, and judged by the facts of its own day. A mail that cannot be put into words
    raises render.UnwritableError; when `faults` is given, it is noted there and the others are written.
    """
    written = 0
    waiting = iter(mails)
    shared: dict[str, Any] = {}
    while batch := {mail.key: mail for mail in islice(waiting, BATCH)}:
        for key in Message.objects.filter(key__in=list(batch)).values_list("key", flat=True):
            del batch[key]
        at = clock.now()
        rows = list(_rows(batch.values(), at=at, replay=replay, shared=shared, faults=faults))
        if not rows:
            continue
        _cancel(rows, switched_off(batch.values()))
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        # Another run may have written one of these keys meanwhile; its row bears another moment.
        written += Message.objects.filter(key__in=[row.key for row in rows], queued_at=at).count()
    if written:
        nudge_after_commit()
    return written


def _cancel(rows: Iterable[Message], off: Collection[str]) -> None:
    """Messages of a kind that is switched off are born cancelled: nobody will send them."""
    for row in rows:
        if row.key in off:
            row.state, row.state_reason = MessageState.CANCELLED, StateReason.OFF


def _rows(
    mails: Iterable[Mail], *, at: datetime, replay: bool, shared: dict[str, Any], faults: list[str] | None
) -> Iterator[Message]:
    for mail in mails:
        try:
            yield _row(mail, at=at, replay=replay, shared=shared)
        except render.UnwritableError as fault:
            if faults is None:
                raise
            logger.exception("Cannot write %s", mail.key)
            faults.append(f"{mail.key}: {fault}")


def _row(mail: Mail, *, at: datetime, replay: bool, shared: dict[str, Any]) -> Message:
    counted_from = at.astimezone(clock.LONDON).date() if replay else mail.due_on
    return Message(
        key=mail.key,
        kind=mail.kind,
        address=mail.to.address,
        name=mail.to.name,
        language=mail.to.language,
        person=mail.to.reference,
        template=mail.template,
        about=mail.about,
        due_on=mail.due_on,
        late_after=counted_from + timedelta(days=mail.late_after_days),
        secret=mail.secret,
        secret_word=mail.secret_word,
        replay=replay,
        words=render.words_of(mail, shared),
        message_id=message_id_for(mail.key),
        queued_at=at,
    )


def message_id_for(key: str) -> str:
    """The Message-ID of the mail with this key: always the same one, so a mail server can tell a repetition."""
    digest = hashlib.sha256(f"{settings.PUBLIC_URL}\n{key}".encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.PUBLIC_URL).hostname or 'infuse.invalid'}>"


def nudge_after_commit() -> None:
    """Wake the worker once the transaction is committed; however many messages it queues, once."""
    if not any(entry[1] is nudge for entry in connection.run_on_commit):
        transaction.on_commit(nudge, robust=True)


def nudge() -> None:
    """Tell the worker that something is due. Never raises and never waits long: the sweeper is the guarantee."""
    if time.monotonic() < _broker["away_until"]:
        return
    try:
        current_app.send_task(DELIVER, retry=False, expires=600)
    except Exception as fault:  # Whatever the driver raises, the caller’s fact is saved.
        _broker["away_until"] = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("The broker is away (%s); the sweeper will deliver.", fault)
