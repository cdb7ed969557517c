"""Offers: the decision that stands behind one, and which are near their last day."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from nominations.enums import NominationStatus
from nominations.models import Decision, Nomination, NomineePart
from nominations.queries.answers import WORDS, with_waiting_since
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


def own_open(person: User) -> QuerySet[Nomination]:
    """The person's own nominations that stand and are not accepted yet, with what their home page says of them:
    `answer_by`, whether their part is there (`has_part`), and since when answers are awaited (`waiting_since`).
    """
    before = NominationStatus.standing() - {NominationStatus.ACCEPTED}
    own = with_last_day(with_waiting_since(Nomination.objects.filter(status__in=before, person=person)))
    parts = NomineePart.objects.filter(nomination=OuterRef("pk"))
    return own.annotate(has_part=Exists(parts)).order_by("cohort__starts_on", "pk")


def was_too_late(nomination: Nomination) -> date | None:
    """Until when somebody is on the reserve list who said yes when the last place had gone; None for anybody else."""
    if nomination.status != NominationStatus.RESERVE:
        return None
    last = nomination.moves.latest()
    decision = offer_of(nomination)
    return decision.reserve_until if decision and last.from_status == NominationStatus.OFFERED else None
