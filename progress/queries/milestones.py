"""A cohort's milestones, and what its programme's template would give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from cohorts.models import Cohort, Phase
from cohorts.queries.phases import phases_of
from core.clock import working_day_on_or_before
from progress.models import Milestone, TemplateMilestone

# Not the mark of its Welsh: what waits for a translator is the template’s, a copy’s is for what is changed in it.
COPIED = (
    "kind",
    "title_en",
    "title_cy",
    "explanation_en",
    "explanation_cy",
    "required",
    "confirmer",
    "order",
)


def milestones_of(cohort: Cohort) -> QuerySet[Milestone]:
    """What is asked of the cohort's associates, in the order in which it is due; nothing that was retired."""
    return every_milestone_of(cohort).filter(retired_on=None)


def every_milestone_of(cohort: Cohort) -> QuerySet[Milestone]:
    """The cohort's milestones, the retired ones too."""
    rows = Milestone.objects.filter(phase__cohort=cohort).select_related("phase")
    return rows.order_by("due_on", "order", "pk")


@dataclass(frozen=True)
class PhaseMilestones:
    """A phase with its milestones, in order."""

    phase: Phase
    milestones: list[Milestone]


def by_phase(cohort: Cohort, milestones: Sequence[Milestone]) -> list[PhaseMilestones]:
    """Every phase of the cohort, in order, with those of the milestones that are its own."""
    return [
        PhaseMilestones(phase, [milestone for milestone in milestones if milestone.phase_id == phase.pk])
        for phase in phases_of(cohort)
    ]


def template_of(cohort: Cohort) -> QuerySet[TemplateMilestone]:
    """What the programme starts its cohorts with."""
    return TemplateMilestone.objects.filter(programme=cohort.programme_id)


def from_template(cohort: Cohort) -> list[Milestone]:
    """The milestones that the template gives this cohort, not saved: each due inside its phase as it lies now."""
    phases = {phase.kind: phase for phase in phases_of(cohort)}
    return [
        Milestone(
            phase=phases[row.phase_kind],
            due_on=due_day(phases[row.phase_kind], row.due_day),
            **{column: getattr(row, column) for column in COPIED},
        )
        for row in template_of(cohort)
    ]


def due_day(phase: Phase, days: int) -> date:
    """That many days after the phase's first day, at the latest on its last; on a working day if the phase has one."""
    day = min(phase.starts_on + timedelta(days=days), phase.until - timedelta(days=1))
    return max(working_day_on_or_before(day), phase.starts_on)
