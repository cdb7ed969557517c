"""An associate completes a phase: a person says so, when nothing is missing.

Lock order: associate before what they did.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Associate, Phase
from core.audit import record
from core.clock import now
from core.verdicts import require
from people.models import User
from progress.models import PhaseCompletion
from progress.queries.conditions import phase_progress
from progress.rules.phases import may_complete_phase


@transaction.atomic
def complete_phase(*, associate: Associate, phase: Phase, by: User | None, today: date) -> PhaseCompletion:
    """Record that the associate completed the phase, once. Raises NotAllowed; the reason names what is still open."""
    rows = Associate.objects.select_for_update(of=("self",)).select_related("cohort", "person")
    associate = rows.get(pk=associate.pk)
    progress = phase_progress(associate, phase, today)
    require(may_complete_phase(by, associate, progress, today))
    row = PhaseCompletion.objects.create(
        associate=associate, phase=progress.phase, completed_on=today, completed_by=by, recorded_at=now()
    )
    record("phase.completed", about=row, by=by, phase=phase.kind)
    return row
