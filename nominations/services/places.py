"""The window and the places of a cohort's recruitment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

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
def exceed_places(
    *,
    cohort: Cohort,
    organisation: Organisation,
    nominations: int,
    reason: str,
    by: User | None,
    today: date,  # noqa: ARG001 (the caller has asked whether it may, on that day)
) -> str:
    """Put so many more forward: above the indicative places with a reason and a line in the log.

    Returns the reason to keep, empty when they are within the places. The caller holds the lock on the organisation's
    places and adds the nominations afterwards. Raises ValidationError when a reason is needed and none was given.
    """
    reason, verdict = reason.strip(), rules.is_within_places(cohort, organisation, nominations)
    if verdict:
        return ""
    if not reason:
        raise ValidationError({"over_places_reason": f"{verdict.reason} {_('Give a reason to go on.')}"})
    details = {"organisation": organisation.code, "nominations": nominations, "warning": str(verdict.reason)}
    record("places.exceeded", about=cohort, by=by, **details, reason=reason)
    return reason


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
