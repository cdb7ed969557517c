"""One mail a day for those who want it so, with what would have been several.

    in the night      `gather` puts what waits for such a person into their summary: a message of kind “digest” whose
                      `members` are the rows that it will hold. From then on these do not go by themselves.
    when it goes      `look_over` asks of each member again whether it is still so, and writes the mail from those that
                      are; nothing left, nothing goes.
    afterwards        the members end as their summary does (messaging.claims.end_with_summaries).

A message that the next summary would reach too late goes by itself (messaging.preferences).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Min, OuterRef, QuerySet, Subquery

from core import clock
from messaging import claims
from messaging.emails import SUMMARY, daily_summary
from messaging.enums import MessageState, StateReason
from messaging.kinds import DIGEST, Kind
from messaging.letters import FOOTER_LINE
from messaging.models import Message, Preference
from messaging.outbox import message_id_for, nudge_after_commit
from messaging.preferences import Pause
from messaging.recheck import Checks, Drop, Finding, Send, Wait, look_again
from messaging.render import UnwritableError, words_of

logger = logging.getLogger(__name__)

PEOPLE_AT_A_TIME = 500


def gather(kinds: Collection[Kind], on: date) -> int:
    """Put what waits for those who want one mail a day into their summary of the day `on`; returns how many messages.

    Messages of these kinds, without service messages and what holds a secret. Whoever has an unsent summary gets it
    into that one, and whoever has had theirs of the day gets it tomorrow. Queries and memory depend on the batches of
    people, each a transaction of its own.
    """
    slugs = [kind.slug for kind in kinds if not kind.is_service and kind is not DIGEST]
    wanting = Preference.objects.filter(digest=True).order_by("pk").values_list("pk", "person")
    gathered = after = 0
    while people := list(wanting.filter(pk__gt=after)[:PEOPLE_AT_A_TIME]):
        after = people[-1][0]
        gathered += _gather_for([person for _pk, person in people], slugs, on)
    return gathered


@transaction.atomic
def _gather_for(people: Collection[str], slugs: Collection[str], on: date) -> int:
    waiting = Message.objects.filter(
        state=MessageState.QUEUED, person__in=people, kind__in=slugs, late_after__gte=on, digest=None, again_of=None
    )
    # What somebody is just sending is left to them.
    waiting = waiting.filter(secret=False, secret_word="").select_for_update(skip_locked=True)
    whose = {row.pk: row for row in waiting.only("person", "address", "name", "language", "late_after").order_by("pk")}
    if not whose:
        return 0
    latest = {row.person: row for row in whose.values()}
    has_one = set(_unsent(latest).values_list("person", flat=True))
    made = [_summary(row, on) for person, row in latest.items() if person not in has_one]
    Message.objects.bulk_create(made, ignore_conflicts=True)
    # Locked, so that nobody sends one while we put something in.
    summaries = dict(_unsent(latest).select_for_update(skip_locked=True).values_list("person", "pk"))
    rows = Message.objects.filter(pk__in=[pk for pk, row in whose.items() if row.person in summaries])
    mine = Message.objects.filter(pk__in=summaries.values())
    gathered = rows.update(
        digest=Subquery(mine.filter(person=OuterRef("person")).values("pk")[:1]), state_reason=StateReason.DIGEST
    )
    first = Message.objects.filter(digest=OuterRef("pk"), state=MessageState.QUEUED).order_by().values("digest")
    mine.update(late_after=Subquery(first.annotate(first=Min("late_after")).values("first")))
    nudge_after_commit()
    return gathered


def _unsent(people: Collection[str]) -> QuerySet[Message]:
    return Message.objects.filter(
        kind=DIGEST.slug, state=MessageState.QUEUED, again_of=None, person__in=list(people)
    ).order_by("pk")


def _summary(row: Message, on: date) -> Message:
    """An empty summary for the person of this row; its words are written when it goes."""
    key = f"digest:{on.isoformat()}:{row.person}"
    return Message(
        key=key,
        kind=DIGEST.slug,
        person=row.person,
        address=row.address,
        name=row.name,
        language=row.language,
        template=SUMMARY,
        due_on=on,
        late_after=row.late_after,
        message_id=message_id_for(key),
        queued_at=clock.now(),
    )


def look_over(messages: Collection[Message], checks: Checks, today: date) -> dict[int, Finding]:
    """look_again, with the words of the summaries among these messages written from what is still so.

    What is not falls out of its summary and ends as it would have by itself; what is late, or cannot be checked, is
    held, or waits by itself.
    """
    findings = look_again(messages, checks, today)
    summaries = [one for one in messages if one.is_summary and isinstance(findings[one.pk], Send)]
    if not summaries:
        return findings
    members = list(
        Message.objects.filter(digest__in=summaries, state=MessageState.QUEUED).order_by("due_on", "queued_at", "pk")
    )
    parts: dict[int, list[Send]] = defaultdict(list)
    for member, finding in zip(members, look_again(members, checks, today, together=True).values(), strict=True):
        if still := _still_so(member, finding, today):
            assert member.digest_id
            parts[member.digest_id].append(still)
    shared: dict[str, Any] = {}
    for summary in summaries:
        findings[summary.pk] = _written(summary, parts[summary.pk], today, shared)
    return findings


def _still_so(member: Message, finding: Finding, today: date) -> Send | None:
    if member.late_after < today:
        claims.leave_summary(member, MessageState.HELD, StateReason.LATE)
        return None
    match finding:
        case Send():
            return finding
        case Drop(reason, error):
            state = MessageState.FAILED if reason == StateReason.UNWRITABLE else MessageState.CANCELLED
            claims.leave_summary(member, state, reason, error)
        case Wait(error):
            claims.leave_summary(member, MessageState.QUEUED, StateReason.CHECK_FAILED, error)
        case Pause(_until, reason):
            claims.leave_summary(member, MessageState.QUEUED, reason)
    return None


def _written(summary: Message, parts: list[Send], today: date, shared: dict[str, Any]) -> Finding:
    if not parts:
        return Drop(StateReason.NOT_TRUE)
    languages = parts[0].languages
    mail = daily_summary(summary, {one: [_part(part, one) for part in parts] for one in languages}, today)
    try:
        return Send(words_of(mail, shared, languages), languages)
    except UnwritableError as fault:
        logger.exception("Cannot write %s", summary.key)
        return Wait(str(fault))


def _part(part: Send, language: str) -> dict[str, str]:
    """One message in a summary, without the footer: the summary has its own."""
    # Words that were to go in another language come as they are.
    words = part.words.get(language) or next(iter(part.words.values()))
    return {"subject": words["subject"], "body": words["body"].partition(FOOTER_LINE)[0].strip()}
