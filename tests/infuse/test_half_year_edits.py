"""Half a year on a moved clock: what was foreseen on its first day is what was sent; and whatever people change
meanwhile, what is sent is what the facts of each day say.

The second half is checked against a plain model of the programme that stands here: dates, statuses, languages and rules
as Python values, working days counted by hand. It shares no line with the product.
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

import cohorts.reminders
from cohorts.emails import about
from cohorts.models import Cohort
from cohorts.phases import PhaseKind
from cohorts.queries.phases import PlannedPhase, stamp
from cohorts.services import associates as associates_verbs
from cohorts.services.cohorts import change_dates
from correspondence.queries.forecast import forecast
from correspondence.queries.why import explain
from infuse import nightly
from infuse.messages import CHECKS, SOURCES
from messaging.delivery import deliver_due
from messaging.models import Message, MessageRule
from people.services.people import record_language
from tests.conftest import stop_the_clock
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.nominations import (
    DecisionFactory,
    LinkFactory,
    NominationFactory,
    NomineePartFactory,
    PlacesFactory,
)
from tests.factories.people import OrganisationFactory, RoleFactory
from tests.factories.progress import MilestoneFactory
from tests.reminding import approve_reminders

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)
# Both clock changes' neighbourhood, Christmas, Easter and the two bank holidays of May lie in it.
FIRST, LAST = date(2025, 12, 29), date(2026, 7, 10)
STARTS_ON = date(2026, 1, 5)
# gov.uk: bank holidays in Wales from a month before to a month after.
BANK_HOLIDAYS = {
    date(2025, 12, 25),
    date(2025, 12, 26),
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
}
STARTS, ENDS = "phase-starts", "phase-ends-soon"
COMPUTED = [source.kind.slug for source in SOURCES]


def days(first, last):
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


@pytest.fixture
def on(monkeypatch):
    """`on(day)`: the product's clock shows ten o'clock of that day."""
    return lambda day: stop_the_clock(monkeypatch, day)


def sent():
    """(day, kind, key, address, language) of everything computed that was sent."""
    rows = Message.objects.filter(state="sent", kind__in=COMPUTED)
    return {(row.due_on, row.kind, row.key, row.address, row.language) for row in rows}


def said_once(mailoutbox):
    """Whether the mail server got each message once."""
    got = Counter(mail.extra_headers["Message-ID"] for mail in mailoutbox)
    rows = set(Message.objects.filter(state="sent").values_list("message_id", flat=True))
    return set(got.values()) == {1} and set(got) == rows


# --- Nothing changes ------------------------------------------------------------------------------------------------
@pytest.fixture
def programme(on, manager):
    """A cohort that runs, and one that recruits: coordinators, nominees, line managers, and an offer."""
    on(FIRST)
    running = CohortFactory(status="recruiting", starts_on=STARTS_ON)
    for number in range(6):
        AssociateFactory(cohort=running, person__language=("cy", "en", "")[number % 3])
    recruiting = CohortFactory(
        status="recruiting",
        starts_on=date(2026, 5, 5),
        recruitment_opens_on=FIRST - 7 * ONE_DAY,
        recruitment_until=date(2026, 2, 21),
    )
    # They keep what they have: else the night gives them milestones, which nobody could foresee on the first day.
    for cohort in (running, recruiting):
        MilestoneFactory(cohort=cohort, retired_on=FIRST, retired_reason="Qarth.")
    enough, lapsing, awaited = OrganisationFactory(), OrganisationFactory(), OrganisationFactory()
    for organisation in (enough, lapsing, awaited, awaited):
        RoleFactory(kind="coordinator", organisation=organisation, starts_on=FIRST - 99 * ONE_DAY)
    for organisation in (enough, lapsing):
        PlacesFactory(cohort=recruiting, organisation=organisation, indicative=1)
    PlacesFactory(cohort=recruiting, organisation=awaited, indicative=3)
    NominationFactory(cohort=recruiting, organisation=enough, status="complete", answered=True)
    # Half an answer: by the time recruitment closes it has lapsed, and the organisation may nominate again.
    half = NominationFactory(cohort=recruiting, organisation=lapsing, person__language="cy")
    NomineePartFactory(nomination=half)
    waiting = NominationFactory(cohort=recruiting, organisation=awaited, person__language="en")
    offered = NominationFactory(cohort=recruiting, organisation=awaited, status="offered")
    DecisionFactory(
        nomination=offered, answer_by=date(2026, 1, 20), released_by=manager, released_at=offered.submitted_at
    )
    for nomination, purpose in (
        (half, "nominee"),
        (half, "manager"),
        (waiting, "nominee"),
        (waiting, "manager"),
        (offered, "offer"),
    ):
        LinkFactory(nomination=nomination, purpose=purpose)
    approve_reminders(running, recruiting)
    return running, recruiting


def test_what_is_foreseen_on_the_first_day_is_what_has_been_sent_at_the_end(programme, on, mailoutbox):
    lines = [line for cohort in programme for line in forecast(cohort, FIRST, SOURCES)]
    foreseen = {
        (line.on, line.kind.slug, line.occasion.mail.key, line.to.address, line.to.language)
        for line in lines
        if line.is_said
    }
    assert {line.status.value for line in lines} == {"goes", "not"}
    for day in days(FIRST, LAST):
        on(day)
        assert nightly.run(day).complete
        deliver_due(CHECKS, today=day)
    assert sent() == foreseen
    assert {row.sent_at.date() == row.due_on for row in Message.objects.filter(state="sent")} == {True}
    assert Counter(kind for _day, kind, *_rest in foreseen) == {
        STARTS: 6 * 5,
        ENDS: 6 * 5,
        "recruitment-closes-soon": 3,
        "nominee-reminder": 2,
        "manager-reminder": 4,
        "offer-reminder": 1,
    }
    assert said_once(mailoutbox)
    # Nothing is left to be foreseen, and nothing of it is sent again.
    later = LAST + 30 * ONE_DAY
    assert not [line for cohort in programme for line in forecast(cohort, later, SOURCES) if line.is_said]


# --- People change what they like -----------------------------------------------------------------------------------
@dataclass
class Model:
    """The programme as plain values: five phases between six boundaries, people, and one rule after another."""

    boundaries: list[date]
    people: dict[str, dict] = field(default_factory=dict)
    rules: dict[str, list[tuple[date, bool, int]]] = field(default_factory=lambda: {STARTS: [], ENDS: []})
    queued: dict[date, set] = field(default_factory=dict)
    said: set = field(default_factory=set)
    sent: set = field(default_factory=set)
    # On days on which others are told.
    silent: Counter = field(default_factory=Counter)

    @staticmethod
    def before(event, count):
        """So many working days before the event."""
        day = event
        while count:
            day -= ONE_DAY
            count -= day.weekday() < 5 and day not in BANK_HOLIDAYS
        return day

    def rule(self, kind, day):
        """(is on, working days before) as of that day."""
        begun = [rule for rule in sorted(self.rules[kind]) if rule[0] <= day]
        return begun[-1][1:] if begun else (True, 1 if kind == STARTS else 5)

    def due(self, day):
        """Who is to be told on that day by the facts of now: (kind, phase, its date, person)."""
        found = set()
        for kind in (STARTS, ENDS):
            is_on, count = self.rule(kind, day)
            for number in range(5):
                event = self.boundaries[number + (kind == ENDS)]
                if is_on and self.before(event, count) == day:
                    found |= {(kind, number, event, ref) for ref, one in self.people.items() if one["hears"]}
        return found

    def night(self, day):
        """At half past five: what is new goes into the queue."""
        self.queued[day] = self.due(day) - self.said
        if self.queued[day]:
            self.silent.update(one["status"] for one in self.people.values() if not one["hears"])
        self.said |= self.queued[day]

    def sending(self, day):
        """Later: what is still so is sent, in the language of now."""
        for one in self.queued[day] & self.due(day):
            self.sent.add((day, *one, self.people[one[-1]]["language"]))


class Edits:
    """What somebody changes, by the product's verbs and in the model alike."""

    def __init__(self, cohort, model, manager, seed):
        self.cohort, self.model, self.manager = cohort, model, manager
        self.random = random.Random(seed)
        self.done = Counter()
        self.associates = {row.person.reference: row for row in cohort.associates.select_related("person")}

    def one(self, day):
        often, seldom = (self.pause, self.pause, self.move, self.speak), (self.leave, self.resume, self.rule)
        edit = self.random.choice((*often, *often, *seldom))
        if edit(day):
            self.done[edit.__name__] += 1

    def someone(self, *statuses):
        wanted = [ref for ref, one in self.model.people.items() if one["status"] in statuses]
        return self.random.choice(wanted) if wanted else None

    def move(self, day):
        """One boundary, to a day that has not come, between its neighbours."""
        boundaries = self.model.boundaries
        number = self.random.randrange(6)
        lowest = max(day + 2 * ONE_DAY, boundaries[number - 1] + 7 * ONE_DAY if number else day)
        highest = boundaries[number + 1] - 7 * ONE_DAY if number < 5 else LAST - 3 * ONE_DAY
        if boundaries[number] <= day or lowest >= highest:
            return False
        boundaries[number] = self.random.choice(days(lowest, highest))
        cohort = Cohort.objects.get(pk=self.cohort.pk)
        change_dates(
            cohort=cohort,
            phases=[
                PlannedPhase(kind, boundaries[place], boundaries[place + 1]) for place, kind in enumerate(PhaseKind)
            ],
            recruitment_opens_on=None,
            recruitment_until=None,
            seen=stamp(cohort),
            reason="Qarth",
            by=self.manager,
            today=day,
        )
        return True

    def record(self, verb, reference, status, day, **more):
        verb(associate=self.associates[reference], on=day, by=self.manager, today=day, **more)
        self.model.people[reference].update(status=status, hears=status == "active")
        return True

    def leave(self, day):
        if self.done["leave"] < 3 and (reference := self.someone("active", "paused")):
            return self.record(associates_verbs.withdraw_associate, reference, "withdrawn", day, reason="workload")
        return False

    def pause(self, day):
        if reference := self.someone("active"):
            return self.record(associates_verbs.pause_associate, reference, "paused", day)
        return False

    def resume(self, day):
        if reference := self.someone("paused"):
            return self.record(associates_verbs.resume_associate, reference, "active", day)
        return False

    def speak(self, day):
        reference = self.random.choice(list(self.model.people))
        language = self.random.choice(("cy", "en"))
        person = self.associates[reference].person
        record_language(person=person, language=language, source="staff", by=self.manager, today=day)
        self.model.people[reference]["language"] = language
        return True

    def rule(self, day):
        """From tomorrow or later, as nobody changes what has begun."""
        kind, from_on = self.random.choice((STARTS, ENDS)), day + self.random.randint(1, 20) * ONE_DAY
        is_on, count = self.random.random() < 0.85, self.random.randint(1, 8)
        self.model.rules[kind] = [rule for rule in self.model.rules[kind] if rule[0] != from_on]
        self.model.rules[kind].append((from_on, is_on, count))
        usual = next(source.kind for source in SOURCES if source.kind.slug == kind)
        MessageRule.objects.update_or_create(
            scope=about(self.cohort),
            kind=kind,
            from_on=from_on,
            defaults={
                "is_on": is_on,
                "offsets": [-count],
                "audience": usual.audiences[0].slug,
                "stop": usual.stops[0].slug,
                "approve_above": 50,
                "set_at": self.associates[next(iter(self.associates))].person.created_at,
            },
        )
        return True

    def everybody_starts(self, day):
        for reference in self.associates:
            self.record(associates_verbs.start_associate, reference, "active", day)


