"""Decisions: prepared quietly, taken back freely, released together by a second person.

Lock order: cohort before nomination.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.lifecycle import may_move, move
from core.verdicts import require
from messaging import outbox
from nominations import emails
from nominations.enums import LinkPurpose, Outcome
from nominations.models import Decision, Nomination
from nominations.rules import selection as rules
from nominations.services.links import make_link
from nominations.services.records import freeze_record
from people.models import User


@transaction.atomic
def prepare_decision(
    *,
    nomination: Nomination,
    outcome: str,
    reason: str,
    note: str = "",
    reserve_until: date | None = None,
    answer_by: date | None = None,
    by: User,
    today: date,
) -> Decision:
    """Note what is to be said to this nominee; nobody is told. Again: the latest counts, and its preparer.

    A reserve needs the day until which it holds, an offer the day by which to answer. Raises NotAllowed, and
    ValidationError (per field).
    """
    Cohort.objects.select_for_update().get(pk=nomination.cohort_id)
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    require(rules.may_decide(by, nomination, outcome, today))
    if not (verdict := rules.is_explained(reason, note)):
        raise ValidationError({"note": str(verdict.reason)})
    _check_day("reserve_until", reserve_until, outcome == Outcome.RESERVE, today)
    _check_day("answer_by", answer_by, outcome == Outcome.OFFER, today)
    decision, _created = Decision.objects.update_or_create(
        nomination=nomination,
        released_at=None,
        defaults={
            "outcome": outcome,
            "reason": reason,
            "note": note.strip(),
            "reserve_until": reserve_until if outcome == Outcome.RESERVE else None,
            "answer_by": answer_by if outcome == Outcome.OFFER else None,
            "prepared_by": by,
            "prepared_at": clock.now(),
        },
    )
    record("decision.prepared", about=nomination, by=by, outcome=outcome, reason=reason)
    return decision


def _check_day(field: str, day: date | None, wanted: bool, today: date) -> None:
    if wanted and day is None:
        raise ValidationError({field: _("Give the day.")})
    if wanted and day is not None and day < today:
        raise ValidationError({field: _("This day has passed.")})


@transaction.atomic
def take_back_decision(*, nomination: Nomination, by: User, today: date) -> bool:
    """Undo what was prepared; False when nothing was. Raises NotAllowed. What is released cannot be taken back."""
    Cohort.objects.select_for_update().get(pk=nomination.cohort_id)
    require(rules.may_run_selection(by, today))
    require(rules.has_no_conflict(by, nomination, today))
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    removed, _rows = Decision.objects.filter(nomination=nomination, released_at__isnull=True).delete()
    if removed:
        record("decision.taken_back", about=nomination, by=by)
    return bool(removed)


@transaction.atomic
def release_decisions(*, cohort: Cohort, by: User, today: date) -> int:
    """Release everything that is prepared for the cohort: statuses, mails and the frozen record in one transaction.

    Returns how many. Somebody else than the preparers releases; what was prepared for a nomination that has ended since
    is taken back. Raises NotAllowed, and then nothing was released.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    prepared = list(
        Decision.objects.select_for_update(of=("self", "nomination"))
        .filter(nomination__cohort=cohort, released_at__isnull=True)
        .select_related("nomination__person", "nomination__cohort__programme", "nomination__organisation")
        .order_by("pk")
    )
    prepared = [decision for decision in prepared if _still_stands(decision, by)]
    require(rules.may_release(by, prepared, today))
    at = clock.now()
    mails = []
    for decision in prepared:
        nomination = decision.nomination
        move(nomination, decision.outcome, by=by, on=today, reason=decision.reason)
        decision.released_at, decision.released_by = at, by
        decision.save(update_fields=["released_at", "released_by"])
        record("decision.released", about=nomination, by=by, outcome=decision.outcome, reason=decision.reason)
        secret = ""
        if decision.outcome == Outcome.OFFER:
            _link, secret = make_link(nomination=nomination, purpose=LinkPurpose.OFFER)
        mails.append(emails.decision_released(decision, secret, today))
    outbox.queue_many(mails)
    freeze_record(cohort=cohort, by=by, today=today)
    return len(prepared)


def _still_stands(decision: Decision, by: User) -> bool:
    """Somebody may have withdrawn since: then there is nothing to say, and the others are not held up."""
    if may_move(decision.nomination, decision.outcome):
        return True
    record("decision.taken_back", about=decision.nomination, by=by, status=decision.nomination.status)
    decision.delete()
    return False
