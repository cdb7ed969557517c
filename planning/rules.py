"""Who may move a plan, when it makes sense, and when a move can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from cohorts.queries.phases import PlannedPhase, date_problems
from cohorts.rules import may_change_dates
from core.clock import LONDON
from core.verdicts import ALLOWED, Verdict, refused
from people.models import User
from planning.models import Replan
from planning.queries.plans import Edit, Plan, phases_after, stamp
from progress.models import Milestone

Someone = User | AnonymousUser | None


def may_replan(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Whoever may change the cohort’s dates."""
    return may_change_dates(user, cohort, today)


def makes_sense(plan: Plan, edits: Sequence[Edit], today: date) -> Verdict:
    """Something moves, and not into the past; the phases stay in order, and no milestone leaves its phase."""
    if not edits:
        return refused(_("Nothing that lies ahead would move."))
    for edit in edits:
        if min(edit.days_that_change()) <= today:
            return refused(_("This would lie in the past: %(thing)s.") % {"thing": f"{edit.label}, {edit.now}"})
    phases = phases_after(plan, edits)
    if problems := date_problems(phases):
        return refused(" ".join(f"{_label(problem.kind, phases)}: {problem.message}" for problem in problems))
    windows = {phase.kind: (phase.starts_on, phase.until) for phase in phases}
    due = {edit.pk: edit.after["due_on"] for edit in edits if isinstance(edit.thing, Milestone)}
    for milestone in plan.milestones:
        first, until = windows[_kind_of(milestone, plan)]
        day = due.get(milestone.pk, milestone.due_on)
        was_inside = _was_inside(milestone, plan)
        if was_inside and not first <= day < until:  # type: ignore[operator]
            return refused(
                _("A milestone would lie outside its phase: %(milestone)s. Move the phase as well.")
                % {"milestone": str(milestone)}
            )
    return ALLOWED


def may_undo(user: Someone, replan: Replan, plan: Plan, moment: datetime) -> Verdict:
    """The newest move, once, by whoever may replan, while nothing was moved since and nothing of it has passed."""
    today = moment.astimezone(LONDON).date()
    if not (verdict := may_replan(user, replan.cohort, today)):
        return verdict
    if replan.undone_at is not None:
        return refused(_("This move has been taken back already."))
    if stamp(plan) != replan.stamp:
        return refused(_("Dates have changed since this move, so it cannot be taken back exactly. Move them by hand."))
    days = [
        datetime.fromisoformat(value)
        for edit in replan.edits
        for values in (edit["before"], edit["after"])
        for column, value in values.items()
        if edit["before"][column] != edit["after"][column]
    ]
    if any((day if day.tzinfo else day.replace(tzinfo=LONDON)).astimezone(LONDON).date() <= today for day in days):
        return refused(_("Some of these days have passed, so the move stays. Move what lies ahead."))
    return ALLOWED


def _kind_of(milestone: Milestone, plan: Plan) -> str:
    return next(phase.kind for phase in plan.phases if phase.pk == milestone.phase_id)


def _was_inside(milestone: Milestone, plan: Plan) -> bool:
    phase = next(phase for phase in plan.phases if phase.pk == milestone.phase_id)
    return milestone.due_on in phase.window


def _label(kind: str, phases: Sequence[PlannedPhase]) -> str:
    return next(phase.label for phase in phases if phase.kind == kind)
