"""Verbs about what a person wants to be written to about, and when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from core import clock
from core.audit import record
from core.verdicts import require
from correspondence import rules
from correspondence.kinds import KINDS
from messaging.kinds import Kind
from messaging.models import Preference
from messaging.moments import USUAL, Hours
from people.models import User


@transaction.atomic
def set_preferences(
    *, person: User, declined: Collection[str], digest: bool, hours: Hours, by: User, today: date
) -> Preference:
    """Record what `person` declines (kinds by slug), whether they want one mail a day, and in which hours.

    It counts for what has not gone yet. Raises NotAllowed for somebody else's choices, for a kind that may not be
    declined, and for hours that leave too little of the day.
    """
    require(rules.may_change_preferences(by, person, today))
    for slug in declined:
        require(rules.may_decline(KINDS.get(slug)))
    require(rules.are_hours_enough(hours))
    chosen = _locked(person)
    chosen.declined, chosen.digest = sorted(set(declined)), digest
    chosen.opens, chosen.closes = (None, None) if hours == USUAL else (hours.opens, hours.closes)
    return _saved(chosen, by)


@transaction.atomic
def decline_kind(*, person: User, kind: Kind, by: User, today: date) -> Preference:
    """Messages of this kind do not go to `person` any more. Twice is once. Raises NotAllowed."""
    require(rules.may_change_preferences(by, person, today))
    require(rules.may_decline(kind))
    chosen = _locked(person)
    chosen.declined = sorted({*chosen.declined, kind.slug})
    return _saved(chosen, by)


@transaction.atomic
def want_kind(*, person: User, kind: Kind, by: User, today: date) -> Preference:
    """Messages of this kind go to `person` again. Raises NotAllowed."""
    require(rules.may_change_preferences(by, person, today))
    chosen = _locked(person)
    chosen.declined = [slug for slug in chosen.declined if slug != kind.slug]
    return _saved(chosen, by)


def _locked(person: User) -> Preference:
    Preference.objects.bulk_create([Preference(person=person.reference, changed_at=clock.now())], ignore_conflicts=True)
    return Preference.objects.select_for_update().get(person=person.reference)


def _saved(chosen: Preference, by: User) -> Preference:
    """Save, with an audit row about the choices: what stands on the person's page is read by others."""
    chosen.changed_at = clock.now()
    chosen.save()
    hours = [str(chosen.opens), str(chosen.closes)] if chosen.hours else []
    record("preferences.changed", about=chosen, by=by, declined=chosen.declined, digest=chosen.digest, hours=hours)
    return chosen
