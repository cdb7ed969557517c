"""For which organisations somebody may put people forward."""

from __future__ import annotations

from datetime import date

from people.models import Organisation, User
from people.queries.organisations import active_on
from people.queries.roles import roles_on


def organisations_of(user: User, today: date) -> list[Organisation]:
    """Every organisation that takes part for the programme team, one's own for coordinators, by name."""
    roles = roles_on(user, today)
    rows = active_on(today).order_by("short_en")
    return list(rows if roles.runs_programme else rows.filter(pk__in=roles.organisation_ids))
