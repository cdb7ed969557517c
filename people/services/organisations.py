"""Verbs about organisations: add and change. One is never deleted; it may end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from core.audit import record
from core.verdicts import require
from people import rules
from people.models import Organisation, User

CHANGEABLE = (
    "code",
    "kind",
    "name_en",
    "name_cy",
    "short_en",
    "short_cy",
    "active_from",
    "active_until",
    "tile_column",
    "tile_row",
)


@transaction.atomic
def add_organisation(
    *,
    code: str,
    kind: str,
    name_en: str,
    name_cy: str,
    short_en: str = "",
    short_cy: str = "",
    active_from: date | None = None,
    active_until: date | None = None,
    tile_column: int | None = None,
    tile_row: int | None = None,
    by: User | None,
    today: date,
) -> Organisation:
    """Record a body that takes part, with its names in both languages; a missing short name is the long one.

    `active_until` is the first day it no longer takes part. Raises NotAllowed unless `by` is in the programme team.
    """
    require(rules.may_manage_people(by, today))
    organisation = Organisation.objects.create(
        code=code,
        kind=kind,
        name_en=name_en,
        name_cy=name_cy,
        short_en=short_en or name_en[:60],
        short_cy=short_cy or name_cy[:60],
        active_from=active_from,
        active_until=active_until,
        tile_column=tile_column,
        tile_row=tile_row,
    )
    record("organisation.added", about=organisation, by=by, code=code)
    return organisation


@transaction.atomic
def change_organisation(*, organisation: Organisation, by: User | None, today: date, **changes: Any) -> Organisation:
    """Change the named columns; the audit row keeps each text as it was and as it is.

    Raises NotAllowed unless `by` is in the programme team, TypeError for a column that is not theirs to change.
    """
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"Not changeable: {', '.join(sorted(unknown))}")
    require(rules.may_manage_people(by, today))
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = {name: getattr(organisation, name) for name in changes}
    for name, value in changes.items():
        setattr(organisation, name, value)
    changed = {name: [_plain(before[name]), _plain(value)] for name, value in changes.items() if before[name] != value}
    if changed:
        organisation.save()
        record("organisation.changed", about=organisation, by=by, changed=changed)
    return organisation


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
