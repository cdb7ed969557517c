"""What a person needs so that sessions suit them; said once, by themselves."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from core.audit import record
from core.verdicts import require
from people import rules
from people.models import Employment, Needs, User


@transaction.atomic
def record_needs(*, person: User, welsh_in_sessions: str, access_needs: str, by: User | None, today: date) -> Needs:
    """Keep what the person said; the last answer counts. The log says that it was said, never what.

    Shown to the person and to those who arrange sessions only. Raises NotAllowed for anybody else than the person.
    """
    require(rules.may_record_needs(by, person=person))
    needs, _created = Needs.objects.update_or_create(
        person=person,
        defaults={
            "welsh_in_sessions": welsh_in_sessions,
            "access_needs": access_needs.strip(),
            "told_on": today,
        },
    )
    record("needs.recorded", about=person, by=by)
    return needs


@transaction.atomic
def record_working_days(*, person: User, working_days: list[int], by: User | None, today: date) -> int:
    """The days the person works, in every spell of work that holds today; returns in how many it changed."""
    require(rules.may_record_needs(by, person=person))
    days = sorted(set(working_days))
    spells = Employment.objects.on(today).filter(person=person).exclude(working_days=days)
    changed = int(spells.update(working_days=days))
    if changed:
        record("employment.working_days_recorded", about=person, by=by, days=days)
    return changed


@transaction.atomic
def fill_employment(
    *,
    employment: Employment,
    job_title: str = "",
    directorate: str = "",
    working_days: list[int] | None = None,
    line_manager_name: str = "",
    line_manager_email: str = "",
    by: User | None,
    today: date,
) -> Employment:
    """Fill in what a spell of work does not say yet; what it says already stays. Raises NotAllowed (may_employ)."""
    require(rules.may_employ(by, employment.organisation, today))
    given = {
        "job_title": job_title,
        "directorate": directorate,
        "working_days": sorted(set(working_days or [])),
        "line_manager_name": line_manager_name,
        "line_manager_email": line_manager_email.strip().lower(),
    }
    missing = {field: value for field, value in given.items() if value and not getattr(employment, field)}
    if missing:
        for field, value in missing.items():
            setattr(employment, field, value)
        employment.save(update_fields=list(missing))
        record("employment.filled_in", about=employment.person, by=by, fields=sorted(missing))
    return employment
