"""Finding organisations, and who may see which."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language

from core.language import ENGLISH, WELSH
from people.enums import RoleKind
from people.models import Employment, Organisation, Role, User
from people.queries.roles import roles_on


def active_on(day: date) -> QuerySet[Organisation]:
    """Organisations that take part on `day`, in the order of the reader's language; an empty date means always."""
    by_name = "short_cy" if (get_language() or ENGLISH).startswith(WELSH) else "short_en"
    return Organisation.objects.filter(
        Q(active_from__isnull=True) | Q(active_from__lte=day), Q(active_until__isnull=True) | Q(active_until__gt=day)
    ).order_by(by_name)


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Organisation]:
    """The organisations whose page `user` may open: all for the programme team and auditors, a coordinator's own.

    The twin of rules.may_view_organisation.
    """
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=roles.organisation_ids)


MANY = 1000


class CountOf(Subquery):
    """How many rows a subquery gives. Slice it: what is counted up to a limit costs the same however many there are."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def with_counts(organisations: QuerySet[Organisation], day: date) -> QuerySet[Organisation]:
    """Annotate `people_count` and `coordinator_count` as they are on `day`, in the same query, up to MANY + 1.

    Two spells of one person at an organisation never hold on one day, nor two roles of a kind, so rows are people.
    """
    working = Employment.objects.on(day).filter(organisation=OuterRef("pk")).order_by().values("pk")
    coordinating = Role.objects.on(day).filter(kind=RoleKind.COORDINATOR, organisation=OuterRef("pk"))
    return organisations.annotate(
        people_count=CountOf(working[: MANY + 1]),
        coordinator_count=CountOf(coordinating.order_by().values("pk")[: MANY + 1]),
    )
