"""Reviews: who may see what, who is in conflict with whom, and what the scores come to.

A conflict is found from the facts, before any access: the nominee's organisation, the nominee's line, the nomination
itself, and whether the reader stepped back from it. It is one condition (`conflicts`), used by lists, pages, counts,
assignment and export alike.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import mean

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Lower

from cohorts.models import Cohort
from nominations.enums import NominationStatus, ReviewStatus, SteppedBack
from nominations.models import Criterion, Nomination, Panellist, Review, ReviewMove, Score
from people.models import Employment, User
from people.queries.roles import roles_on

# The least that lets two judgements differ; who sees the scores before both are in would have only one.
REVIEWERS_NEEDED = 2


def conflicts(reviewer: User, today: date) -> Q:
    """Which nominations this person must not review, decide on, see the scores of, or be assigned.

    Those they have a tie with (`ties`); those of an organisation they work for or coordinate; those of people who work
    there today. Two queries, one more for roles that were not asked for yet.
    """
    spells = _spells(reviewer, today)
    organisations = {organisation for organisation, _manager in spells} | roles_on(reviewer, today).organisation_ids
    colleagues = Employment.objects.on(today).filter(organisation__in=organisations).values("person")
    return _ties(reviewer, spells, today) | Q(organisation__in=organisations) | Q(person__in=colleagues)


def ties(person: User, today: date) -> Q:
    """The nominations that are this person's own affair, not only their organisation's.

    Their own; those of people whose line manager they are, or who are theirs; those they put forward; those they
    abstained from, or were taken off for a tie that no register knows.
    """
    return _ties(person, _spells(person, today), today)


def _spells(person: User, today: date) -> list[tuple[int, str]]:
    """(organisation, line manager's address) of each employment of that day."""
    employed = Employment.objects.on(today).filter(person=person)
    return list(employed.values_list("organisation", "line_manager_email"))


def _ties(person: User, spells: list[tuple[int, str]], today: date) -> Q:
    addresses = _addresses(person)
    managers = {manager.lower() for _organisation, manager in spells if manager}
    led = Employment.objects.on(today).annotate(manager=Lower("line_manager_email")).filter(manager__in=addresses)
    put_under = Nomination.objects.annotate(manager=Lower("line_manager_email")).filter(manager__in=addresses)
    managing = User.objects.annotate(address=Lower("email")).filter(address__in=managers)
    stepped_back = ReviewMove.objects.filter(
        thing__reviewer=person, to_status__in=(ReviewStatus.ABSTAINED, ReviewStatus.RECUSED)
    ).exclude(reason=SteppedBack.LEFT_PANEL)
    return (
        Q(person=person)
        | Q(nominated_by=person)
        | Q(pk__in=put_under.values("pk"))
        | Q(pk__in=stepped_back.values("thing__nomination"))
        | Q(person__in=led.values("person"))
        | Q(person__in=managing.values("pk"))
    )


def _addresses(person: User) -> list[str]:
    known = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return sorted({person.email.lower(), *(address.lower() for address in known)})


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Review]:
    """The reviews that `user` may open: their own, of nominations they have no conflict with, while on the panel."""
    if not isinstance(user, User):
        return Review.objects.none()
    panels = Panellist.objects.filter(person=user).filter(Q(left_on__isnull=True) | Q(left_on__gt=today))
    mine = Review.objects.filter(reviewer=user, nomination__cohort__in=panels.values("cohort"))
    free = Nomination.objects.exclude(pk__in=Nomination.objects.filter(conflicts(user, today)).values("pk"))
    return mine.exclude(status=ReviewStatus.RECUSED).filter(nomination__in=free.values("pk"))


def to_do(user: User | AnonymousUser, today: date) -> QuerySet[Review]:
    """The reviews that wait for this person's scores: the nomination that fewest have scored comes first."""
    waiting = visible_to(user, today).filter(status=ReviewStatus.ASSIGNED, nomination__status=NominationStatus.COMPLETE)
    scored = Review.objects.filter(nomination=OuterRef("nomination"), status=ReviewStatus.SUBMITTED)
    count = scored.order_by().values("nomination").annotate(number=Count("pk")).values("number")
    return (
        waiting.annotate(scored=Coalesce(Subquery(count), 0))
        .select_related("nomination__person", "nomination__organisation", "nomination__cohort")
        .order_by("scored", "assigned_on", "pk")
    )


def waiting_for(user: User, today: date) -> int:
    """How many reviews wait for this person; one query for whoever has none."""
    mine = Review.objects.filter(
        reviewer=user, status=ReviewStatus.ASSIGNED, nomination__status=NominationStatus.COMPLETE
    )
    return to_do(user, today).count() if mine.exists() else 0


@dataclass(frozen=True)
class Member:
    """Somebody on the panel, what they have to do, and how many nominations are too close to them."""

    person: User
    to_do: int
    done: int
    conflicts: int


