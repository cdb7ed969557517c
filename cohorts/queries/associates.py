"""Associates: who may see them, what they were on a day, and whose people they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, DateField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from cohorts.enums import AssociateStatus
from cohorts.models import Associate, AssociateMove, Cohort
from people.models import Employment, User
from people.queries.roles import roles_on

ENDED = (AssociateStatus.COMPLETED, AssociateStatus.WITHDRAWN, AssociateStatus.DID_NOT_START)
ONE_DAY = timedelta(days=1)


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Associate]:
    """The associates whose journey `user` may see.

    Programme team and auditors: all. Coordinators: their own organisation's people. Everybody: themselves. Coaches
    and lab leads get theirs with the relationships that later capabilities bring.
    """
    if not isinstance(user, User):
        return Associate.objects.none()
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return Associate.objects.all()
    mine = Q(person=user)
    if not roles.is_coordinator:
        return Associate.objects.filter(mine)
    return Associate.objects.filter(mine | Q(pk__in=of_organisations(roles.organisation_ids, today).values("pk")))


def with_status_on(associates: QuerySet[Associate], day: date) -> QuerySet[Associate]:
    """Adds `status_that_day`, from the dated moves; null on the days before the place was given."""
    latest = AssociateMove.objects.filter(thing=OuterRef("pk"), effective_on__lte=day).order_by("-effective_on", "-pk")
    return associates.annotate(status_that_day=Subquery(latest.values("to_status")[:1]))


def with_organisation(associates: QuerySet[Associate], today: date) -> QuerySet[Associate]:
    """Adds `organisation_id_then`: whose people they are, from the employment on the day that counts (null: none).

    That day is today while the cohort runs, its last day afterwards, and the last day in the cohort for those who
    left or completed: changing employer later does not change an old cohort (domain.md 5.2). Of several spells at
    once, the one that began last counts.
    """
    ended_on = AssociateMove.objects.filter(thing=OuterRef("pk"), to_status__in=ENDED).order_by("-effective_on", "-pk")
    last_day = ExpressionWrapper(F("cohort__until") - Value(ONE_DAY), output_field=DateField())
    day_before_end = ExpressionWrapper(Subquery(ended_on.values("effective_on")[:1]) - Value(ONE_DAY), DateField())
    day = Greatest(
        F("enrolled_on"),
        Case(
            When(status__in=ENDED, then=Least(Coalesce(day_before_end, last_day), last_day)),
            default=Least(Value(today, DateField()), last_day),
        ),
    )
    spells = Employment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("day_that_counts")),
        person=OuterRef("person"),
        starts_on__lte=OuterRef("day_that_counts"),
    ).order_by("-starts_on", "-pk")
    return associates.annotate(day_that_counts=day).annotate(
        organisation_id_then=Subquery(spells.values("organisation")[:1]),
        job_title_then=Subquery(spells.values("job_title")[:1]),
    )


def of_organisations(organisation_ids: Iterable[int], today: date) -> QuerySet[Associate]:
    """The associates who are these organisations' people."""
    ids = list(organisation_ids)
    # The first filter is what the index answers; the second is the exact question, asked of those few.
    possible = Associate.objects.filter(person__in=Employment.objects.filter(organisation__in=ids).values("person"))
    return with_organisation(possible, today).filter(Q(organisation_id_then__in=ids))


def place_of(cohort: Cohort, person: User) -> Associate | None:
    """The person's place in the cohort, whatever its status; None when there never was one."""
    return Associate.objects.filter(cohort=cohort, person=person).first()
