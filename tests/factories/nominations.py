# ruff: noqa: N805, ARG002 (factory_boy hands a post_generation hook the made object first, and more than it wants)
"""Nominations and what hangs on them. A nomination has the moves up to its status, and nothing else unless asked."""

import secrets
from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from core import clock
from nominations.enums import DecisionReason, LinkPurpose, NominationStatus, Outcome, ReviewStatus, Route
from nominations.models import (
    Criterion,
    Decision,
    Endorsement,
    Link,
    Nomination,
    NominationMove,
    NomineePart,
    Panellist,
    Places,
    Review,
    ReviewMove,
    Score,
    SelectionRecord,
)
from nominations.queries.links import hash_of
from tests.factories.cohorts import CohortFactory, way
from tests.factories.people import LONG_AGO, OrganisationFactory, UserFactory


class PlacesFactory(DjangoModelFactory):
    """An organisation asked for two nominations."""

    class Meta:
        model = Places

    cohort = factory.SubFactory(CohortFactory, status="recruiting")
    organisation = factory.SubFactory(OrganisationFactory)
    indicative = 2


class NominationFactory(DjangoModelFactory):
    """A nomination by a coordinator, waiting for answers; say status="complete", route="self" and so on.

    `themes=[…]` sets the themes; `answered=True` adds the nominee's part and the line manager's yes.
    """

    class Meta:
        model = Nomination
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory, status="recruiting")
    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    route = Route.COORDINATOR
    nominated_by = factory.Maybe(
        factory.LazyAttribute(lambda o: o.route != Route.SELF),
        yes_declaration=factory.SubFactory(UserFactory),
        no_declaration=None,
    )
    submitted_at = factory.LazyFunction(clock.now)
    submitted_on = factory.LazyAttribute(lambda o: o.submitted_at.astimezone(clock.LONDON).date())
    job_title = "Qarth officer"
    directorate = "Qarth services"
    line_manager_name = "Delyth Qrmond"
    line_manager_email = "delyth.qrmond@qarth.example"
    reason = "Qarth needs it."
    status = NominationStatus.INVITED

    @factory.post_generation
    def themes(nomination, create, extracted, **kwargs):
        if create and extracted:
            nomination.themes.set(extracted)

    @factory.post_generation
    def moves(nomination, create, extracted, **kwargs):
        if not create:
            return
        came_from = ""
        for step in [NominationStatus.INVITED, *way(NominationStatus, NominationStatus.INVITED, nomination.status)]:
            NominationMoveFactory(
                thing=nomination, from_status=came_from, to_status=step, effective_on=nomination.submitted_on
            )
            came_from = step

    @factory.post_generation
    def answered(nomination, create, extracted, **kwargs):
        if create and extracted:
            NomineePartFactory(nomination=nomination)
            EndorsementFactory(nomination=nomination)


class NominationMoveFactory(DjangoModelFactory):
    """One dated change of a nomination's status."""

    class Meta:
        model = NominationMove

    thing = factory.SubFactory(NominationFactory)
    to_status = NominationStatus.INVITED
    effective_on = factory.LazyAttribute(lambda o: o.thing.submitted_on)
    recorded_at = factory.LazyFunction(clock.now)


class NomineePartFactory(DjangoModelFactory):
    """What a nominee said, with consent."""

    class Meta:
        model = NomineePart

    nomination = factory.SubFactory(NominationFactory)
    answered_at = factory.LazyFunction(clock.now)
    consents = True
    statement = "Qarth statement."


class EndorsementFactory(DjangoModelFactory):
    """The line manager's yes."""

    class Meta:
        model = Endorsement

    nomination = factory.SubFactory(NominationFactory)
    answered_at = factory.LazyFunction(clock.now)
    by_name = factory.LazyAttribute(lambda o: o.nomination.line_manager_name)
    by_email = factory.LazyAttribute(lambda o: o.nomination.line_manager_email)
    endorsed = True
    days_a_week = factory.LazyAttribute(lambda o: 2 if o.endorsed else None)


