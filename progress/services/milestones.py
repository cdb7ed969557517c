"""What a cohort's milestones are: taken from the template, added, changed, retired.

Lock order: cohort before milestone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from cohorts.models import Cohort, Phase
from core.audit import record
from core.verdicts import require
from people.models import User
from progress.enums import Confirmer, MilestoneKind
from progress.models import Milestone
from progress.queries.milestones import from_template
from progress.rules import milestones as rules
from progress.services.template import load_template

EDITABLE = (
    "kind",
    "title_en",
    "title_cy",
    "explanation_en",
    "explanation_cy",
    "required",
    "confirmer",
    "due_on",
    "order",
)


@transaction.atomic
def take_template(*, cohort: Cohort, by: User | None, today: date) -> int:
    """Give a cohort without milestones those of its programme's template; returns how many. Raises NotAllowed.

    A programme without a template starts with the one that comes with the product.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cohort.pk)
    require(rules.may_take_template(by, cohort, today))
    load_template(programme=cohort.programme, by=by)
    rows = Milestone.objects.bulk_create(from_template(cohort))
    record("milestones.taken", about=cohort, by=by, count=len(rows))
    return len(rows)


@transaction.atomic
def add_milestone(
    *,
    phase: Phase,
    kind: str,
    title_en: str,
    title_cy: str,
    due_on: date,
    explanation_en: str = "",
    explanation_cy: str = "",
    required: bool = True,
    confirmer: str = Confirmer.ADMINISTRATOR,
    order: int = 1,
    by: User | None,
    today: date,
) -> Milestone:
    """Ask one more thing of everybody. Raises NotAllowed (cohort over, a language missing, outside the phase)."""
    cohort = Cohort.objects.select_for_update().get(pk=phase.cohort_id)
    require(rules.may_edit_milestones(by, cohort, today))
    require(rules.is_said_in_both_languages(title_en, title_cy, explanation_en, explanation_cy))
    require(rules.is_in_phase(phase, due_on))
    milestone = Milestone.objects.create(
        phase=phase,
        kind=MilestoneKind(kind),
        title_en=title_en,
        title_cy=title_cy,
        explanation_en=explanation_en,
        explanation_cy=explanation_cy,
        required=required,
        confirmer=Confirmer(confirmer),
        due_on=due_on,
        order=order,
    )
    record("milestone.added", about=milestone, by=by, cohort=cohort.slug, due_on=due_on.isoformat())
    return milestone


@transaction.atomic
def change_milestone(*, milestone: Milestone, reason: str, by: User | None, today: date, **values: Any) -> Milestone:
    """Change what a milestone says or when it is due (any of EDITABLE), with a reason that the audit row keeps.

    A milestone that everybody has done stays done. Raises NotAllowed.
    """
    milestone = _locked(milestone)
    require(rules.may_change_milestone(by, milestone, today))
    require(rules.has_reason(reason))
    before = {name: getattr(milestone, name) for name in EDITABLE if name in values}
    for name, value in values.items():
        if name not in EDITABLE:
            raise TypeError(f"{name} of a milestone is not changed.")
        setattr(milestone, name, value)
    texts = (milestone.title_en, milestone.title_cy, milestone.explanation_en, milestone.explanation_cy)
    require(rules.is_said_in_both_languages(*texts))
    if "due_on" in values and values["due_on"] != before["due_on"]:
        require(rules.is_in_phase(milestone.phase, milestone.due_on))
    changed = {name: [str(old), str(getattr(milestone, name))] for name, old in before.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        milestone.save()
        record("milestone.changed", about=milestone, by=by, reason=reason, changed=changed)
    return milestone


@transaction.atomic
def retire_milestone(*, milestone: Milestone, reason: str, by: User | None, today: date) -> Milestone:
    """Ask it of nobody any more; what was done about it stays. Raises NotAllowed."""
    milestone = _locked(milestone)
    require(rules.may_change_milestone(by, milestone, today))
    require(rules.has_reason(reason))
    milestone.retired_on, milestone.retired_reason = today, reason
    milestone.save(update_fields=["retired_on", "retired_reason"])
    record("milestone.retired", about=milestone, by=by, reason=reason)
    return milestone


def _locked(milestone: Milestone) -> Milestone:
    Cohort.objects.select_for_update().get(phases__milestones=milestone)
    rows = Milestone.objects.select_for_update(of=("self",)).select_related("phase__cohort")
    return rows.get(pk=milestone.pk)
