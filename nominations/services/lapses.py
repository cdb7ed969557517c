"""The night's steps: what nobody answered in time lapses, and whoever should know is told.

Each nomination is a transaction of its own; run twice, nothing happens twice.
Lock order: cohort before nomination.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from core.audit import record
from core.clock import working_days_after
from core.lifecycle import move
from messaging import outbox
from nominations import emails
from nominations.enums import DecisionReason, NominationStatus
from nominations.models import Nomination
from nominations.queries.answers import LAPSES_ON_WORKING_DAY, WORDS, waiting
from nominations.queries.offers import ended_reserves, open_offers
from people.models import User


def lapse_nominations(*, by: User | None = None, today: date) -> int:
    """Nominations whose answers are not in on working day 15 lapse; nominee and coordinators are told. How many."""
    lapsed = 0
    for row in waiting().iterator(chunk_size=500):
        since: date = row.waiting_since  # type: ignore[attr-defined]
        if working_days_after(since, LAPSES_ON_WORKING_DAY) <= today:
            lapsed += _lapse(row, NominationStatus.INVITED, by, today)
    return lapsed


def lapse_offers(*, by: User | None = None, today: date) -> int:
    """Offers that were not answered by their last day lapse; nominee, coordinators and programme team are told."""
    offers = open_offers().filter(answer_by__lt=today)  # type: ignore[misc]
    return sum([_lapse(row, NominationStatus.OFFERED, by, today) for row in offers])


def end_reserves(*, by: User | None = None, today: date) -> int:
    """Whoever was on the reserve list until a day that has passed is not selected, and is told. How many."""
    return sum([_end_reserve(row, by, today) for row in ended_reserves(today)])


@transaction.atomic
def _end_reserve(row: Nomination, by: User | None, today: date) -> int:
    Cohort.objects.select_for_update().get(pk=row.cohort_id)
    if not ended_reserves(today).filter(pk=row.pk).exists():  # decided on a moment ago
        return 0
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related(*WORDS).get(pk=row.pk)
    move(nomination, NominationStatus.NOT_SELECTED, by=by, on=today, reason=DecisionReason.PLACES)
    record("nomination.reserve_ended", about=nomination, by=by)
    outbox.queue(emails.about_nomination("reserve_ended", nomination, nomination.person, today))
    return 1


@transaction.atomic
def _lapse(row: Nomination, came_from: str, by: User | None, today: date) -> int:
    Cohort.objects.select_for_update().get(pk=row.cohort_id)
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related(*WORDS).get(pk=row.pk)
    if nomination.status != came_from:  # answered a moment ago
        return 0
    move(nomination, NominationStatus.LAPSED, by=by, on=today)
    record("nomination.lapsed", about=nomination, by=by, waited_for=came_from)
    person = nomination.person
    if came_from == NominationStatus.OFFERED:
        outbox.queue_many(emails.about_vacancy("offer_lapsed", nomination, today))
        outbox.queue(emails.about_nomination("offer_lapsed_nominee", nomination, person, today))
    else:
        outbox.queue_many(emails.to_coordinators("nomination_lapsed", nomination, today))
        outbox.queue(emails.about_nomination("nomination_lapsed_nominee", nomination, person, today))
    return 1
