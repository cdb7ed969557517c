"""The night's steps: what nobody answered in time lapses, and whoever should know is told.

Each nomination is a transaction of its own; run twice, nothing happens twice.
Lock order: cohort before nomination.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from cohorts.queries.audiences import programme_team
from core.audit import record
from core.clock import working_days_after
from core.lifecycle import move
from messaging import outbox
from nominations import emails
from nominations.enums import NominationStatus
from nominations.models import Nomination
from nominations.queries.answers import LAPSES_ON_WORKING_DAY, WORDS, coordinators_of, waiting
from nominations.queries.offers import open_offers
from nominations.services.answers import tell_coordinators


def lapse_nominations(today: date) -> int:
    """Nominations whose answers are not in on working day 15 lapse; nominee and coordinators are told. How many."""
    lapsed = 0
    for row in waiting().iterator(chunk_size=500):
        since: date = row.waiting_since
        if working_days_after(since, LAPSES_ON_WORKING_DAY) <= today:
            lapsed += _lapse(row, NominationStatus.INVITED, today)
    return lapsed


def lapse_offers(today: date) -> int:
    """Offers that were not answered by their last day lapse; nominee, coordinators and programme team are told."""
    return sum(_lapse(row, NominationStatus.OFFERED, today) for row in open_offers().filter(answer_by__lt=today))


@transaction.atomic
def _lapse(row: Nomination, came_from: str, today: date) -> int:
    Cohort.objects.select_for_update().get(pk=row.cohort_id)
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related(*WORDS).get(pk=row.pk)
    if nomination.status != came_from:  # answered a moment ago
        return 0
    move(nomination, NominationStatus.LAPSED, by=None, on=today)
    record("nomination.lapsed", about=nomination, by=None, waited_for=came_from)
    person = nomination.person
    if came_from == NominationStatus.OFFERED:
        tell_about_vacancy(nomination, "offer_lapsed", today)
        outbox.queue(emails.about_nomination("offer_lapsed_nominee", nomination, person, today))
    else:
        tell_coordinators(nomination, "nomination_lapsed", today)
        outbox.queue(emails.about_nomination("nomination_lapsed_nominee", nomination, person, today))
    return 1


def tell_about_vacancy(nomination: Nomination, what: str, today: date) -> int:
    """Queue the mail of this name to the organisation's coordinators and the programme team, each once."""
    readers = {person.pk: person for person in coordinators_of(nomination.organisation, today)}
    readers |= {person.pk: person for person in programme_team(today)}
    return outbox.queue_many([emails.about_nomination(what, nomination, reader, today) for reader in readers.values()])
