"""How each kind of message is sent: in words, since when, and what another rule would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import Window
from messaging.kinds import Kind, Option, Text
from messaging.models import MessageRule
from messaging.policies import Policies, Policy
from messaging.reminders import Question, Source
from people.models import User

# How far a preview looks: back as far as a message may have spoken of an event to come, and ahead.
BACK, AHEAD = timedelta(days=120), timedelta(days=180)
MOST_EFFECTS = 40


@dataclass(frozen=True)
class Rule:
    """A rule as people read it; `row` None: what Infuse brings with it. `facts` are (label, lines)."""

    is_on: bool
    facts: list[tuple[str, list[str]]]
    since: date | None
    by: str
    row: MessageRule | None = None


@dataclass(frozen=True)
class KindLine:
    """One kind: the rule that counts today, from where it comes, and those of this place that begin later."""

    kind: Kind
    rule: Rule
    is_own: bool
    later: list[Rule]


def proposed_rule(*, kind: Kind, scope: str, from_on: date, **says: object) -> MessageRule:
    """The rule as it would be, unsaved; what is not said is as usual."""
    given = {name: value for name, value in says.items() if value not in (None, "", ())}
    usual = {
        "offsets": kind.offsets,
        "audience": kind.audiences[0].slug if kind.audiences else "",
        "stop": kind.stops[0].slug if kind.stops else "",
        "approve_above": kind.approve_above,
    }
    rule = MessageRule(scope=scope, kind=kind.slug, from_on=from_on, **{**usual, **given})
    rule.offsets = sorted(set(rule.offsets))
    return rule


def lines(kinds: Iterable[Kind], scope: str, today: date) -> list[KindLine]:
    """How each of these kinds is sent in a scope. Two queries."""
    wanted = list(kinds)
    slugs = [kind.slug for kind in wanted]
    rows = list(MessageRule.objects.filter(kind__in=slugs, scope__in={scope, ""}).order_by("from_on"))
    names = names_of(row.set_by for row in rows)
    found = []
    for kind in wanted:
        policy = Policies(kind, rows=rows).on(scope, today)
        later = [row for row in rows if row.kind == kind.slug and row.scope == scope and row.from_on > today]
        found.append(
            KindLine(
                kind=kind,
                rule=in_words(policy, names),
                is_own=policy.since is not None and policy.scope == scope,
                later=[_of_row(row, kind, names) for row in later],
            )
        )
    return found


def names_of(references: Iterable[str]) -> Mapping[str, str]:
    """The names of the people with these references."""
    wanted = {reference for reference in references if reference}
    return dict(User.objects.filter(reference__in=wanted).values_list("reference", "name")) if wanted else {}


def in_words(policy: Policy, names: Mapping[str, str]) -> Rule:
    """What a policy means."""
    facts = facts_of(policy) if policy.is_on else []
    return Rule(policy.is_on, facts, policy.since, names.get(policy.set_by, ""))


def _of_row(row: MessageRule, kind: Kind, names: Mapping[str, str]) -> Rule:
    policy = Policy.of(row, kind)
    if not row.follows:
        return Rule(row.is_on, facts_of(policy) if row.is_on else [], row.from_on, names.get(row.set_by, ""), row)
    above = _("As the programme’s rule says") if row.scope else _("As Infuse brings it")
    return Rule(True, [("", [above])], row.from_on, names.get(row.set_by, ""), row)


def facts_of(policy: Policy) -> list[tuple[str, list[str]]]:
    """What a policy says that is on, as (label, lines)."""
    kind = policy.kind
    facts: list[tuple[str, list[str]]] = []
    if kind.offsets:
        facts.append((_("When it goes"), [day_in_words(kind, offset) for offset in sorted(policy.offsets)]))
    if kind.audiences:
        facts.append((_("To whom"), [_label(kind.audiences, policy.audience)]))
    if kind.stops:
        facts.append((_("It stops when"), [_label(kind.stops, policy.stop)]))
    if kind.is_computed:
        facts.append((_("How late it may go"), [late_in_words(policy.late_after_days)]))
        facts.append((_("Somebody must approve it"), [approval_in_words(policy.approve_above)]))
    return facts


def day_in_words(kind: Kind, offset: int) -> str:
    """“1 working day before the first day of a phase”."""
    event = str(kind.event)
    count = abs(offset)
    if offset < 0:
        text = ngettext("%(count)s working day before %(event)s", "%(count)s working days before %(event)s", count)
    elif offset > 0:
        text = ngettext("%(count)s working day after %(event)s", "%(count)s working days after %(event)s", count)
    else:
        text = _("On the day itself, or the last working day before it: %(event)s")
    return text % {"count": count, "event": event[:1].lower() + event[1:]}


def late_in_words(days: int | None) -> str:
    """Until when it still goes by itself."""
    if days is None:
        return _("It goes while it is still news. After that it is held until somebody decides.")
    if days == 0:
        return _("It goes on its own day only. After that it is held until somebody decides.")
    return ngettext(
        "It goes up to %(count)s day after its own day. After that it is held until somebody decides.",
        "It goes up to %(count)s days after its own day. After that it is held until somebody decides.",
        days,
    ) % {"count": days}


def approval_in_words(most: int) -> str:
    """When it waits for a person."""
    if most == 0:
        return _("Always, before it goes")
    return _("The first time in a cohort, and whenever it would go to more people at once than: %(count)s") % {
        "count": most
    }


def _label(options: Iterable[Option], slug: str) -> str:
    return str(next((option.label for option in options if option.slug == slug), slug))


# --- What another rule would change -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """What a rule changes about one event: the days on which people are told, as (day, how many), before and after."""

    about: str
    topic: Text
    event_on: date
    before: list[tuple[date, int]]
    after: list[tuple[date, int]]


def effects(source: Source, rule: MessageRule, today: date) -> list[Effect]:
    """What is told on other days, to others or not at all if this rule is set: the nearest events first.

    Asked of the function that sends, once as things are and once with the rule. What has been told already is not told
    again, so it is no effect.
    """
    window = Window(today - BACK, today + AHEAD)
    before = _told(source, Question(window, scope=rule.scope))
    after = _told(source, Question(window, scope=rule.scope, supposed=rule))
    found = []
    for event in sorted(before.keys() | after.keys(), key=lambda event: (event[2], event[0], str(event[1]))):
        old, new = before.get(event, {}), after.get(event, {})
        if old != new and any(day >= today for day in (*old.values(), *new.values())):
            found.append(Effect(*event, _counted(old, today), _counted(new, today)))
    return found


def _told(source: Source, question: Question) -> dict[tuple[str, str, date], dict[str, date]]:
    """Event → key of a message → the day on which it goes, which is the first on which it is due."""
    found: dict[tuple[str, str, date], dict[str, date]] = defaultdict(dict)
    for occasion in source.occasions(question):
        if occasion.verdict:
            keys = found[occasion.mail.about, str(occasion.topic), occasion.event_on]
            key = occasion.mail.key
            keys[key] = min(keys.get(key, occasion.slot.on), occasion.slot.on)
    return found


def _counted(keys: Mapping[str, date], today: date) -> list[tuple[date, int]]:
    days = sorted(day for day in keys.values() if day >= today)
    return [(day, days.count(day)) for day in dict.fromkeys(days)]
