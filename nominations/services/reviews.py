"""Criteria, the panel, and its scores.

Lock order: cohort before nomination before review.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.lifecycle import begin_many, move
from core.verdicts import require
from nominations.enums import ReviewStatus, SteppedBack
from nominations.models import Criterion, Nomination, Panellist, Review, Score
from nominations.models.review import MOST_POINTS
from nominations.queries import reviews as queries
from nominations.queries.reviews import CriterionText
from nominations.rules import selection as rules
from people.models import User


@transaction.atomic
def set_criteria(*, cohort: Cohort, criteria: Sequence[CriterionText], by: User | None, today: date) -> list[Criterion]:
    """Give the cohort these criteria, in this order, in place of those it has.

    Raises NotAllowed once one was used, and ValidationError when a name or a weight is wrong.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_change_criteria(by, cohort, today))
    rows = [
        Criterion(cohort=cohort, order=order, **vars(criterion)) for order, criterion in enumerate(criteria, start=1)
    ]
    if not rows:
        raise ValidationError(_("Give at least one criterion."))
    for row in rows:
        row.full_clean(validate_unique=False, validate_constraints=False)
    Criterion.objects.filter(cohort=cohort).delete()
    Criterion.objects.bulk_create(rows)
    record("criteria.set", about=cohort, by=by, criteria={row.name_en: row.weight for row in rows})
    return rows


@transaction.atomic
def join_panel(*, cohort: Cohort, person: User, by: User | None, today: date) -> Panellist:
    """Put a person on the cohort's panel, or back on it. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_run_selection(by, today))
    require(rules.can_sit_on_panel(person, cohort))
    row, created = Panellist.objects.get_or_create(cohort=cohort, person=person, defaults={"added_on": today})
    if row.left_on is not None:
        row.left_on = None
        row.save(update_fields=["left_on"])
        created = True
    if created:
        record("panel.joined", about=cohort, by=by, person=person.reference)
    return row


@transaction.atomic
def leave_panel(*, cohort: Cohort, person: User, by: User | None, today: date) -> None:
    """Take a person off the panel; what they have not scored goes to others at once. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_run_selection(by, today))
    row = Panellist.objects.select_for_update().get(cohort=cohort, person=person)
    row.left_on = today
    row.save(update_fields=["left_on"])
    open_reviews = Review.objects.filter(nomination__cohort=cohort, reviewer=person, status=ReviewStatus.ASSIGNED)
    left = list(open_reviews.select_for_update())
    for review in left:
        move(review, ReviewStatus.RECUSED, by=by, on=today, reason=SteppedBack.LEFT_PANEL)
    record("panel.left", about=cohort, by=by, person=person.reference)
    if left:
        _assign(cohort, [review.nomination_id for review in left], by, today)


