"""The milestones that a programme starts its cohorts with."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.db import transaction

from cohorts.models import Programme
from core.audit import record
from core.bilingual import WelshStatus
from people.models import User
from progress.enums import Confirmer
from progress.models import TemplateMilestone

TEXTS = Path(__file__).resolve().parent.parent / "template.toml"


@transaction.atomic
def load_template(*, programme: Programme, by: User | None) -> int:
    """Give a programme without milestones those that come with the product (template.toml); returns how many."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.template_milestones.exists():
        return 0
    orders: dict[str, int] = {}
    rows = []
    for row in tomllib.loads(TEXTS.read_text(encoding="utf-8"))["milestone"]:
        phase = row["phase"]
        orders[phase] = orders.get(phase, 0) + 1
        rows.append(
            TemplateMilestone(
                programme=programme,
                phase_kind=phase,
                kind=row["kind"],
                title_en=row["title_en"],
                title_cy=row["title_cy"],
                explanation_en=row.get("explanation_en", ""),
                explanation_cy=row.get("explanation_cy", ""),
                required=row.get("required", True),
                confirmer=row.get("confirmer", Confirmer.ADMINISTRATOR),
                due_day=row["due_day"],
                order=orders[phase],
                welsh_status=WelshStatus.UNCONFIRMED,
            )
        )
    TemplateMilestone.objects.bulk_create(rows)
    record("milestone_template.loaded", about=programme, by=by, count=len(rows))
    return len(rows)
