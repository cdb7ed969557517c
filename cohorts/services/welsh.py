"""What people say of the Welsh of a programme or a cohort.

Lock order: programme before cohort before person before associate.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts import rules
from cohorts.models import Cohort, Programme
from core.audit import record
from core.bilingual import WelshStatus
from core.verdicts import require
from people.models import User


@transaction.atomic
def confirm_welsh(*, thing: Cohort | Programme, confirmed: bool, by: User | None, today: date) -> None:
    """Keep that the Welsh is confirmed, or that it waits for a translator; a pair marked as old stays so until then.

    The caller holds the lock on `thing`. Raises NotAllowed.
    """
    require(rules.runs_programme(by, today))
    now = thing.welsh_status
    if confirmed == (now == WelshStatus.CONFIRMED) or (not confirmed and now == WelshStatus.STALE):
        return
    thing.welsh_status = WelshStatus.CONFIRMED if confirmed else WelshStatus.UNCONFIRMED
    thing.save(update_fields=["welsh_status"])
    record("welsh.confirmed" if confirmed else "welsh.doubted", about=thing, by=by, came_from=now)
