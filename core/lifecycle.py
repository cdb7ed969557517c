"""The one place where a status changes.

A noun with a lifecycle has a `status` column whose enum has `moves()` (status → the statuses that may follow), and a
`moves` relation to its own dated rows (a subclass of core.models.Move). Column for speed, rows for truth, one writer,
so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import now
from core.verdicts import ALLOWED, Verdict, refused, require


def may_move(thing: Any, to: str) -> Verdict:
    """Whether the table of the thing's status allows the step; the reason names both statuses."""
    statuses = type(thing).Status
    current, target = statuses(thing.status), statuses(to)
    if target in statuses.moves()[current]:
        return ALLOWED
    return refused(_("This cannot go from “%(from)s” to “%(to)s”.") % {"from": current.label, "to": target.label})


@transaction.atomic
def move(thing: Any, to: str, *, by: Any, on: date, reason: str = "", note: str = "", also: Sequence[str] = ()) -> None:
    """Give `thing` the status `to` from the day `on`, and write the dated row that says so.

    `by` is the acting person, or None for the system. `reason` is a code, `note` free text. Columns that
    the database wants changed together with the status are named in `also`. Raises NotAllowed when the table forbids
    the step. The caller holds the lock on `thing` and writes the audit row.
    """
    require(may_move(thing, to))
    came_from = thing.status
    thing.status = to
    thing.save(update_fields=["status", *also])
    thing.moves.create(
        from_status=came_from, to_status=to, effective_on=on, recorded_at=now(), by=by, reason=reason, note=note
    )


def begin(thing: Any, *, by: Any, on: date) -> None:
    """Write the first dated row of a thing just created, so that its history starts with its first status."""
    thing.moves.create(from_status="", to_status=thing.status, effective_on=on, recorded_at=now(), by=by)


def begin_many(things: Sequence[Any], *, by: Any, on: date) -> None:
    """`begin` for many things of one kind, in a few queries."""
    if not things:
        return
    rows = type(things[0])._meta.get_field("moves").related_model
    at = now()
    rows.objects.bulk_create(
        [
            rows(thing=thing, from_status="", to_status=thing.status, effective_on=on, recorded_at=at, by=by)
            for thing in things
        ],
        1000,
    )
