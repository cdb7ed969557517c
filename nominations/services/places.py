"""The window and the places of a cohort's recruitment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from core.audit import record
from core.verdicts import require
from nominations.models import Places
from nominations.queries.nominations import used_by
from nominations.rules import nominations as rules
from people.models import Organisation, User


@transaction.atomic
def set_places(*, cohort: Cohort, numbers: Mapping[Organisation, int], by: User | None, today: date) -> int:
    """Give each organisation its indicative number; returns how many changed. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_set_places(by, cohort, today))
    changed = 0
    for organisation, number in sorted(numbers.items(), key=lambda pair: pair[0].pk):
        row, created = Places.objects.select_for_update().get_or_create(cohort=cohort, organisation=organisation)
        if row.indicative == number and not created:
            continue
        before, row.indicative = row.indicative, number
        row.save(update_fields=["indicative"])
        if before != number:
            changed += 1
            record(
                "places.set",
                about=row,
                by=by,
                cohort=cohort.slug,
                organisation=organisation.code,
                before=before,
                after=number,
            )
    return changed


@transaction.atomic
def say_no_nominees(*, cohort: Cohort, organisation: Organisation, by: User, today: date) -> Places:
    """The organisation nominates nobody this time: its reminders for this cohort stop. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    row, _created = Places.objects.select_for_update().get_or_create(cohort=cohort, organisation=organisation)
    nominated = used_by(cohort, organisation)
    require(rules.may_say_no_nominees(by, cohort, organisation, today, nominated=nominated))
    if row.no_nominees_on is None:
        row.no_nominees_on, row.no_nominees_by = today, by
        row.save(update_fields=["no_nominees_on", "no_nominees_by"])
        record("places.declined", about=row, by=by, cohort=cohort.slug, organisation=organisation.code)
    return row


@transaction.atomic
def take_back_no_nominees(*, cohort: Cohort, organisation: Organisation, by: User | None, today: date) -> None:
    """The organisation nominates after all; nominating somebody says so, too. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    row = Places.objects.select_for_update().filter(cohort=cohort, organisation=organisation).first()
    require(rules.may_nominate(by, cohort, organisation, today))
    if row and row.no_nominees_on:
        row.no_nominees_on = row.no_nominees_by = None
        row.save(update_fields=["no_nominees_on", "no_nominees_by"])
        record("places.declined_no_more", about=row, by=by, cohort=cohort.slug, organisation=organisation.code)
