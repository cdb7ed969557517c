"""Changing the programme's own facts.

Lock order: programme before cohort before person before associate.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts import rules
from cohorts.models import Programme
from cohorts.queries.cohorts import programme_stamp
from cohorts.services.welsh import confirm_welsh
from core.audit import record
from core.bilingual import WelshStatus
from core.verdicts import require
from people.models import User


@transaction.atomic
def change_programme(
    *,
    programme: Programme,
    name_en: str,
    name_cy: str,
    contact_email: str,
    starts_on: date,
    ends_on: date | None,
    target_associates: int | None,
    funder_en: str,
    funder_cy: str,
    funder_ends_on: date | None,
    welsh_confirmed: bool,
    seen: str,
    by: User | None,
    today: date,
) -> Programme:
    """Change the programme's names, contact, dates and acknowledgement, and say whether the Welsh is confirmed.

    `seen` is the stamp of what the manager started from; when somebody else changed it meanwhile, nothing is saved.
    Raises NotAllowed and ValidationError.
    """
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    require(rules.may_edit_programme(by, today))
    if programme_stamp(programme) != seen:
        raise ValidationError(
            _("Somebody else changed this while you were working. Nothing was saved. Compare, and save again.")
        )
    new = {
        "name_en": name_en,
        "name_cy": name_cy,
        "contact_email": contact_email,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "target_associates": target_associates,
        "funder_en": funder_en,
        "funder_cy": funder_cy,
        "funder_ends_on": funder_ends_on,
    }
    changed = {}
    for name, value in new.items():
        if getattr(programme, name) != value:
            changed[name] = [str(getattr(programme, name)), str(value)]
            setattr(programme, name, value)
    welsh_before = programme.welsh_status
    programme.save()
    if welsh_before == WelshStatus.STALE or programme.welsh_status != WelshStatus.STALE:
        confirm_welsh(thing=programme, confirmed=welsh_confirmed, by=by, today=today)
    if changed:
        record("programme.changed", about=programme, by=by, changed=changed)
    return programme
