"""What the parts say about cohorts: those shown, their people in numbers, and a card each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.enums import AssociateStatus
from cohorts.models import Cohort
from cohorts.queries.phases import current_phase, next_phase
from core.bilingual import pick
from people.models import User
from reports.queries.home.shapes import OVER, STILL_IN, Fact, Text, day_of

# A page to start the day from: the cohorts that end first. More than that many at once are in the list of cohorts.
MOST_COHORTS = 12


@dataclass(frozen=True)
class Counts:
    """A cohort's people in numbers."""

    taken: int = 0
    waiting: int = 0
    still_in: int = 0
    not_asked: int = 0


NOBODY = Counts()


def counts_of(associates: QuerySet[Any]) -> dict[int, Counts]:
    """Cohort → its numbers, of these associates. One query."""
    inside = Q(status__in=STILL_IN)
    # Asked person by person: a join reads everybody as soon as that looks cheaper than a few hundred keys.
    language = Subquery(User.objects.filter(pk=OuterRef("person")).order_by().values("language"))
    rows = (
        associates.order_by()
        .values_list("cohort")
        .annotate(
            taken=Count("pk", filter=Q(status__in=AssociateStatus.fills_a_place())),
            waiting=Count("pk", filter=Q(status=AssociateStatus.ENROLLED)),
            still_in=Count("pk", filter=inside),
            not_asked=Count("pk", filter=inside & Q(Exact(language, ""))),
        )
    )
    return {pk: Counts(*numbers) for pk, *numbers in rows}


def first_to_end(cohorts: QuerySet[Cohort]) -> tuple[list[Cohort], list[Fact]]:
    """Of the cohorts that are not over, those shown, with their phases; and the way to the others if there are more."""
    found = list(cohorts.exclude(status__in=OVER).order_by("until", "pk")[: MOST_COHORTS + 1])
    shown = found[:MOST_COHORTS]
    prefetch_related_objects(shown, "phases")
    others = [Fact(str(_("All cohorts")), reverse("cohorts:cohort-list"))] if len(found) > MOST_COHORTS else []
    return shown, others


def cohort_fact(cohort: Cohort, today: date) -> Fact:
    """Where a cohort is today."""
    current, upcoming = current_phase(cohort, today), next_phase(cohort, today)
    hint: Text = ""
    if current:
        last = day_of(current.until - timedelta(days=1))
        hint = _("%(phase)s, last day: %(day)s") % {"phase": current.get_kind_display(), "day": last}
    elif upcoming:
        hint = _("Starts: %(day)s") % {"day": day_of(upcoming.starts_on)}
    return Fact(pick(cohort, "name"), reverse("cohorts:cohort-detail", args=[cohort.slug]), hint)
