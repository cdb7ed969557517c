"""Offers: the decision that stands behind one, and which are near their last day."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from nominations.enums import NominationStatus
from nominations.models import Decision, Nomination
from nominations.queries.answers import WORDS
from people.models import User


def offer_of(nomination: Nomination) -> Decision | None:
    """The last decision that was released to this nominee; None when none was."""
    return nomination.decisions.filter(released_at__isnull=False).order_by("-released_at", "-pk").first()


def open_offers() -> QuerySet[Nomination]:
    """Nominations with an offer that waits for its answer, each with `answer_by` (null: no last day)."""
    offered = Nomination.objects.filter(status=NominationStatus.OFFERED)
    return with_last_day(offered).select_related(*WORDS).order_by("pk")


def with_last_day(nominations: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Adds `answer_by`, of the decision that was released last."""
    released = Decision.objects.filter(nomination=OuterRef("pk"), released_at__isnull=False)
    return nominations.annotate(answer_by=Subquery(released.order_by("-released_at", "-pk").values("answer_by")[:1]))


def own_to_answer(person: User) -> QuerySet[Nomination]:
    """The person's own nominations that wait for an answer of theirs: an offer, or their part."""
    waiting = Q(status=NominationStatus.OFFERED) | Q(status=NominationStatus.INVITED, nominee_part=None)
    own = with_last_day(Nomination.objects.filter(waiting, person=person))
    return own.select_related("cohort").order_by("cohort__starts_on", "pk")


def was_too_late(nomination: Nomination) -> date | None:
    """Until when somebody is on the reserve list who said yes when the last place had gone; None for anybody else."""
    if nomination.status != NominationStatus.RESERVE:
        return None
    last = nomination.moves.latest()
    decision = offer_of(nomination)
    return decision.reserve_until if decision and last.from_status == NominationStatus.OFFERED else None