@pytest.mark.parametrize("seed", [20260105, 4])
def test_whatever_is_changed_what_is_sent_is_what_the_facts_say(on, manager, mailoutbox, monkeypatch, seed):
    on(FIRST)
    monkeypatch.setattr(nightly, "SOURCES", cohorts.reminders.SOURCES)
    cohort = CohortFactory(status="recruiting", starts_on=STARTS_ON)
    # It keeps what it has, so the night gives it no milestones: the model knows phases only.
    MilestoneFactory(cohort=cohort, retired_on=FIRST, retired_reason="Qarth.")
    for number in range(12):
        AssociateFactory(cohort=cohort, person__language=("cy", "en", "")[number % 3])
    approve_reminders(cohort)
    phases = list(cohort.phases.order_by("starts_on"))
    model = Model([*(phase.starts_on for phase in phases), phases[-1].until])
    edits = Edits(cohort, model, manager, seed)
    model.people = {
        reference: {"status": "enrolled", "hears": True, "language": row.person.language}
        for reference, row in edits.associates.items()
    }
    phase_of = {phase.pk: number for number, phase in enumerate(phases)}
    started = False
    for day in days(FIRST, LAST):
        on(day)
        foreseen = {
            line.occasion.mail.key for line in forecast(cohort, day, SOURCES) if line.on == day and line.is_said
        }
        assert nightly.run(day).complete
        model.night(day)
        queued = Message.objects.filter(due_on=day, kind__in=(STARTS, ENDS))
        # What was foreseen that morning is what the night queued, before anybody changed anything.
        assert set(queued.values_list("key", flat=True)) == foreseen, day
        assert len(foreseen) == len(model.queued[day]), day
        if not started and model.boundaries[0] <= day:
            edits.everybody_starts(day)
            started = True
        elif edits.random.random() < (0.9 if model.queued[day] else 0.25):
            edits.one(day)
        deliver_due(CHECKS, today=day)
        model.sending(day)

    queued, silent = len(model.said), dict(model.silent)
    sys.stdout.write(f"Seed {seed}: {dict(edits.done)}; sent {len(model.sent)} of {queued}; not told: {silent}\n")
    assert set(edits.done) == {"move", "leave", "pause", "resume", "speak", "rule"}
    assert set(model.silent) == {"paused", "withdrawn"}
    got = set()
    for row in Message.objects.filter(state="sent", kind__in=(STARTS, ENDS)):
        phase, event, reference = row.key.split(":")[1:4]
        got.add((row.due_on, row.kind, phase_of[int(phase)], date.fromisoformat(event), reference, row.language))
    assert got == model.sent
    assert said_once(mailoutbox)
    # What fell out between the night and the sending is written down as such.
    fallen = Message.objects.filter(kind__in=(STARTS, ENDS)).exclude(state="sent")
    assert set(fallen.values_list("state", "state_reason")) <= {("cancelled", "not_true")}
    assert len(fallen) == len(model.said) - len(model.sent) > 0
    for reference, row in edits.associates.items():
        explained = explain(row.person, Cohort.objects.get(pk=cohort.pk), LAST, SOURCES)
        mine = [line.message for one in explained for line in one.lines if line.status == "sent"]
        mine += [line.message for one in explained for line in one.others if line.state == "sent"]
        keys = {message.key for message in mine if message.kind in (STARTS, ENDS)}
        assert len(keys) == sum(one[4] == reference for one in model.sent)
