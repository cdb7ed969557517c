"""What the programme team decides about messages that are held: each verb about a whole group."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cohorts.rules import is_in_both_languages
from core.audit import record
from core.verdicts import refused, require
from correspondence import rules
from correspondence.queries import texts
from correspondence.queries.waiting import group_of
from messaging import claims, outbox
from messaging.approvals import approve_kind
from messaging.enums import StateReason
from messaging.models import Message
from messaging.render import DOTS, Words
from people.models import User

ROWS_AT_A_TIME = 500


@transaction.atomic
def release_group(*, sample: Message, last: int, by: User, today: date) -> int:
    """Let go whatever is held together with `sample`, up to the key `last`: what came after nobody has seen.

    Of a first use, the kind is approved in that cohort, so that its next messages go by themselves. Late limits count
    from today; each message is checked again before it goes. Returns how many; writes audit; nudges the worker.
    """
    require(rules.may_decide(by, today))
    rows = _locked(sample, last)
    if sample.state_reason == StateReason.FIRST_USE:
        approve_kind(sample.kind, sample.about, by=by.reference)
    count = claims.release_all(rows, today=today)
    _record("messages.released", sample, by, count)
    outbox.nudge_after_commit()
    return count


@transaction.atomic
def discard_group(*, sample: Message, last: int, by: User, today: date) -> int:
    """Cancel whatever is held together with `sample`, up to the key `last`. Returns how many; writes audit."""
    require(rules.may_decide(by, today))
    count = claims.discard_all(_locked(sample, last))
    _record("messages.discarded", sample, by, count)
    return count


@transaction.atomic
def discard_late(*, last: int, by: User, today: date) -> int:
    """Cancel everything that is held as late, up to the key `last`. Returns how many; writes audit."""
    require(rules.may_decide(by, today))
    rows = Message.objects.filter(state="held", state_reason=StateReason.LATE, pk__lte=last)
    sample = rows.order_by("pk").first()
    if sample is None:
        return 0
    count = claims.discard_all(rows)
    _record("messages.discarded", sample, by, count)
    return count


@transaction.atomic
def change_words(*, sample: Message, last: int, words: Words, by: User, today: date) -> int:
    """Give what is held together with `sample`, up to the key `last`, these words in both languages.

    They stay as they are, whatever a template or later facts would say; whether it still goes is checked as ever.
    What stands in brackets (texts.NAMES) is each person's own. Raises NotAllowed when the group's words differ in
    more than that, when there are other blanks, or when the place of a secret link is gone. Returns how many; writes
    audit.
    """
    require(rules.may_decide(by, today))
    rows = list(_locked(sample, last))
    common = texts.common_words(rows)
    if common is None:
        require(refused(_("The words of these messages differ from person to person, so they cannot be changed here.")))
        raise AssertionError
    require(is_in_both_languages(*(words.get(lang, {}).get(part, "") for lang in common for part in PARTS)))
    if unknown := texts.unknown_blanks(words):
        require(refused(_("Nothing can stand for %(blank)s.") % {"blank": unknown[0]}))
    for language, parts in common.items():
        if parts["body"].count(DOTS) != words[language]["body"].count(DOTS):
            require(refused(_("Leave the dots where they are: each person’s own link takes their place.")))
    for row in rows:
        row.words, row.own_words = texts.filled(row, words), True
    Message.objects.bulk_update(rows, ["words", "own_words"], batch_size=ROWS_AT_A_TIME)
    _record("messages.reworded", sample, by, len(rows))
    return len(rows)


PARTS = ("subject", "body")


def _locked(sample: Message, last: int) -> QuerySet[Message]:
    return Message.objects.filter(
        pk__in=[row.pk for row in group_of(sample).filter(pk__lte=last).select_for_update()]
    ).order_by("pk")


def _record(event: str, sample: Message, by: User, count: int) -> None:
    details = {"kind": sample.kind, "scope": sample.about, "day": sample.due_on.isoformat()}
    record(event, about=sample, by=by, count=count, held_for=sample.state_reason, **details)
