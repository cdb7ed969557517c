"""Places by organisation: asked for, used, and what earlier cohorts used."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q

from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate, Cohort
from cohorts.queries.associates import with_organisation
from nominations.enums import NominationStatus
from nominations.models import Nomination, Places
from nominations.queries.lapsing import lapsed_by
from people.enums import RoleKind
from people.models import Organisation, Role, User
from people.queries.organisations import active_on


@dataclass(frozen=True)
class OrganisationPlaces:
    """One organisation's line on the recruitment page."""

    organisation: Organisation
    indicative: int
    nominated: int
    accepted: int
    earlier: tuple[tuple[Cohort, int], ...]
    no_nominees_on: date | None
    no_nominees_by: User | None

    @property
    def is_awaited(self) -> bool:
        """Whether more nominations are hoped for: it has not said “none”, nor used the places it was asked to fill."""
        return self.no_nominees_on is None and (self.nominated < self.indicative or not self.nominated)

    @property
    def over(self) -> int:
        """How many nominations there are above the indicative number."""
        return max(self.nominated - self.indicative, 0)


def by_organisation(cohort: Cohort, today: date, *, earlier_cohorts: int = 3) -> list[OrganisationPlaces]:
    """Every organisation that takes part today or has a row here, with its numbers. Five queries."""
    rows = {row.organisation_id: row for row in Places.objects.filter(cohort=cohort).select_related("no_nominees_by")}
    counted: dict[int, Any] = {
        line["organisation"]: line
        for line in Nomination.objects.filter(cohort=cohort)
        .values("organisation")
        .annotate(
            nominated=Count("pk", filter=Q(status__in=NominationStatus.uses_a_place())),
            accepted=Count("pk", filter=Q(status=NominationStatus.ACCEPTED)),
        )
    }
    earlier = list(Cohort.objects.filter(order__lt=cohort.order).order_by("-order")[:earlier_cohorts])
    used = _used_earlier(earlier, today)
    taking_part = active_on(today).values("pk")
    organisations = Organisation.objects.filter(Q(pk__in=taking_part) | Q(pk__in=[*rows, *counted])).order_by(
        "short_en"
    )
    lines = []
    for organisation in organisations:
        row = rows.get(organisation.pk)
        count = counted.get(organisation.pk, {})
        lines.append(
            OrganisationPlaces(
                organisation=organisation,
                indicative=row.indicative if row else 0,
                nominated=count.get("nominated", 0),
                accepted=count.get("accepted", 0),
                earlier=tuple((past, used.get((past.pk, organisation.pk), 0)) for past in earlier),
                no_nominees_on=row.no_nominees_on if row else None,
                no_nominees_by=row.no_nominees_by if row else None,
            )
        )
    return lines


def _used_earlier(cohorts: list[Cohort], today: date) -> dict[tuple[int, int], int]:
    """(cohort, organisation) → associates who took part, by the organisation they belonged to then."""
    took_part = Associate.objects.filter(cohort__in=cohorts).exclude(status=AssociateStatus.DID_NOT_START)
    dated = with_organisation(took_part, today).order_by()
    lines = dated.values_list("cohort", "organisation_id_then")  # type: ignore[misc]
    totals: dict[tuple[int, int], int] = {}
    for cohort, organisation in lines:
        if organisation is not None:
            totals[cohort, organisation] = totals.get((cohort, organisation), 0) + 1
    return totals


def closing_between(first: date, until: date, slug: str = "") -> list[Cohort]:
    """Cohorts whose last day of recruitment is from `first` up to, not including, `until`; or that one of them."""
    rows = Cohort.objects.filter(recruitment_until__gt=first, recruitment_until__lte=until)
    rows = rows.filter(slug=slug) if slug else rows
    return list(rows.exclude(status=CohortStatus.CANCELLED).select_related("programme").order_by("pk"))


def coordinated_lines(
    cohort: Cohort, today: date, people: Collection[str] | None = None
) -> Iterator[tuple[User, list[OrganisationPlaces]]]:
    """Each coordinator with the lines of their organisations, by name; `people` narrows to these references.

    Of a day to come, without the nominations that will have lapsed by then.
    """
    lapsed = lapsed_by(cohort, today)
    lines = {
        line.organisation.pk: replace(line, nominated=line.nominated - lapsed[line.organisation.pk])
        for line in by_organisation(cohort, today, earlier_cohorts=0)
    }
    roles = Role.objects.on(today).filter(kind=RoleKind.COORDINATOR, organisation__in=list(lines))
    if people is not None:
        roles = roles.filter(person__reference__in=people)
    mine: dict[User, list[OrganisationPlaces]] = {}
    for role in roles.select_related("person").order_by("person", "organisation__short_en"):
        mine.setdefault(role.person, []).append(lines[role.organisation_id])
    yield from mine.items()


def of(cohort: Cohort, organisation: Organisation) -> Places:
    """The organisation's row, or an unsaved one that asks for nobody."""
    return Places.objects.filter(cohort=cohort, organisation=organisation).first() or Places(
        cohort=cohort, organisation=organisation
    )
