"""Which rule counts for a kind of message, in a scope, on a day; and on which days an event is spoken of.

A rule counts from its first day on, never for days before it: switching a reminder on tells nobody about what is past,
and moving it nearer or further repeats nothing, because the key of a message holds its event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.clock import Window, working_days_from
from messaging.kinds import Kind
from messaging.mail import Mail
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

    @property
    def turn(self) -> int:
        """For which time the event is spoken of, from 1.

        Keys hold this instead of the working days: a rule that moves the days repeats nothing that was said.
        """
        return sorted(self.policy.offsets).index(self.offset) + 1

    def in_turn(self, mail: Mail) -> Mail:
        """The mail, its key telling the second time from the first."""
        return mail if self.turn == 1 else replace(mail, key=f"{mail.key}:{self.turn}")


class Policies:
    """Every rule of one kind: `rows` of any kinds in the order of their days, else read in one query when made.

    With `supposed`, as if that rule had been set, too.
    """

    def __init__(
        self, kind: Kind, supposed: MessageRule | None = None, rows: Iterable[MessageRule] | None = None
    ) -> None:
        self.kind = kind
        self.usual = Policy.usual(kind)
        read = MessageRule.objects.filter(kind=kind.slug).order_by("from_on") if rows is None else rows
        found = [rule for rule in read if rule.kind == kind.slug]
        if supposed is not None and supposed.kind == kind.slug:
            start = (supposed.scope, supposed.from_on)
            found = [rule for rule in found if (rule.scope, rule.from_on) != start]
            found = sorted([*found, supposed], key=lambda rule: rule.from_on)
        self.rules = _by_kind_and_scope(found)
        self.offsets = sorted({offset for rule in found for offset in rule.offsets} | set(kind.offsets))

    def on(self, scope: str, day: date) -> Policy:
        """The policy of the scope on that day: its own newest rule, else the programme’s, else the usual."""
        rule = _counting(self.rules, self.kind.slug, scope, day)
        return Policy.of(rule, self.kind) if rule else self.usual

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


def switched_off(mails: Iterable[Mail]) -> set[str]:
    """The keys of those whose kind is switched off, on their day, where they are filed. One query, however many."""
    wanted = list(mails)
    rules = _by_kind_and_scope(MessageRule.objects.filter(kind__in={mail.kind for mail in wanted}).order_by("from_on"))
    if not rules:
        return set()
    counting = ((mail.key, _counting(rules, mail.kind, mail.about, mail.due_on)) for mail in wanted)
    return {key for key, rule in counting if rule and not rule.is_on}


Rules = Mapping[tuple[str, str], Sequence[MessageRule]]


def _by_kind_and_scope(rules: Iterable[MessageRule]) -> Rules:
    """The rules, the earliest first, by kind and scope."""
    found: dict[tuple[str, str], list[MessageRule]] = defaultdict(list)
    for rule in rules:
        found[rule.kind, rule.scope].append(rule)
    return found


def _counting(rules: Rules, kind: str, scope: str, day: date) -> MessageRule | None:
    """The rule of the scope that counts on that day, else the programme's; None: the product's own words."""
    for asked in dict.fromkeys((scope, "")):
        begun = [rule for rule in rules.get((kind, asked), ()) if rule.from_on <= day]
        if begun and not begun[-1].follows:
            return begun[-1]
    return None
