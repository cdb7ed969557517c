"""What will be said within a cohort, and what became of each occasion for it.

No logic of its own about who hears: the sources that queue at night are asked about other days. What they say is then
laid beside the outbox, the approvals and the nights that were run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.emails import about
from cohorts.models import Cohort
from core.clock import LONDON, Window
from correspondence.enums import Prospect
from correspondence.kinds import ANNOUNCEMENT, KINDS
from correspondence.queries.preferences import rhythms
from messaging.enums import MessageState, StateReason
from messaging.kinds import Kind
from messaging.mail import Recipient
from messaging.models import Approval, Message, NightRun
from messaging.moments import USUAL, WEEKDAYS, Rhythm
from messaging.preferences import Manners
from messaging.queries import bad_addresses
from messaging.reminders import Occasion, Question, Source

# Before a cohort's first day and after its end: longer than any message is away from what it is about.
A_YEAR = timedelta(days=365)
# Columns that a line does without.
TEXTS = ("words", "own_words")


@dataclass(frozen=True)
class Line:
    """What becomes of one occasion: the state of its message, else what is to be expected, and why.

    `night_at` is when the night of its day was run; None: it was not, or its day has not come. `goes_at` is when it is
    expected to go, if it waits for hours that suit the person.
    """

    occasion: Occasion
    status: MessageState | Prospect
    reason: str = ""
    message: Message | None = None
    night_at: datetime | None = None
    goes_at: datetime | None = None

    @property
    def kind(self) -> Kind:
        return self.occasion.slot.policy.kind

    @property
    def on(self) -> date:
        """The day it belongs to."""
        return self.occasion.slot.on

    @property
    def days(self) -> int:
        """How many working days it is away from its event, before or after."""
        return abs(self.occasion.slot.offset)

    @property
    def to(self) -> Recipient:
        return self.occasion.mail.to

    @property
    def is_said(self) -> bool:
        """Whether it was sent, or is expected to be sent, if need be after somebody has looked at it."""
        return self.status not in (Prospect.NOT, Prospect.MISSED, MessageState.CANCELLED, MessageState.FAILED)


def forecast(
    cohort: Cohort, today: date, sources: Iterable[Source], people: Collection[str] | None = None
) -> list[Line]:
    """Every occasion within the cohort from today to its end and after it, day by day, as the facts stand today.

    `people` narrows to these references. The number of queries depends on the kinds and on the days that are spoken
    of, not on the people.
    """
    until = max(cohort.until, today) + A_YEAR
    return lines(Question(Window(today, until), people, scope=about(cohort)), today, sources)


def lines(question: Question, today: date, sources: Iterable[Source]) -> list[Line]:
    """What became, or will become, of every occasion that the question asks these sources for."""
    occasions = [occasion for source in sources for occasion in source.occasions(question)]
    # Stable: within a day in the order of the sources, as a night queues.
    occasions.sort(key=lambda occasion: occasion.slot.on)
    return list(_waiting_for_somebody(_Judge(occasions, today).lines(), question.scope))


class _Judge:
    """What is known beside the occasions themselves, in at most six queries."""

    def __init__(self, occasions: list[Occasion], today: date) -> None:
        self.occasions, self.today = occasions, today
        self.rows = messages_by_key(occasion.mail.key for occasion in occasions)
        days = {occasion.slot.on for occasion in occasions if occasion.slot.on <= today}
        nights = NightRun.objects.filter(on__in=days, complete=True, replay=False) if days else ()
        self.nights = {night.on: night.finished_at for night in nights}
        addresses = {occasion.mail.to.address for occasion in occasions}
        self.bad = {bad.address.lower() for bad in bad_addresses(addresses)} if addresses else set()
        people = {occasion.mail.to.reference for occasion in occasions if occasion.mail.to.reference}
        self.manners = Manners(people, KINDS, rhythms(people, today))
        self.working: dict[tuple[frozenset[int], date], bool] = {}
        # When each key is said first: nothing is said twice.
        self.said = {key: row.due_on for key, row in self.rows.items()}

    def lines(self) -> Iterator[Line]:
        for occasion in self.occasions:
            line = self.line(occasion)
            if line.is_said:
                self.said.setdefault(occasion.mail.key, line.on)
            yield line

    def line(self, occasion: Occasion) -> Line:
        key, on = occasion.mail.key, occasion.slot.on
        row, night_at = self.rows.get(key), self.nights.get(on)
        if row and row.due_on == on:
            reason = str(StateReason(row.state_reason).label) if row.state_reason else ""
            return Line(occasion, MessageState(row.state), reason, row, night_at)
        is_over = on < self.today or night_at is not None
        unsaid = Prospect.MISSED if is_over else Prospect.NOT
        if not occasion.verdict:
            return Line(occasion, unsaid, str(occasion.verdict.reason), None, night_at)
        if key in self.said:
            reason = _("It is said once only. Day of the message: %(day)s") % {"day": in_words(self.said[key])}
            return Line(occasion, unsaid, reason, row, night_at)
        if is_over:
            too_late = _("When Infuse worked through this day, it was not so yet.")
            no_night = _("Infuse did not work through this day, so nobody was told.")
            return Line(occasion, unsaid, too_late if night_at else no_night, None, night_at)
        if not occasion.mail.to.address:
            return Line(occasion, unsaid, str(StateReason.NO_ADDRESS.label))
        if occasion.mail.to.address.lower() in self.bad:
            return Line(occasion, Prospect.WAITS, str(StateReason.ADDRESS.label))
        return self.by_manners(occasion)

    def by_manners(self, occasion: Occasion) -> Line:
        """What the person’s own choices make of it, as messaging.recheck will when it could go."""
        mail, on = occasion.due_mail, occasion.slot.on
        if mail.to.reference not in self.manners.chosen and self.suits(mail.to.reference, on):
            return Line(occasion, Prospect.GOES)
        message = Message(
            person=mail.to.reference,
            kind=mail.kind,
            secret=mail.secret,
            secret_word=mail.secret_word,
            late_after=on + timedelta(days=mail.late_after_days),
        )
        if self.manners.is_declined(message):
            return Line(occasion, Prospect.NOT, str(StateReason.DECLINED.label))
        # What waits for the morning, as everything does, is no news.
        if pause := self.manners.pause(message, datetime.combine(on, USUAL.opens, LONDON)):
            return Line(occasion, Prospect.GOES, str(pause.reason.label), goes_at=pause.until)
        return Line(occasion, Prospect.GOES)

    def suits(self, reference: str, on: date) -> bool:
        """Whether the person works on that day, as far as is known."""
        days = self.manners.rhythms[reference].days if reference in self.manners.rhythms else WEEKDAYS
        if (days, on) not in self.working:
            self.working[days, on] = Rhythm(days=days).works_on(on)
        return self.working[days, on]


def _waiting_for_somebody(lines: Iterator[Line], scope: str) -> Iterator[Line]:
    """The lines, those told apart that will be held until somebody has approved them; as messaging.approvals holds."""
    found = list(lines)
    approved = set(Approval.objects.filter(scope=scope).values_list("kind", flat=True))
    counts = Counter((line.kind.slug, line.on) for line in found if line.status == Prospect.GOES)
    for line in found:
        # An announcement is approved before it is computed.
        if line.status != Prospect.GOES or line.kind is ANNOUNCEMENT:
            yield line
        elif line.kind.slug not in approved:
            yield replace(line, status=Prospect.WAITS, reason=str(StateReason.FIRST_USE.label))
        elif counts[line.kind.slug, line.on] > line.occasion.slot.policy.approve_above:
            yield replace(line, status=Prospect.WAITS, reason=str(StateReason.MANY.label))
        else:
            yield line


def messages_by_key(keys: Iterable[str]) -> dict[str, Message]:
    """The messages with these keys, each by its first key: of those that a person sent again, the last one."""
    rows = {row.key: row for row in Message.objects.filter(key__in=list(keys)).defer(*TEXTS)}
    again = Message.objects.filter(again_of__in=list(rows.values())).defer(*TEXTS).order_by("pk") if rows else ()
    return rows | {row.first_key: row for row in again}


def in_words(day: date) -> str:
    """The day in the active language."""
    return date_format(day, "j F Y")


@dataclass(frozen=True)
class Group:
    """What is said on one day about one event: to each of these."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def topic(self) -> str:
        """What the event is of; "" where each line has its own."""
        topics = {str(line.occasion.topic) for line in self.lines}
        return topics.pop() if len(topics) == 1 else ""

    @property
    def counts(self) -> list[tuple[MessageState | Prospect, int]]:
        """How many become what, the most first."""
        return Counter(line.status for line in self.lines).most_common()


def grouped(lines: Iterable[Line]) -> list[Group]:
    """Of these lines what is said, by day, kind and event."""
    groups: dict[tuple[date, str, date], list[Line]] = {}
    for line in lines:
        if line.is_said:
            groups.setdefault((line.on, line.kind.slug, line.occasion.event_on), []).append(line)
    return [Group(tuple(of_group)) for of_group in groups.values()]


@dataclass(frozen=True)
class ForPerson:
    """What is to come for one person: how many messages, and the next of them."""

    to: Recipient
    count: int
    next: Line | None


def by_person(lines: Iterable[Line]) -> list[ForPerson]:
    """Everybody whom an occasion concerns, by name; those without a reference with us by their address."""
    of: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        of.setdefault((line.to.reference, "" if line.to.reference else line.to.address), []).append(line)
    found = []
    for mine in of.values():
        said = [line for line in mine if line.is_said]
        found.append(ForPerson(mine[0].to, len(said), said[0] if said else None))
    return sorted(found, key=lambda one: (one.to.name.casefold(), one.to.address))
