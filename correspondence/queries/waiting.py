"""What is held until somebody decides, in the groups in which it came: a kind, a cohort, a day, a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from cohorts.emails import slug_in
from cohorts.models import Cohort
from core import clock
from core.bilingual import pick
from core.clock import days_from
from correspondence.kinds import label_of
from messaging.enums import MessageState, StateReason
from messaging.models import Message, NightRun
from messaging.reminders import Question, Source

# A page shows so many groups; what is decided makes room for the next.
MOST_GROUPS = 100
# After an outage one looks back so far.
LOOKED_BACK = timedelta(days=30)
TOGETHER = ("kind", "about", "due_on", "state_reason")


@dataclass(frozen=True)
class Group:
    """Held messages that one decision can be about. `first` is the key of one of them, `last` the greatest key."""

    kind: str
    cohort: str
    due_on: date
    reason: StateReason | None
    count: int
    first: int
    last: int
    late_after: date


def groups(reasons: Collection[str] = ()) -> list[Group]:
    """The groups of held messages, those of the earliest day first; only for these reasons, if any are given."""
    rows = Message.objects.filter(state=MessageState.HELD).order_by()
    if reasons:
        rows = rows.filter(state_reason__in=reasons)
    counted = rows.values(*TOGETHER).annotate(
        count=Count("pk"), first=Min("pk"), last=Max("pk"), until=Max("late_after")
    )
    found = list(counted.order_by("due_on", "first")[:MOST_GROUPS])
    names = cohort_names(row["about"] for row in found)
    return [
        Group(
            label_of(row["kind"]),
            names.get(row["about"], ""),
            row["due_on"],
            StateReason(row["state_reason"]) if row["state_reason"] else None,
            row["count"],
            row["first"],
            row["last"],
            row["until"],
        )
        for row in found
    ]


def group_of(message: Message) -> QuerySet[Message]:
    """What is held together with this message, itself among it."""
    same = {name: getattr(message, name) for name in TOGETHER}
    return Message.objects.filter(state=MessageState.HELD, **same).order_by("pk")


def cohort_names(scopes: Iterable[str]) -> dict[str, str]:
    """Scope → name of its cohort, in the language of the page. One query."""
    slugs = {slug_in(scope): scope for scope in scopes if slug_in(scope)}
    cohorts = Cohort.objects.filter(slug__in=list(slugs)) if slugs else ()
    return {slugs[cohort.slug]: pick(cohort, "name") for cohort in cohorts}


def by_reason() -> Mapping[str, int]:
    """Reason → how many messages are held for it. One query."""
    held = Message.objects.filter(state=MessageState.HELD).order_by()
    return dict(held.values_list("state_reason").annotate(Count("pk")))


@dataclass(frozen=True)
class Unsaid:
    """What nobody was told, because the night of its day never ran."""

    on: date
    kind: str
    cohort: str
    count: int


@dataclass(frozen=True)
class Outage:
    """What became of the nights of the last month that did not run in time."""

    ran_late: Sequence[date]
    never_ran: Sequence[date]
    unsaid: Sequence[Unsaid]


def outage(sources: Sequence[Source], today: date) -> Outage:
    """The nights that were missed within LOOKED_BACK, and what those that never ran would have said.

    A night ran late when it was run on a later day. What would have been said is computed from today's facts, by the
    same functions that a night asks.
    """
    begin = today - LOOKED_BACK
    runs = NightRun.objects.filter(on__gte=begin, complete=True, replay=False)
    in_time: set[date] = set()
    late: set[date] = set()
    for on, started_at in runs.values_list("on", "started_at"):
        (in_time if started_at.astimezone(clock.LONDON).date() <= on else late).add(on)
    ever = NightRun.objects.filter(complete=True, replay=False).aggregate(first=Min("on"))["first"]
    expected = set(days_from(max(begin, ever), today)) if ever else set()
    never = sorted(expected - in_time - late)
    return Outage(sorted(late - in_time), never, _unsaid(sources, never, today) if never else ())


def _unsaid(sources: Sequence[Source], days: Sequence[date], today: date) -> list[Unsaid]:
    window = clock.Window(days[0], days[-1] + timedelta(days=1))
    due: dict[str, tuple[date, str, str]] = {}
    for source in sources:
        for occasion in source.occasions(Question(window, as_of=today)):
            mail = occasion.mail
            if occasion.verdict and mail.due_on in days:
                due[mail.key] = (mail.due_on, mail.kind, mail.about)
    for key in Message.objects.filter(key__in=list(due)).values_list("key", flat=True):
        del due[key]
    names = cohort_names({about for _on, _kind, about in due.values()})
    counted: dict[tuple[date, str, str], int] = {}
    for group in due.values():
        counted[group] = counted.get(group, 0) + 1
    return [
        Unsaid(on, label_of(kind), names.get(about, ""), count) for (on, kind, about), count in sorted(counted.items())
    ]


def held_for(address: str) -> QuerySet[Message]:
    """What did not go, and nobody has decided about, because this address did not work."""
    rows = Message.objects.filter(address__iexact=address, state_reason=StateReason.ADDRESS, decided_at=None)
    return rows.filter(Q(state=MessageState.HELD) | Q(state=MessageState.FAILED)).order_by("pk")
