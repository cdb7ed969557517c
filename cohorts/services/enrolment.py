"""Enrolling many people at once, from a file: all of them, or none.

Lock order: programme before cohort before person before associate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cohorts import rules
from cohorts.models import Associate, Cohort
from cohorts.queries.enrolment import NewAssociate, places_needed
from cohorts.services.associates import enrol_associate
from core.audit import record
from core.verdicts import require
from people.enums import LanguageSource
from people.models import User


@dataclass(frozen=True)
class Enrolled:
    """What a file did: the people it added, and those who were there before."""

    added: list[Associate]
    already_there: list[Associate]


@transaction.atomic
def enrol_from_file(*, cohort: Cohort, people: Sequence[NewAssociate], by: User | None, today: date) -> Enrolled:
    """Enrol everybody in `people`; those who are in the cohort already stay as they are.

    Raises NotAllowed (who, over, not enough places for all), and then nobody is enrolled.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_enrol_at_all(by, cohort, today))
    require(rules.has_places_for(cohort, places_needed(cohort, [person.email for person in people])))
    there_before = set(cohort.associates.values_list("pk", flat=True))
    rows = [
        enrol_associate(
            cohort=cohort,
            name=person.name,
            email=person.email,
            organisation=person.organisation,
            job_title=person.job_title,
            language=person.language,
            source=LanguageSource.IMPORT if person.language else "",
            by=by,
            today=today,
        )
        for person in people
    ]
    result = Enrolled(
        added=[row for row in rows if row.pk not in there_before],
        already_there=[row for row in rows if row.pk in there_before],
    )
    record("cohort.people_imported", about=cohort, by=by, added=len(result.added), there=len(result.already_there))
    return result
