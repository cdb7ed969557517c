"""Offers: the decision that stands behind one, and which are near their last day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from nominations.enums import NominationStatus
from nominations.models import Decision, Nomination
from nominations.queries.answers import WORDS


def offer_of(nomination: Nomination) -> Decision | None:
    """The last decision that was released to this nominee; None when none was."""
    return nomination.decisions.filter(released_at__isnull=False).order_by("-released_at", "-pk").first()


def open_offers() -> QuerySet[Nomination]:
    """Nominations with an offer that waits for its answer, each with `answer_by` (null: no last day)."""
    released = Decision.objects.filter(nomination=OuterRef("pk"), released_at__isnull=False)
    answer_by = released.order_by("-released_at", "-pk").values("answer_by")[:1]
    return (
        Nomination.objects.filter(status=NominationStatus.OFFERED)
        .annotate(answer_by=Subquery(answer_by))
        .select_related(*WORDS)
        .order_by("pk")
    )


def offers_to_answer_by(days: Collection[date]) -> QuerySet[Nomination]:
    """Offers whose last day for an answer is one of these."""
    return open_offers().filter(answer_by__in=list(days))
