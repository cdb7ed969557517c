"""What a cohort's recruitment and selection wait for, in numbers, for the home page of whoever can do something."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cohorts.models import Cohort
from nominations.enums import NominationStatus, ReviewStatus
from nominations.models import Decision, Nomination, Places, Review
from nominations.queries.reviews import REVIEWERS_NEEDED, conflicts
from people.models import User


@dataclass(frozen=True)
class Selection:
    """The open ends of a cohort's selection. Nominations too close to the reader are not counted."""

    to_assign: int = 0
    to_decide: int = 0
    to_release: int = 0
    for_a_second_person: int = 0


NOTHING = Selection()


def selections_of(cohorts: Sequence[Cohort], reader: User, today: date) -> dict[int, Selection]:
    """Cohort → its open ends, for each of these that has nominations. The number of queries is constant.

    When the reader prepared a decision of a cohort, somebody else releases all that is prepared for it.
    """
    standing = Nomination.objects.filter(cohort__in=cohorts, status__in=NominationStatus.standing())
    with_some = set(standing.order_by().values_list("cohort", flat=True).distinct())
    if not with_some:
        return {}
    close = Nomination.objects.filter(cohort__in=with_some).filter(conflicts(reader, today))
    prepared = Decision.objects.filter(nomination=OuterRef("pk"), released_at=None)
    rows = (
        standing.exclude(pk__in=close.values("pk"))
        .annotate(
            scored=_reviews(ReviewStatus.SUBMITTED),
            awaited=_reviews(ReviewStatus.ASSIGNED),
            reviewers=_reviews(ReviewStatus.ASSIGNED, ReviewStatus.SUBMITTED),
            is_prepared=Exists(prepared),
            is_own=Exists(prepared.filter(prepared_by=reader)),
        )
        .order_by()
        .values("cohort")
    )
    undecided = Q(status=NominationStatus.COMPLETE, is_prepared=False)
    counted: QuerySet[Any] = rows.annotate(
        lacking=Count("pk", filter=undecided & Q(reviewers__lt=REVIEWERS_NEEDED)),
        ready=Count("pk", filter=undecided & Q(scored__gte=REVIEWERS_NEEDED, awaited=0)),
        waiting=Count("pk", filter=Q(is_prepared=True)),
        own=Count("pk", filter=Q(is_own=True)),
    ).values_list("cohort", "lacking", "ready", "waiting", "own")
    found = dict.fromkeys(with_some, NOTHING)
    for pk, lacking, ready, waiting, own in counted:
        found[pk] = Selection(lacking, ready, 0 if own else waiting, waiting if own else 0)
    return found


def _reviews(*statuses: ReviewStatus) -> Coalesce:
    rows = Review.objects.filter(nomination=OuterRef("pk"), status__in=statuses).order_by().values("nomination")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


@dataclass(frozen=True)
class Recruiting:
    """How some organisations stand in a cohort's recruitment, together."""

    indicative: int = 0
    nominated: int = 0
    unanswered: int = 0
    said_none: bool = False


NOBODY_ASKED = Recruiting()


def recruiting_for(cohorts: Sequence[Cohort], organisations: Collection[int]) -> dict[int, Recruiting]:
    """Cohort → how these organisations stand in it; two queries. “None” counts when all of them have said it."""
    places = (
        Places.objects.filter(cohort__in=cohorts, organisation__in=organisations)
        .order_by()
        .values("cohort")
        .annotate(indicative=Coalesce(Sum("indicative"), 0), none=Count("no_nominees_on"))
    )
    asked = {row["cohort"]: (row["indicative"], row["none"] == len(organisations)) for row in places}
    counts: QuerySet[Any] = (
        Nomination.objects.filter(cohort__in=cohorts, organisation__in=organisations)
        .order_by()
        .values("cohort")
        .annotate(
            nominated=Count("pk", filter=Q(status__in=NominationStatus.uses_a_place())),
            unanswered=Count("pk", filter=Q(status=NominationStatus.INVITED)),
        )
    )
    numbers = {row["cohort"]: (row["nominated"], row["unanswered"]) for row in counts}
    found = {}
    for pk in asked.keys() | numbers.keys():
        (indicative, said_none), (nominated, unanswered) = asked.get(pk, (0, False)), numbers.get(pk, (0, 0))
        found[pk] = Recruiting(indicative, nominated, unanswered, said_none)
    return found