class LinkFactory(DjangoModelFactory):
    """A good link for the nominee; `secret=` is what its address ends with."""

    class Meta:
        model = Link

    class Params:
        secret = factory.LazyFunction(lambda: secrets.token_urlsafe(24))

    nomination = factory.SubFactory(NominationFactory)
    purpose = LinkPurpose.NOMINEE
    secret_hash = factory.LazyAttribute(lambda o: hash_of(o.secret))
    address = factory.LazyAttribute(lambda o: o.nomination.person.email)
    created_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyAttribute(lambda o: o.created_at + timedelta(days=21))


class CriterionFactory(DjangoModelFactory):
    """A criterion of weight one."""

    class Meta:
        model = Criterion

    cohort = factory.SubFactory(CohortFactory, status="selecting")
    name_en = factory.Sequence(lambda n: f"Qarth criterion {n}")
    name_cy = factory.Sequence(lambda n: f"Maen prawf Qarth {n}")
    order = factory.Sequence(lambda n: n + 1)


class PanellistFactory(DjangoModelFactory):
    """Somebody on a cohort's panel for long."""

    class Meta:
        model = Panellist

    cohort = factory.SubFactory(CohortFactory, status="selecting")
    person = factory.SubFactory(UserFactory)
    added_on = LONG_AGO


class ReviewFactory(DjangoModelFactory):
    """A review that waits for its scores; say status="submitted" for the moves up to there (scores: ScoreFactory)."""

    class Meta:
        model = Review
        skip_postgeneration_save = True

    nomination = factory.SubFactory(NominationFactory, status="complete")
    reviewer = factory.SubFactory(UserFactory)
    status = ReviewStatus.ASSIGNED
    assigned_on = date(2026, 3, 2)
    submitted_at = factory.LazyAttribute(lambda o: clock.now() if o.status == ReviewStatus.SUBMITTED else None)

    @factory.post_generation
    def moves(review, create, extracted, **kwargs):
        if not create:
            return
        came_from = ""
        for step in [ReviewStatus.ASSIGNED, *way(ReviewStatus, ReviewStatus.ASSIGNED, review.status)]:
            ReviewMoveFactory(thing=review, from_status=came_from, to_status=step, effective_on=review.assigned_on)
            came_from = step


class ReviewMoveFactory(DjangoModelFactory):
    """One dated change of a review's status."""

    class Meta:
        model = ReviewMove

    thing = factory.SubFactory(ReviewFactory)
    to_status = ReviewStatus.ASSIGNED
    effective_on = factory.LazyAttribute(lambda o: o.thing.assigned_on)
    recorded_at = factory.LazyFunction(clock.now)


class ScoreFactory(DjangoModelFactory):
    """Three points for one criterion of the nomination's cohort."""

    class Meta:
        model = Score

    review = factory.SubFactory(ReviewFactory, status="submitted")
    criterion = factory.LazyAttribute(lambda o: CriterionFactory(cohort=o.review.nomination.cohort))
    points = 3


class DecisionFactory(DjangoModelFactory):
    """An offer, prepared and not yet released."""

    class Meta:
        model = Decision

    nomination = factory.SubFactory(NominationFactory, status="complete")
    outcome = Outcome.OFFER
    reason = DecisionReason.STRONG
    reserve_until = factory.LazyAttribute(
        lambda o: o.nomination.cohort.starts_on if o.outcome == Outcome.RESERVE else None
    )
    prepared_by = factory.SubFactory(UserFactory)
    prepared_at = factory.LazyFunction(clock.now)


class SelectionRecordFactory(DjangoModelFactory):
    """A frozen record with next to nothing in it."""

    class Meta:
        model = SelectionRecord

    cohort = factory.SubFactory(CohortFactory, status="selecting")
    frozen_at = factory.LazyFunction(clock.now)
    frozen_by = factory.SubFactory(UserFactory)
    content = factory.LazyFunction(lambda: {"nominations": []})
    checksum = "0" * 64
