"""Criteria, the panel, and its scores.

Lock order: cohort before nomination before review.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.lifecycle import begin, move
from core.verdicts import require
from nominations.enums import ReviewStatus
from nominations.models import Criterion, Nomination, Panellist, Review, Score
from nominations.queries import reviews as queries
from nominations.rules import selection as rules
from people.models import User


@dataclass(frozen=True)
class CriterionText:
    """A criterion before it is saved."""

    name_en: str
    name_cy: str
    weight: int
    help_en: str = ""
    help_cy: str = ""


@transaction.atomic
def set_criteria(*, cohort: Cohort, criteria: Sequence[CriterionText], by: User | None, today: date) -> list[Criterion]:
    """Give the cohort these criteria, in this order, in place of those it has. Raises NotAllowed once one was used."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_change_criteria(by, cohort, today))
    Score.objects.filter(criterion__cohort=cohort).delete()  # of reviews that were begun and never submitted
    Criterion.objects.filter(cohort=cohort).delete()
    rows = [
        Criterion(cohort=cohort, order=order, **vars(criterion)) for order, criterion in enumerate(criteria, start=1)
    ]
    Criterion.objects.bulk_create(rows)
    record("criteria.set", about=cohort, by=by, criteria={row.name_en: row.weight for row in rows})
    return rows


@transaction.atomic
def join_panel(*, cohort: Cohort, person: User, by: User | None, today: date) -> Panellist:
    """Put a person on the cohort's panel, or back on it. Raises NotAllowed."""
    require(rules.may_run_selection(by, today))
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
    """Take a person off the panel; what they have not scored goes to others. Raises NotAllowed."""
    require(rules.may_run_selection(by, today))
    row = Panellist.objects.select_for_update().get(cohort=cohort, person=person)
    row.left_on = today
    row.save(update_fields=["left_on"])
    for review in Review.objects.filter(nomination__cohort=cohort, reviewer=person, status=ReviewStatus.ASSIGNED):
        move(review, ReviewStatus.RECUSED, by=by, on=today, reason="left_panel")
    record("panel.left", about=cohort, by=by, person=person.reference)


@transaction.atomic
def assign_reviews(*, cohort: Cohort, by: User | None, today: date) -> dict[Nomination, int]:
    """Give every complete nomination its reviewers, those with the least to do first, never one with a conflict.

    Returns the nominations for which the panel has too few free of conflict, with how many are missing.
    Assigning again adds only what is missing. Raises NotAllowed.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_run_selection(by, today))
    members = list(queries.panel(cohort, today))
    nominations = list(queries.reviewable(cohort).select_related("person").order_by("pk"))
    conflicted = {
        member.pk: set(
            Nomination.objects.filter(cohort=cohort)
            .filter(queries.conflicts(member, today))
            .values_list("pk", flat=True)
        )
        for member in members
    }
    held = Review.objects.filter(nomination__cohort=cohort)
    load = Counter(held.filter(status=ReviewStatus.ASSIGNED).values_list("reviewer", flat=True))
    reviewers: dict[int, set[int]] = {}
    counted: Counter[int] = Counter()
    for nomination, reviewer, status in held.values_list("nomination", "reviewer", "status"):
        reviewers.setdefault(nomination, set()).add(reviewer)
        counted[nomination] += status in (ReviewStatus.ASSIGNED, ReviewStatus.SUBMITTED)
    short: dict[Nomination, int] = {}
    for nomination in nominations:
        missing = queries.REVIEWERS_NEEDED - counted[nomination.pk]
        free = [
            member
            for member in members
            if nomination.pk not in conflicted[member.pk] and member.pk not in reviewers.get(nomination.pk, set())
        ]
        for member in sorted(free, key=lambda one: (load[one.pk], one.pk))[: max(missing, 0)]:
            review = Review.objects.create(nomination=nomination, reviewer=member, assigned_on=today)
            begin(review, by=by, on=today)
            load[member.pk] += 1
            missing -= 1
        if missing > 0:
            short[nomination] = missing
    record("reviews.assigned", about=cohort, by=by, short=len(short))
    return short


@transaction.atomic
def submit_review(
    *, review: Review, points: Mapping[Criterion, int], comment: str = "", by: User, today: date
) -> Review:
    """Score a nomination on every criterion; until all scores are in it may be submitted again.

    Raises NotAllowed, and ValidationError when a criterion has no points.
    """
    review = _locked(review)
    require(rules.may_review(by, review, today))
    criteria = queries.criteria(review.nomination.cohort)
    if not criteria or set(points) != set(criteria):
        raise ValidationError(_("Give points for every criterion."))
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
    """The reviewer would rather not score this one; somebody else is to be assigned. Raises NotAllowed."""
    review = _locked(review)
    require(rules.may_review(by, review, today))
    move(review, ReviewStatus.ABSTAINED, by=by, on=today, note=reason)
    record("review.abstained", about=review.nomination, by=by)
    return review


@transaction.atomic
def recuse(*, review: Review, reason: str, by: User | None, today: date) -> Review:
    """The programme team takes a reviewer off a nomination; scores already given no longer count. Raises NotAllowed."""
    review = _locked(review)
    require(rules.may_run_selection(by, today))
    move(review, ReviewStatus.RECUSED, by=by, on=today, note=reason)
    record("review.recused", about=review.nomination, by=by, reviewer=review.reviewer.reference)
    return review


def _locked(review: Review) -> Review:
    return (
        Review.objects.select_for_update(of=("self", "nomination"))
        .select_related("nomination__cohort", "nomination__person", "reviewer")
        .get(pk=review.pk)
    )
