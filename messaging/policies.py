"""Which rule counts for a kind of message, in a scope, on a day; and on which days an event is spoken of.

A rule counts from its first day on, never for days before it: switching a reminder on tells nobody about what is past,
and moving it nearer or further repeats nothing, because the key of a message holds its event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import Window, working_days_from
from messaging.kinds import Kind
from messaging.models import MessageRule

# In Wales no two weeks have more days off than this between two working days.
LONGEST_BREAK = 10


@dataclass(frozen=True)
class Policy:
    """What counts for one kind in one scope on a day; `since` None: nobody has ruled, the product's own words count.

    `scope` and `set_by` are those of the rule: "" is the programme, and the system.
    """

    kind: Kind
    is_on: bool
    offsets: tuple[int, ...]
    audience: str
    stop: str
    late_after_days: int | None
    approve_above: int
    since: date | None = None
    scope: str = ""
    set_by: str = ""

    @classmethod
    def usual(cls, kind: Kind) -> Policy:
        """What counts while nobody has said otherwise."""
        return cls(
            kind=kind,
            is_on=True,
            offsets=kind.offsets,
            audience=kind.audiences[0].slug if kind.audiences else "",
            stop=kind.stops[0].slug if kind.stops else "",
            late_after_days=None,
            approve_above=kind.approve_above,
        )

    @classmethod
    def of(cls, rule: MessageRule, kind: Kind) -> Policy:
        """What this rule says."""
        return cls(
            kind=kind,
            is_on=rule.is_on,
            offsets=tuple(rule.offsets),
            audience=rule.audience,
            stop=rule.stop,
            late_after_days=rule.late_after_days,
            approve_above=rule.approve_above,
            since=rule.from_on,
            scope=rule.scope,
            set_by=rule.set_by,
        )


@dataclass(frozen=True)
class Slot:
    """A day on which an event is spoken of, how many working days from it, and the policy of that day."""

    on: date
    offset: int
    policy: Policy


class Policies:
    """Every rule of one kind, read in one query when made."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.usual = Policy.usual(kind)
        self.rules: dict[str, list[Policy]] = defaultdict(list)
        for rule in MessageRule.objects.filter(kind=kind.slug).order_by("from_on"):
            self.rules[rule.scope].append(Policy.of(rule, kind))
        used = {offset for rules in self.rules.values() for policy in rules for offset in policy.offsets}
        self.offsets = sorted(used | set(kind.offsets))

    def on(self, scope: str, day: date) -> Policy:
        """The policy of the scope on that day: its own newest rule, else the programme’s, else the usual."""
        for rules in (self.rules.get(scope, []), self.rules.get("", [])):
            if begun := [policy for policy in rules if policy.since and policy.since <= day]:
                return begun[-1]
        return self.usual

    def slots(self, scope: str, event_on: date) -> Iterator[Slot]:
        """The days on which an event of that day is spoken of, each under the policy that counts on it."""
        for offset in self.offsets:
            on = working_days_from(event_on, offset)
            policy = self.on(scope, on)
            if offset in policy.offsets:
                yield Slot(on, offset, policy)

    def events_near(self, days: Window) -> Window:
        """The days on which an event must lie to be spoken of within `days`; wider than need be."""
        assert days.until is not None
        after, before = max([0, *self.offsets]), -min([0, *self.offsets])
        return Window(days.starts_on - _reach(after), days.until + _reach(before))


def _reach(working_days: int) -> timedelta:
    """More calendar days than that many working days take."""
    return timedelta(days=7 * working_days // 5 + LONGEST_BREAK)
