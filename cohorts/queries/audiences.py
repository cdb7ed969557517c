"""Who hears about a cohort: the programme team and the coordinators, as of a day."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q, QuerySet

from cohorts.enums import AssociateStatus
from cohorts.models import Associate, Cohort
from cohorts.queries.associates import with_organisation, with_status_on
from people.enums import RoleKind
from people.models import Role, User


def programme_team(today: date) -> QuerySet[User]:
    """The people who run the programme on that day and can be written to."""
    return _holders((RoleKind.MANAGER, RoleKind.ADMINISTRATOR), today)


def coordinators(today: date) -> QuerySet[User]:
    """Every coordinator of that day, once, however many organisations they answer for."""
    return _holders((RoleKind.COORDINATOR,), today)


def _holders(kinds: tuple[RoleKind, ...], today: date) -> QuerySet[User]:
    holders = Role.objects.on(today).filter(kind__in=kinds).values("person")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("pk")


def listening(cohort: Cohort, day: date) -> QuerySet[Associate]:
    """The cohort's associates who hear from it on that day: with a place or taking part, by the dated moves."""
    rows = with_status_on(cohort.associates.all(), day).filter(
        Q(status_that_day__in=AssociateStatus.hears(), person__is_active=True)
    )
    return rows.select_related("person", "cohort__programme").prefetch_related("cohort__phases").order_by("pk")


def coordinators_with_people(
    cohorts: Collection[int], day: date, people: Collection[str] | None = None
) -> Iterator[tuple[User, list[Associate]]]:
    """Each coordinator of that day with the associates of these cohorts whom they look after, each with
    `status_that_day`; `people` narrows to the coordinators with these references. Two queries."""
    rows = with_organisation(with_status_on(Associate.objects.filter(cohort__in=cohorts), day), day)
    by_organisation: dict[int, list[Associate]] = defaultdict(list)
    for associate in rows.select_related("person").order_by("person__name", "pk"):
        by_organisation[associate.organisation_id_then].append(associate)  # type: ignore[attr-defined]
    by_organisation.pop(None, None)  # type: ignore[call-overload]
    roles = Role.objects.on(day).filter(kind=RoleKind.COORDINATOR, organisation__in=list(by_organisation))
    if people is not None:
        roles = roles.filter(person__reference__in=people)
    mine: dict[User, list[Associate]] = defaultdict(list)
    for role in roles.select_related("person").order_by("person", "organisation"):
        mine[role.person] += by_organisation[role.organisation_id]
    yield from mine.items()
