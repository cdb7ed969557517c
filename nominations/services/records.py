"""Freezing a selection: at each release, and whenever the programme team wants a record."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.verdicts import require
from nominations.models import SelectionRecord
from nominations.queries.records import checksum_of, content_of
from nominations.rules import selection as rules
from people.models import User


@transaction.atomic
def freeze_record(*, cohort: Cohort, by: User, today: date) -> SelectionRecord:
    """Keep the selection as it stands now, for good. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_run_selection(by, today))
    content = content_of(cohort, by, today)
    row = SelectionRecord.objects.create(
        cohort=cohort, frozen_at=clock.now(), frozen_by=by, content=content, checksum=checksum_of(content)
    )
    record("selection.frozen", about=cohort, by=by, checksum=row.checksum)
    return row


def note_export(
    *,
    of: SelectionRecord,
    language: str,
    kind: str,
    by: User,
    today: date,  # noqa: ARG001 (the audit row has its own moment)
) -> None:
    """Write down that a record was taken away as a file: it names people and what was said of them."""
    record("selection.exported", about=of.cohort, by=by, checksum=of.checksum, language=language, kind=kind)
