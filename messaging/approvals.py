"""What waits for a person before it goes: the first use of a kind within a scope, and what would go to many."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet

from core import clock
from messaging import claims
from messaging.enums import MessageState, StateReason
from messaging.kinds import Kind, Sort
from messaging.models import Approval, Message
from messaging.policies import Policies


def ask_first(kind: Kind, on: date) -> None:
    """Hold what was queued of this kind for the day `on` and nobody has approved.

    Called in the transaction that wrote the rows, so that no worker sees them before. Rows that were approved once, or
    that somebody released, are not held again. An announcement was approved before it was computed.
    """
    if kind.sort is Sort.ANNOUNCEMENT:
        return
    rows = Message.objects.filter(kind=kind.slug, due_on=on, state=MessageState.QUEUED, decided_at__isnull=True)
    approved = Approval.objects.filter(kind=kind.slug).values("scope")
    claims.hold(rows.exclude(about__in=approved), StateReason.FIRST_USE)
    policies = Policies(kind)
    for scope, count in rows.order_by().values_list("about").annotate(Count("pk")):
        if count > policies.on(scope, on).approve_above:
            claims.hold(rows.filter(about=scope), StateReason.MANY)


def approve_kind(kind: str, scope: str, *, by: str) -> None:
    """Remember that the person with this reference approved the first use of the kind within the scope."""
    Approval.objects.get_or_create(scope=scope, kind=kind, defaults={"approved_at": clock.now(), "approved_by": by})


def held_of(key: str) -> QuerySet[Message]:
    """What is held and has a key that begins so."""
    return Message.objects.filter(state=MessageState.HELD, key__startswith=key)
