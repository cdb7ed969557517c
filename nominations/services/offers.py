"""The answer to an offer: a place is filled exactly once, however many answer in the same second.

Lock order: cohort before nomination before person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from cohorts.models import Associate, Cohort
from cohorts.queries.cohorts import places_left
from cohorts.services.associates import enrol_associate
from cohorts.services.onboarding import start_onboarding
from core import clock
from core.audit import record
from core.lifecycle import move
from core.verdicts import require
from messaging import outbox
from nominations import emails
from nominations.enums import DecisionReason, NominationStatus, Outcome
from nominations.models import Decision, Nomination
from nominations.queries.answers import WORDS
from nominations.queries.offers import was_too_late
from nominations.rules import offers as rules
from people.models import User
from people.services.needs import fill_employment
from people.services.people import employ

# How long somebody who accepted one moment too late stays the first to be asked.
RESERVE_FOR = timedelta(days=28)


@dataclass(frozen=True)
class Answer:
    """What became of a “yes”: the associate, or, when the last place had just gone, the reserve list until a day."""

    nomination: Nomination
    associate: Associate | None
    reserve_until: date | None = None


@transaction.atomic
def accept_offer(*, nomination: Nomination, by: User | None, today: date) -> Answer:
    """Accept the offered place: employment as of today, the associate, and onboarding; accepted again, the same answer.

    When every place has gone meanwhile, the nominee goes onto the reserve list and is told until when. Raises
    NotAllowed.
    """
    cohort = Cohort.objects.select_for_update().get(pk=nomination.cohort_id)
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related(*WORDS).get(pk=nomination.pk)
    require(rules.is_nominee(by, nomination))
    if nomination.status == NominationStatus.ACCEPTED:
        return Answer(nomination, cohort.associates.get(person=nomination.person))
    if (late := was_too_late(nomination)) is not None:
        return Answer(nomination, None, late)
    require(rules.may_answer(by, nomination, today))
    has_a_place = cohort.associates.filter(person=nomination.person).exists()
    if not has_a_place and not places_left(cohort):
        return _too_late(nomination, by, today)
    move(nomination, NominationStatus.ACCEPTED, by=by, on=today)
    _employ(nomination, today)
    associate = enrol_associate(
        cohort=cohort,
        name=nomination.person.name,
        email=nomination.person.email,
        organisation=nomination.organisation,
        job_title=nomination.job_title,
        by=None,
        today=today,
    )
    record("nomination.accepted", about=nomination, by=by)
    start_onboarding(associate=associate, today=today)
    return Answer(nomination, associate)


def _employ(nomination: Nomination, today: date) -> None:
    """Employment as of today, with what was said about the work; a spell that is known is filled in only."""
    part = getattr(nomination, "nominee_part", None)
    facts = {
        "job_title": nomination.job_title,
        "directorate": nomination.directorate,
        "working_days": part.working_days if part else [],
        "line_manager_name": nomination.line_manager_name,
        "line_manager_email": nomination.line_manager_email,
    }
    employment = employ(
        person=nomination.person, organisation=nomination.organisation, starts_on=today, **facts, by=None, today=today
    )
    fill_employment(employment=employment, **facts, by=None, today=today)


def _too_late(nomination: Nomination, by: User | None, today: date) -> Answer:
    until = today + RESERVE_FOR
    move(nomination, NominationStatus.RESERVE, by=None, on=today, reason=DecisionReason.PLACES)
    last = nomination.decisions.filter(released_at__isnull=False).latest("released_at", "pk")
    at = clock.now()
    decision = Decision.objects.create(
        nomination=nomination,
        outcome=Outcome.RESERVE,
        reason=DecisionReason.PLACES,
        reserve_until=until,
        prepared_by=last.prepared_by,
        prepared_at=at,
        released_by=last.released_by,
        released_at=at,
    )
    record("nomination.reserved", about=nomination, by=by, reserve_until=until.isoformat())
    outbox.queue(emails.place_gone(decision, today))
    return Answer(nomination, None, until)


@transaction.atomic
def decline_offer(*, nomination: Nomination, reason: str = "", by: User | None, today: date) -> Nomination:
    """The nominee does not want the place; coordinators and programme team are told. Raises NotAllowed."""
    Cohort.objects.select_for_update().get(pk=nomination.cohort_id)
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related(*WORDS).get(pk=nomination.pk)
    require(rules.may_answer(by, nomination, today))
    move(nomination, NominationStatus.DECLINED, by=by, on=today, note=reason.strip())
    record("offer.declined", about=nomination, by=by)
    outbox.queue_many(emails.about_vacancy("offer_declined", nomination, today))
    return nomination
