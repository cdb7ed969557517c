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
from nominations.queries.reviews import REVIEWERS_NEEDED, conflicts, ties
from people.models import User


@dataclass(frozen=True)
class Selection:
    """The open ends of a cohort's selection. Nominations too close to the reader are not counted, but in what they
    release unseen."""

    to_assign: int = 0
    to_decide: int = 0
    to_release: int = 0
    for_a_second_person: int = 0


NOTHING = Selection()


def selections_of(cohorts: Sequence[Cohort], reader: User, today: date) -> dict[int, Selection]:
    """Cohort → its open ends, for each of these that has nominations. The number of queries is constant.

    All that is prepared for a cohort is released at once. A reader who may not do that, having prepared some of it or
    being tied to somebody it is about, is told how much of what they may see waits for somebody else.
    """
    standing = Nomination.objects.filter(cohort__in=cohorts, status__in=NominationStatus.standing())
    with_some = set(standing.order_by().values_list("cohort", flat=True).distinct())
    if not with_some:
        return {}
    close = Nomination.objects.filter(cohort__in=with_some).filter(conflicts(reader, today))
    rows = (
        standing.exclude(pk__in=close.values("pk"))
        .annotate(
            scored=_reviews(ReviewStatus.SUBMITTED),
            awaited=_reviews(ReviewStatus.ASSIGNED),
            reviewers=_reviews(ReviewStatus.ASSIGNED, ReviewStatus.SUBMITTED),
            is_prepared=Exists(Decision.objects.filter(nomination=OuterRef("pk"), released_at=None)),
        )
        .order_by()
        .values("cohort")
    )
    undecided = Q(status=NominationStatus.COMPLETE, is_prepared=False)
    counted: QuerySet[Any] = rows.annotate(
        lacking=Count("pk", filter=undecided & Q(reviewers__lt=REVIEWERS_NEEDED)),
        ready=Count("pk", filter=undecided & Q(scored__gte=REVIEWERS_NEEDED, awaited=0)),
        seen=Count("pk", filter=Q(is_prepared=True)),
    ).values_list("cohort", "lacking", "ready", "seen")
    numbers = {pk: (lacking, ready, seen) for pk, lacking, ready, seen in counted}
    to_release = _to_release(cohorts, reader, today)
    found = {}
    for pk in with_some:
        lacking, ready, seen = numbers.get(pk, (0, 0, 0))
        released = to_release.get(pk, 0)
        found[pk] = Selection(lacking, ready, released, 0 if released else seen)
    return found


def _to_release(cohorts: Sequence[Cohort], reader: User, today: date) -> dict[int, int]:
    """Cohort → how many decisions are prepared, where the reader may release them (rules.selection.may_release)."""
    prepared = Decision.objects.filter(nomination__cohort__in=cohorts, released_at=None)
    by_cohort: QuerySet[Any] = prepared.order_by().values("nomination__cohort")
    rows = list(by_cohort.annotate(number=Count("pk"), own=Count("pk", filter=Q(prepared_by=reader))))
    if not rows:
        return {}
    about = Nomination.objects.filter(pk__in=prepared.values("nomination"))
    tied = set(about.filter(ties(reader, today)).values_list("cohort", flat=True))
    return {
        row["nomination__cohort"]: row["number"]
        for row in rows
        if not row["own"] and row["nomination__cohort"] not in tied
    }


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
