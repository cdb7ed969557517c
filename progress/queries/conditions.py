"""What a phase needs before somebody may complete it for an associate, and what of it is still missing.

The associate's page, the button, the verb and every list read this one answer. A phase is completed by a person; its
dates alone complete nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.models import Associate, Cohort, Phase
from cohorts.queries.phases import phases_of
from core.bilingual import pick
from progress.models import PhaseCompletion
from progress.queries.completions import Standing, grouped, standings


@dataclass(frozen=True)
class Condition:
    """One thing that a phase needs. `standing` is the milestone behind it, if it is one."""

    met: bool
    standing: Standing | None = None
    begins_on: date | None = None

    @property
    def label(self) -> str:
        """In the reader's language."""
        if self.standing is not None:
            return pick(self.standing.milestone, "title")
        assert self.begins_on is not None
        return _("The phase has begun (%(day)s)") % {"day": date_format(self.begins_on, "j F Y")}


@dataclass(frozen=True)
class PhaseProgress:
    """How far one associate is in one phase on a day."""

    phase: Phase
    standings: list[Standing]
    completion: PhaseCompletion | None
    today: date

    @property
    def conditions(self) -> list[Condition]:
        """What the phase needs, met or not: that it has begun, and its required milestones."""
        begun = Condition(self.phase.starts_on <= self.today, begins_on=self.phase.starts_on)
        return [begun, *(Condition(row.is_met, row) for row in self.standings if row.milestone.required)]

    @property
    def missing(self) -> list[Condition]:
        """The conditions that are not met, whoever's turn it is."""
        return [condition for condition in self.conditions if not condition.met]

    @property
    def is_complete(self) -> bool:
        return self.completion is not None

    @property
    def overdue(self) -> list[Standing]:
        """What was due and waits for the associate."""
        return [row for row in self.standings if row.is_overdue(self.today)]

    @property
    def met(self) -> int:
        """How many of the required milestones are met."""
        return sum(row.is_met for row in self.standings if row.milestone.required)

    @property
    def required(self) -> int:
        """How many milestones are required."""
        return sum(row.milestone.required for row in self.standings)


def progress_in(cohort: Cohort, associates: Collection[Associate], today: date) -> dict[int, list[PhaseProgress]]:
    """Associate → how far they are in each phase, in order. Three queries, however many associates, if the cohort's
    phases are at hand."""
    rows = standings(cohort, associates)
    found = PhaseCompletion.objects.filter(associate__in=associates).select_related("completed_by")
    done = {(row.associate_id, row.phase_id): row for row in found}
    phases = phases_of(cohort)
    progress = {}
    for associate in associates:
        own = grouped(rows[associate.pk])
        progress[associate.pk] = [
            PhaseProgress(phase, own.get(phase.pk, []), done.get((associate.pk, phase.pk)), today) for phase in phases
        ]
    return progress


def progress_of(associate: Associate, today: date) -> list[PhaseProgress]:
    """How far one associate is in each phase, in order."""
    return progress_in(associate.cohort, [associate], today)[associate.pk]


def phase_progress(associate: Associate, phase: Phase, today: date) -> PhaseProgress:
    """How far one associate is in one phase."""
    return next(row for row in progress_of(associate, today) if row.phase.pk == phase.pk)
