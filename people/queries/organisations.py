"""Finding organisations, and who may see which."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from core.clock import Window
from people.enums import RoleKind
from people.models import Organisation, User
from people.queries.roles import roles_on


def active_on(day: date) -> QuerySet[Organisation]:
    """Organisations that take part on `day`; an empty date means always."""
    return Organisation.objects.filter(
        Q(active_from__isnull=True) | Q(active_from__lte=day), Q(active_until__isnull=True) | Q(active_until__gt=day)
    )


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Organisation]:
    """The organisations whose page `user` may open: all for the programme team and auditors, a coordinator's own.

    The twin of rules.may_view_organisation.
    """
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=roles.organisation_ids)


def with_counts(organisations: QuerySet[Organisation], day: date) -> QuerySet[Organisation]:
    """Annotate `people_count` and `coordinator_count` as they are on `day`, in the same query."""
    return organisations.annotate(
        people_count=Count("employments__person", filter=Window.q(day, "employments__"), distinct=True),
        coordinator_count=Count(
            "roles__person", filter=Window.q(day, "roles__") & Q(roles__kind=RoleKind.COORDINATOR), distinct=True
        ),
    )