def members(cohort: Cohort, today: date) -> list[Member]:
    """The panel with its load, by name. Conflicts are counted from the facts, before anybody is assigned."""
    load: dict[tuple[int, str], int] = {
        (row["reviewer"], row["status"]): row["number"]
        for row in Review.objects.filter(nomination__cohort=cohort)
        .order_by()
        .values("reviewer", "status")
        .annotate(number=Count("pk"))
    }
    return [
        Member(
            person=person,
            to_do=load.get((person.pk, ReviewStatus.ASSIGNED), 0),
            done=load.get((person.pk, ReviewStatus.SUBMITTED), 0),
            conflicts=reviewable(cohort).filter(conflicts(person, today)).count(),
        )
        for person in panel(cohort, today).order_by("name", "pk")
    ]


def panel(cohort: Cohort, today: date) -> QuerySet[User]:
    """Who reviews for this cohort on that day."""
    members = Panellist.objects.filter(cohort=cohort).filter(Q(left_on__isnull=True) | Q(left_on__gt=today))
    return User.objects.filter(pk__in=members.values("person"), is_active=True).order_by("pk")


@dataclass(frozen=True)
class Result:
    """What the panel's scores of one nomination come to. Points are weighted means from 1 to 5."""

    submitted: int
    outstanding: int
    points: Decimal | None
    spread: Decimal | None

    @property
    def is_in(self) -> bool:
        """Whether enough scores are in, and none is awaited: only then are they shown to anybody."""
        return self.submitted >= REVIEWERS_NEEDED and self.outstanding == 0


def results(cohort: Cohort) -> dict[int, Result]:
    """Nomination → what its scores come to, for a whole cohort in two queries. Points stay hidden until all are in."""
    states: dict[int, list[str]] = defaultdict(list)
    for nomination, status in Review.objects.filter(nomination__cohort=cohort).values_list("nomination", "status"):
        states[nomination].append(status)
    weighted: dict[int, list[Decimal]] = defaultdict(list)
    lines = (
        Score.objects.filter(review__nomination__cohort=cohort, review__status=ReviewStatus.SUBMITTED)
        .values("review", "review__nomination")
        .annotate(points=Sum(F("points") * F("criterion__weight")), weights=Sum("criterion__weight"))
        .order_by("review")
    )
    for line in lines:
        weighted[line["review__nomination"]].append(Decimal(line["points"]) / Decimal(line["weights"]))
    return {nomination: _result(kinds, weighted[nomination]) for nomination, kinds in states.items()}


def result_of(nomination: Nomination) -> Result:
    """The same for one nomination."""
    statuses = list(nomination.reviews.values_list("status", flat=True))
    lines = (
        Score.objects.filter(review__nomination=nomination, review__status=ReviewStatus.SUBMITTED)
        .values("review")
        .annotate(points=Sum(F("points") * F("criterion__weight")), weights=Sum("criterion__weight"))
    )
    return _result(statuses, [Decimal(line["points"]) / Decimal(line["weights"]) for line in lines])


def _result(statuses: list[str], points: list[Decimal]) -> Result:
    submitted = statuses.count(ReviewStatus.SUBMITTED)
    outstanding = statuses.count(ReviewStatus.ASSIGNED)
    shown = submitted >= REVIEWERS_NEEDED and outstanding == 0 and bool(points)
    hundredth = Decimal("0.01")
    return Result(
        submitted=submitted,
        outstanding=outstanding,
        points=Decimal(mean(points)).quantize(hundredth) if shown else None,
        spread=(max(points) - min(points)).quantize(hundredth) if shown else None,
    )


def reviewable(cohort: Cohort) -> QuerySet[Nomination]:
    """Nominations that are complete, and so can be reviewed and decided on."""
    return Nomination.objects.filter(cohort=cohort, status=NominationStatus.COMPLETE)


@dataclass(frozen=True)
class CriterionText:
    """A criterion before it is saved."""

    name_en: str
    name_cy: str
    weight: int
    help_en: str = ""
    help_cy: str = ""


def criteria(cohort: Cohort) -> list[Criterion]:
    """The cohort's criteria in their order."""
    return list(Criterion.objects.filter(cohort=cohort))


@dataclass(frozen=True)
class ScoredReview:
    """A review as it is shown: the points in the order of the criteria, None for each while they are hidden."""

    review: Review
    points: list[int | None]
    comment: str


def with_scores(nomination: Nomination, *, shown: bool) -> list[ScoredReview]:
    """The nomination's reviews. `shown`: whether all scores are in (Result.is_in); else points and words are hidden."""
    wanted = criteria(nomination.cohort)
    rows = nomination.reviews.select_related("reviewer").prefetch_related("scores").order_by("pk")
    lines = []
    for row in rows:
        given = {score.criterion_id: score.points for score in row.scores.all()} if shown else {}
        lines.append(ScoredReview(row, [given.get(one.pk) for one in wanted], row.comment if shown else ""))
    return lines
