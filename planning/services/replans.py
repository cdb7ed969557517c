"""Moving a plan: looked at whole, kept in one transaction, taken back exactly.

Lock order: cohort before session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Phase
from core import clock
from core.audit import record
from core.verdicts import require
from labs.models import Session
from labs.services.sessions import shift_session
from messaging import outbox
from people.models import User
from planning import emails, rules
from planning.enums import Table
from planning.models import Replan
from planning.queries.effects import Effects, concerned, effects_of, messages_to_come
from planning.queries.plans import Edit, Moment, Plan, Shift, edits_of, plan_of, stamp
from progress.models import Milestone


@dataclass(frozen=True)
class Preview:
    """A move as it would be: the rows it changes, what follows, and the stamp of the plan that it starts from."""

    edits: Sequence[Edit]
    effects: Effects
    seen: str


def preview_move(*, cohort: Cohort, shift: Shift, by: User | None, today: date) -> Preview:
    """What `move_plan` would do now. The dates are really moved, looked at, and put back, so there is no second logic.

    Raises NotAllowed, and ValidationError for a move that makes no sense.
    """
    with transaction.atomic():
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        plan, edits = _planned(cohort, shift, by, today)
        seen = stamp(plan)
        before = messages_to_come(cohort, today)
        _apply(cohort, plan, edits, reason="", by=by)
        effects = effects_of(cohort, plan, edits, before, messages_to_come(cohort, today), today)
        transaction.set_rollback(True)
    return Preview(edits, effects, seen)


@transaction.atomic
def move_plan(*, cohort: Cohort, shift: Shift, seen: str, reason: str, by: User | None, today: date) -> Replan:
    """Move the plan, all of it or nothing, and tell each person whom it concerns in one message.

    `seen` is the stamp of the preview: when the plan has changed since, nothing is saved. Reminders follow by
    themselves. Raises NotAllowed, and ValidationError (per field).
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    plan, edits = _planned(cohort, shift, by, today)
    if stamp(plan) != seen:
        raise ValidationError(
            _("Somebody else changed the plan while you were looking. Nothing was saved. Look again, and save again."),
            code="changed_meanwhile",
        )
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. The people whom it concerns are told.")})
    _apply(cohort, plan, edits, reason=reason.strip(), by=by)
    replan = Replan.objects.create(
        cohort=cohort,
        pivot=shift.pivot,
        days=shift.days,
        reason=reason.strip(),
        edits=[edit.as_json() for edit in edits],
        stamp=stamp(plan_of(cohort)),
        made_at=clock.now(),
        made_by=by,
    )
    record("plan.moved", about=cohort, by=by, days=shift.days, pivot=shift.pivot, rows=len(edits), reason=reason)
    _tell(replan, edits, today)
    return replan


@transaction.atomic
def undo_move(*, replan: Replan, by: User | None, today: date) -> Replan:
    """Put every date back to what it was before the move; everybody who was told is told. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=replan.cohort_id)
    replan = Replan.objects.select_for_update().select_related("cohort__programme").get(pk=replan.pk)
    plan = plan_of(cohort)
    require(rules.may_undo(by, replan, plan, clock.now()))
    rows = {(table, thing.pk): thing for table, thing, _values in plan.columns()}
    edits = [
        Edit(
            Table(line["table"]),
            rows[Table(line["table"]), line["pk"]],
            before=_read(line["after"]),
            after=_read(line["before"]),
        )
        for line in replan.edits
    ]
    _apply(cohort, plan, edits, reason=replan.reason, by=by)
    replan.undone_at, replan.undone_by = clock.now(), by
    replan.save(update_fields=["undone_at", "undone_by"])
    record("plan.move_undone", about=cohort, by=by, replan=replan.pk)
    _tell(replan, edits, today, undone=True)
    return replan


def _planned(cohort: Cohort, shift: Shift, by: User | None, today: date) -> tuple[Plan, list[Edit]]:
    require(rules.may_replan(by, cohort, today))
    plan = plan_of(cohort)
    edits = edits_of(plan, shift, clock.now())
    if not (verdict := rules.makes_sense(plan, edits, today)):
        raise ValidationError({"days": str(verdict.reason)})
    return plan, edits


def _apply(cohort: Cohort, plan: Plan, edits: Sequence[Edit], *, reason: str, by: User | None) -> None:
    """Write the dates. The database holds phases in order at the end of the transaction."""
    phases: list[Phase] = []
    milestones: list[Milestone] = []
    for edit in edits:
        thing, dates = edit.thing, edit.after
        if isinstance(thing, Session):
            starts_at, ends_at = dates["starts_at"], dates["ends_at"]
            assert isinstance(starts_at, datetime)
            assert isinstance(ends_at, datetime)
            shift_session(session=thing, starts_at=starts_at, ends_at=ends_at, reason=reason, by=by)
            continue
        for column, day in dates.items():
            setattr(thing, column, day)
        if isinstance(thing, Phase):
            phases.append(thing)
        else:
            milestones.append(thing)
    Phase.objects.bulk_update(phases, ["starts_on", "until"])
    Milestone.objects.bulk_update(milestones, ["due_on"])
    ordered = sorted(plan.phases, key=lambda phase: phase.starts_on)
    cohort.starts_on, cohort.until = ordered[0].starts_on, ordered[-1].until
    cohort.save(update_fields=["starts_on", "until"])


def _tell(replan: Replan, edits: Sequence[Edit], today: date, *, undone: bool = False) -> None:
    outbox.queue_many(
        emails.plan_changed(replan, one, today, undone=undone) for one in concerned(replan.cohort, edits, today)
    )


def _read(values: Mapping[str, str]) -> dict[str, Moment]:
    return {
        column: datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        for column, text in values.items()
    }
