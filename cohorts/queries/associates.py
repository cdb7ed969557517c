"""Associates: who may see them, what they were on a day, and whose people they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, DateField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import get_language

from cohorts.enums import AssociateStatus
from cohorts.models import Associate, AssociateMove, Cohort
from core.bilingual import pick
from people.models import Employment, Organisation, User
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


@dataclass(frozen=True)
class Tally:
    """How many of a cohort's associates there are, as far as the reader may see them."""

    by_status: dict[str, int]
    by_organisation: list[tuple[Organisation | None, int]]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def tally(associates: QuerySet[Associate], today: date) -> Tally:
    """Counts of these associates by status and by organisation (largest first). Two queries."""
    whose: Any = with_organisation(associates, today).order_by()
    rows = whose.values_list("status", "organisation_id_then").annotate(count=Count("pk"))
    by_status: dict[str, int] = {}
    by_id: dict[int | None, int] = {}
    for status, organisation_id, count in rows:
        by_status[status] = by_status.get(status, 0) + count
        by_id[organisation_id] = by_id.get(organisation_id, 0) + count
    organisations = Organisation.objects.in_bulk([pk for pk in by_id if pk])
    counted = [(organisations.get(pk) if pk else None, count) for pk, count in by_id.items()]
    counted.sort(key=lambda row: (row[0] is None, -row[1], pick(row[0], "short") if row[0] else ""))
    return Tally(by_status, counted)


def with_organisation_name(associates: QuerySet[Associate], today: date) -> QuerySet[Associate]:
    """with_organisation, and `organisation_name` in the reader's language, so that a list can be put in its order."""
    column = "short_cy" if (get_language() or "en").startswith("cy") else "short_en"
    name = Organisation.objects.filter(pk=OuterRef("organisation_id_then")).values(column)[:1]
    return with_organisation(associates, today).annotate(organisation_name=Subquery(name))


def history_of(associate: Associate) -> QuerySet[AssociateMove]:
    """The dated moves of one associate, the newest first, with who recorded them."""
    return associate.moves.select_related("by").order_by("-effective_on", "-pk")
