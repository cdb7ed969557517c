"""What the outbox holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet
from django.db.models.functions import Lower, Now

from messaging.enums import MessageState
from messaging.models import BadAddress, Heartbeat, Message


def ages_of_heartbeats() -> Mapping[str, timedelta]:
    """Part of the machinery → time since it last showed life; by the database's clock."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    return dict(Heartbeat.objects.annotate(age=age).values_list("name", "age"))


def age_of_oldest_due() -> timedelta | None:
    """How long the oldest message that could go has been waiting or under way; None when nothing waits.

    One that the mail server put off is not due before its next try, so a single full mailbox is no alarm; a mail
    server that is away puts nothing off, so it is one. What waits for better hours, or in a daily summary, is not due.
    """
    due = Message.objects.filter(
        Q(state=MessageState.QUEUED, next_attempt_at__lte=Now(), digest=None) | Q(state=MessageState.SENDING)
    )
    age: timedelta | None = due.aggregate(
        age=ExpressionWrapper(Now() - Min("next_attempt_at"), output_field=DurationField())
    )["age"]
    return age


def matching(
    *, state: str = "", kind: str = "", person: str = "", about: str = "", words: str = ""
) -> QuerySet[Message]:
    """Messages, the newest first. `words` is a part of the recipient's name or address; empty asks nothing."""
    rows = Message.objects.order_by("-pk")
    exactly = {"state": state, "kind": kind, "person": person, "about": about}
    rows = rows.filter(**{column: value for column, value in exactly.items() if value})
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(address__icontains=words))
    return rows


def bad_addresses(addresses: Collection[str] | None = None) -> QuerySet[BadAddress]:
    """The addresses that do not work at present: all, or those among these, whatever the letter case."""
    bad = BadAddress.objects.filter(mended_at__isnull=True).order_by("-pk")
    if addresses is None:
        return bad
    return bad.annotate(lower=Lower("address")).filter(lower__in={address.lower() for address in addresses})


def undecided() -> QuerySet[Message]:
    """What somebody should look at and nobody has dealt with, the newest first."""
    return Message.objects.filter(state__in=MessageState.needing_a_person(), decided_at__isnull=True).order_by("-pk")


def needing_a_person() -> Mapping[str, int]:
    """State → how many messages are in it, for the states that somebody should look at, the most urgent first."""
    states = MessageState.needing_a_person()
    counts = dict(undecided().order_by().values_list("state").annotate(Count("pk")))
    return {state: counts[state] for state in states if state in counts}
