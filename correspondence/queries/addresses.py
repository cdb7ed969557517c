"""Addresses that do not work: which somebody may know of, whose they are, and what is held for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from core import clock
from messaging.enums import StateReason
from messaging.models import BadAddress, Message
from people.models import User
from people.queries.people import in_touch_with
from people.queries.roles import roles_on

# What was held for a mended address is spoken of for so long; more than so many stand on no page.
LOOKED_BACK = timedelta(days=30)
MOST = 100


@dataclass(frozen=True)
class AddressLine:
    """One address with its person, if we know them, and how many messages were held for it."""

    bad: BadAddress
    person: User | None
    held: int


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[BadAddress]:
    """The bad addresses that `user` may know of: the programme team all, a coordinator those of the own people."""
    rows = BadAddress.objects.order_by("-pk")
    if roles_on(user, today).runs_programme:
        return rows
    if not roles_on(user, today).is_coordinator:
        return rows.none()
    return rows.filter(person__in=in_touch_with(user, today).values("reference")).exclude(person="")


def to_mend(user: User | AnonymousUser, today: date) -> QuerySet[BadAddress]:
    """Those of them that do not work at present."""
    return visible_to(user, today).filter(mended_at=None)


def lines(user: User | AnonymousUser, today: date) -> list[AddressLine]:
    """What does not work at present, then what was mended lately and has messages that wait to be looked at."""
    since = clock.now() - LOOKED_BACK
    rows = visible_to(user, today).filter(Q(mended_at=None) | Q(mended_at__gte=since))[:MOST]
    found = list(rows)
    people = {person.reference: person for person in User.objects.filter(reference__in={row.person for row in found})}
    held = _held({row.address.lower() for row in found})
    every = [AddressLine(row, people.get(row.person), held[row.address.lower()]) for row in found]
    return [line for line in every if not line.bad.mended_at] + [
        line for line in every if line.bad.mended_at and line.held
    ]


def mended_with_held() -> int:
    """How many messages wait to be looked at because their address has been mended."""
    bad = BadAddress.objects.filter(mended_at=None).annotate(lower=Lower("address")).values("lower")
    rows = Message.objects.filter(state_reason=StateReason.ADDRESS, decided_at=None, state__in=["held", "failed"])
    return rows.annotate(lower=Lower("address")).exclude(lower__in=bad).count()


def _held(addresses: set[str]) -> Counter[str]:
    rows = Message.objects.filter(state_reason=StateReason.ADDRESS, decided_at=None, state__in=["held", "failed"])
    lowered = rows.annotate(lower=Lower("address")).filter(lower__in=addresses)
    return Counter(lowered.values_list("lower", flat=True))