@transaction.atomic
def assign_reviews(*, cohort: Cohort, by: User | None, today: date) -> dict[Nomination, int]:
    """Give every complete nomination its reviewers, those with the least to do first, never one with a conflict.

    Somebody who has come into a conflict since, and has not scored, is taken off. Returns the nominations for which
    the panel has too few free of conflict, with how many are missing. Assigning again adds only what is missing.
    Raises NotAllowed.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_run_selection(by, today))
    short = _assign(cohort, None, by, today)
    record("reviews.assigned", about=cohort, by=by, short=len(short))
    return short


def _assign(cohort: Cohort, only: Sequence[int] | None, by: User | None, today: date) -> dict[Nomination, int]:
    """The caller holds the cohort. `only`: these nominations, else all that can be reviewed."""
    members = list(queries.panel(cohort, today))
    nominations = queries.reviewable(cohort).select_related("person").order_by("pk")
    if only is not None:
        nominations = nominations.filter(pk__in=only)
    everybody = Nomination.objects.filter(cohort=cohort)
    conflicted = {
        member.pk: set(everybody.filter(queries.conflicts(member, today)).values_list("pk", flat=True))
        for member in members
    }
    _take_off(cohort, conflicted, by, today)
    load: Counter[int] = Counter()
    seen: dict[int, set[int]] = defaultdict(set)
    counted: Counter[int] = Counter()
    held = Review.objects.filter(nomination__cohort=cohort).values_list("nomination", "reviewer", "status")
    for nomination_id, reviewer_id, status in held:
        seen[nomination_id].add(reviewer_id)
        if status in (ReviewStatus.ASSIGNED, ReviewStatus.SUBMITTED):
            counted[nomination_id] += 1
            load[reviewer_id] += 1
    short: dict[Nomination, int] = {}
    made: list[Review] = []
    for nomination in nominations:
        missing = max(queries.REVIEWERS_NEEDED - counted[nomination.pk], 0)
        free = [
            member
            for member in members
            if nomination.pk not in conflicted[member.pk] and member.pk not in seen[nomination.pk]
        ]
        chosen = sorted(free, key=lambda one: (load[one.pk], one.pk))[:missing]
        for member in chosen:
            made.append(Review(nomination=nomination, reviewer=member, assigned_on=today))
            load[member.pk] += 1
        if len(chosen) < missing:
            short[nomination] = missing - len(chosen)
    begin_many(Review.objects.bulk_create(made, 1000), by=by, on=today)
    return short


def _take_off(cohort: Cohort, conflicted: Mapping[int, set[int]], by: User | None, today: date) -> None:
    """Reviews that were assigned before a conflict came about."""
    for review in Review.objects.filter(nomination__cohort=cohort, status=ReviewStatus.ASSIGNED).select_for_update():
        if review.nomination_id in conflicted.get(review.reviewer_id, ()):
            move(review, ReviewStatus.RECUSED, by=by, on=today, reason=SteppedBack.CONFLICT)


@transaction.atomic
def submit_review(
    *, review: Review, points: Mapping[Criterion, int], comment: str = "", by: User, today: date
) -> Review:
    """Score a nomination on every criterion; until all scores are in it may be submitted again.

    Raises NotAllowed, and ValidationError when a criterion has no points, or other than 1 to 5.
    """
    review = _locked(review)
    require(rules.may_review(by, review, today))
    criteria = queries.criteria(review.nomination.cohort)
    if not criteria or set(points) != set(criteria):
        raise ValidationError(_("Give points for every criterion."))
    if any(not 1 <= number <= MOST_POINTS for number in points.values()):
        raise ValidationError(_("Points go from 1 to 5."))
    review.scores.all().delete()
    Score.objects.bulk_create([Score(review=review, criterion=one, points=points[one]) for one in criteria])
    review.comment, review.submitted_at = comment.strip(), clock.now()
    review.save(update_fields=["comment", "submitted_at"])
    if review.status != ReviewStatus.SUBMITTED:
        move(review, ReviewStatus.SUBMITTED, by=by, on=today)
    record("review.submitted", about=review.nomination, by=by)
    return review


@transaction.atomic
def abstain(*, review: Review, reason: str, by: User, today: date) -> Review:
    """The reviewer would rather not score this one; somebody else is assigned at once, if there is one.

    Whoever steps back sees no more of the nomination (queries.reviews.conflicts). Raises NotAllowed.
    """
    review = _locked(review)
    require(rules.may_abstain(by, review, today))
    move(review, ReviewStatus.ABSTAINED, by=by, on=today, note=reason.strip())
    record("review.abstained", about=review.nomination, by=by)
    _assign(review.nomination.cohort, [review.nomination_id], None, today)
    return review


@transaction.atomic
def recuse(*, review: Review, reason: str, by: User | None, today: date) -> Review:
    """The programme team takes a reviewer off a nomination; scores already given no longer count, and somebody else is
    assigned. Raises NotAllowed.
    """
    review = _locked(review)
    require(rules.may_recuse(by, review, today))
    move(review, ReviewStatus.RECUSED, by=by, on=today, note=reason.strip())
    record("review.recused", about=review.nomination, by=by, reviewer=review.reviewer.reference)
    _assign(review.nomination.cohort, [review.nomination_id], by, today)
    return review


def _locked(review: Review) -> Review:
    Cohort.objects.select_for_update().get(nominations=review.nomination_id)
    return (
        Review.objects.select_for_update(of=("self", "nomination"))
        .select_related("nomination__cohort", "nomination__person", "reviewer")
        .get(pk=review.pk)
    )
