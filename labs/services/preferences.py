"""What somebody would like to learn: their labs, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from core.audit import record
from core.verdicts import require
from labs.models import Lab, LabPreference
from people.models import User
from people.rules import may_record_needs


@transaction.atomic
def rank_labs(
    *, cohort: Cohort, person: User, labs: Sequence[Lab], by: User | None, today: date
) -> list[LabPreference]:
    """Keep the person's labs for the cohort in this order, the most wanted first; none: no preference.

    The last answer replaces the one before. Raises NotAllowed for anybody else than the person.
    """
    require(may_record_needs(by, person=person))
    User.objects.select_for_update().get(pk=person.pk)  # two answers at once come one after the other
    own = LabPreference.objects.filter(cohort=cohort, person=person)
    ranked = list(dict.fromkeys(labs))
    if list(own.values_list("lab", flat=True)) == [lab.pk for lab in ranked]:
        return list(own)
    own.delete()
    rows = LabPreference.objects.bulk_create(
        LabPreference(cohort=cohort, person=person, lab=lab, rank=rank) for rank, lab in enumerate(ranked, start=1)
    )
    record(
        "lab_preferences.recorded",
        about=person,
        by=by,
        cohort=cohort.slug,
        labs=[lab.slug for lab in ranked],
        on=today.isoformat(),
    )
    return list(rows)
