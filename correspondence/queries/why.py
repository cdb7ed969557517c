"""Why somebody got a message, will get it, or did not: every occasion within a cohort, with what decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cohorts.emails import about
from cohorts.models import Cohort
from core.clock import Window
from correspondence.kinds import KINDS
from correspondence.queries.forecast import A_YEAR, Line, lines
from correspondence.queries.messages import MessageLine, line_of
from messaging.kinds import Kind, Option, Text
from messaging.models import Message
from messaging.policies import Policy
from messaging.reminders import Question, Source
from people.models import User


@dataclass(frozen=True)
class Explanation:
    """One kind of message for one person: the occasions, the newest last, and messages that no occasion explains.

    Those are what somebody caused by doing something, and what was counted from a day that has been moved since.
    """

    kind: Kind
    lines: tuple[Line, ...]
    others: tuple[MessageLine, ...]

    @property
    def audience(self) -> Text:
        """Whom the last of its rules addresses."""
        return self._chosen(self.kind.audiences, "audience")

    @property
    def stop(self) -> Text:
        """When, by the last of its rules, nobody is told any more."""
        return self._chosen(self.kind.stops, "stop")

    def _chosen(self, options: Sequence[Option], column: str) -> Text:
        slug = getattr(self.lines[-1].occasion.slot.policy, column) if self.lines else ""
        return next((option.label for option in options if option.slug == slug), "")

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.others


def explain(person: User, cohort: Cohort, today: date, sources: Iterable[Source], kind: str = "") -> list[Explanation]:
    """An explanation for each kind that the night computes, and for each other of which the person got something.

    `kind` narrows to that one, whatever it is. The number of queries depends on the kinds and the cohort’s dates only.
    """
    scope = about(cohort)
    window = Window(cohort.starts_on - A_YEAR, max(cohort.until, today) + A_YEAR)
    asked = [source for source in sources if kind in ("", source.kind.slug)]
    found = lines(Question(window, {person.reference}, scope=scope), today, asked)
    of_kind: dict[str, list[Line]] = {}
    for line in found:
        of_kind.setdefault(line.kind.slug, []).append(line)
    explained = {line.message.pk for line in found if line.message}
    rows = Message.objects.filter(person=person.reference, about=scope).exclude(pk__in=explained).order_by("pk")
    others: dict[str, list[MessageLine]] = {}
    for row in rows.filter(kind=kind) if kind else rows:
        others.setdefault(row.kind, []).append(line_of(row))
    slugs = {kind, *others} if kind else {*others, *(source.kind.slug for source in asked)}
    shown = [known for slug, known in KINDS.items() if slug in slugs]
    return [Explanation(one, tuple(of_kind.get(one.slug, ())), tuple(others.get(one.slug, ()))) for one in shown]


def makers_of(policies: Iterable[Policy]) -> Mapping[str, User]:
    """Who set the rules behind these policies, by reference."""
    references = {policy.set_by for policy in policies if policy.set_by}
    return {person.reference: person for person in User.objects.filter(reference__in=references)} if references else {}
