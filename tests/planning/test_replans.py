"""Moving a plan: what is shown is what is saved, what is taken back is what it was, and two at once cannot clash."""

import random
from datetime import date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cohorts.models import Cohort, Phase
from core.clock import LONDON
from core.verdicts import NotAllowed
from labs.models import Session
from labs.queries.sessions import sequence_of
from messaging.models import Message
from planning.enums import Pivot, Table
from planning.models import Replan
from planning.queries.plans import Shift, plan_of, stamp
from planning.services.replans import move_plan, preview_move, undo_move
from progress.models import Milestone
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.labs import LabRunFactory, MembershipFactory, SessionFactory, SessionLeadFactory
from tests.reminding import approve_reminders

pytestmark = pytest.mark.django_db

STARTS = date(2026, 1, 6)


@pytest.fixture
def cohort(today):
    """A running cohort, in Learn and Explore, with a milestone in each phase and a session in every week."""
    made = CohortFactory(starts_on=STARTS, status="running")
    for phase in made.phases.all():
        Milestone.objects.create(
            phase=phase, due_on=phase.until - timedelta(days=3), kind="submit", title_en="Q", title_cy="Q"
        )
    run = LabRunFactory(cohort=made)
    for _one in range(3):
        MembershipFactory(run=run, associate=AssociateFactory(cohort=made, status="active"))
    AssociateFactory(cohort=made, status="active")
    for week in range(26):
        start = datetime.combine(STARTS + timedelta(weeks=week), time(10), LONDON)
        SessionFactory(cohort=made, run=run if week % 2 else None, starts_at=start, ends_at=start + timedelta(hours=2))
    return made


def rows(cohort):
    """Every date of the plan as it is in the database, by row."""
    found = {("cohort", cohort.pk): Cohort.objects.filter(pk=cohort.pk).values_list("starts_on", "until").get()}
    for model, columns in (
        (Phase, ("starts_on", "until")),
        (Milestone, ("due_on",)),
        (Session, ("starts_at", "ends_at")),
    ):
        for line in model.objects.values_list("pk", *columns):
            found[model.__name__.lower(), line[0]] = line[1:]
    return found


def moved(cohort, shift, by, today, reason="The tutor is away."):
    seen = preview_move(cohort=cohort, shift=shift, by=by, today=today).seen
    return move_plan(cohort=cohort, shift=shift, seen=seen, reason=reason, by=by, today=today)


def some_shift(cohort, dice):
    pivot = dice.choice(list(Pivot))
    things = {
        Pivot.COHORT: [None],
        Pivot.PHASE: list(cohort.phases.values_list("pk", flat=True)),
        Pivot.MILESTONE: list(Milestone.objects.filter(phase__cohort=cohort).values_list("pk", flat=True)),
        Pivot.SESSION: list(cohort.sessions.values_list("pk", flat=True)),
    }[pivot]
    days = dice.choice([*range(-10, 0), *range(1, 22)])
    return Shift(pivot, days, dice.choice(things), dice.random() < 0.7)


@pytest.mark.parametrize("seed", range(12))
def test_the_preview_is_the_difference_that_saving_makes_and_undo_restores_every_row(seed, cohort, manager, today):
    dice = random.Random(seed)
    for _turn in range(4):
        shift = some_shift(cohort, dice)
        before = rows(cohort)
        try:
            preview = preview_move(cohort=cohort, shift=shift, by=manager, today=today)
        except ValidationError:
            assert rows(cohort) == before
            continue
        assert rows(cohort) == before, "Looking changes nothing."
        replan = move_plan(cohort=cohort, shift=shift, seen=preview.seen, reason="Qarth", by=manager, today=today)
        after = rows(cohort)
        shown = {
            (edit.table.value, edit.pk): (tuple(edit.before.values()), tuple(edit.after.values()))
            for edit in preview.edits
        }
        real = {key: (before[key], after[key]) for key in before if before[key] != after[key] and key[0] != "cohort"}
        assert shown == real, (seed, shift)
        phases = sorted(after[key] for key in after if key[0] == "phase")
        assert after["cohort", cohort.pk] == (phases[0][0], phases[-1][1])
        if dice.random() < 0.5:
            undo_move(replan=replan, by=manager, today=today)
            assert rows(cohort) == before, (seed, shift)


def test_what_has_passed_never_moves(cohort, manager, today):
    before = rows(cohort)
    replan = moved(cohort, Shift(Pivot.COHORT, 7), manager, today)
    after = rows(cohort)
    for key in before:
        for was, now in zip(before[key], after[key], strict=True):
            day = was.astimezone(LONDON).date() if isinstance(was, datetime) else was
            assert (was == now) == (day <= today), (key, was, now)
    assert {line["table"] for line in replan.edits} == {table.value for table in Table}


def test_sessions_keep_their_time_on_the_wall_over_the_clock_change(cohort, manager, today):
    last_of_winter = cohort.sessions.get(starts_at__date=date(2026, 3, 24))
    moved(cohort, Shift(Pivot.SESSION, 7, last_of_winter.pk), manager, today)
    last_of_winter.refresh_from_db()
    assert last_of_winter.starts_at.astimezone(LONDON) == datetime(2026, 3, 31, 10, tzinfo=LONDON)
    assert sequence_of(last_of_winter) == 1


def test_each_person_is_told_once_of_what_concerns_them(cohort, manager, today):
    session = SessionLeadFactory(session=cohort.sessions.filter(starts_at__date__gt=today, run=None).first())
    Message.objects.all().delete()
    replan = moved(cohort, Shift(Pivot.COHORT, 7), manager, today)
    told = Message.objects.filter(kind="plan-changed")
    assert sorted(told.values_list("person", flat=True)) == sorted(
        [*cohort.associates.values_list("person__reference", flat=True), session.person.reference]
    )
    of_the_lead = told.get(person=session.person.reference).words
    assert of_the_lead["en"]["body"].count("Now:") == 1
    outsider = cohort.associates.exclude(lab_memberships__isnull=False).get().person.reference
    in_lab = cohort.associates.filter(lab_memberships__isnull=False).first().person.reference
    count = {who: told.get(person=who).words["cy"]["body"].count("Nawr:") for who in (outsider, in_lab)}
    assert 0 < count[outsider] < count[in_lab]
    undo_move(replan=replan, by=manager, today=today)
    assert Message.objects.filter(kind="plan-changed").count() == 2 * told.filter(key__contains=":made:").count()


def test_the_messages_that_go_another_day_are_named(cohort, manager, today):
    approve_reminders(cohort)
    effects = preview_move(cohort=cohort, shift=Shift(Pivot.COHORT, 7), by=manager, today=today).effects
    ends = [one for one in effects.no_longer if one.kind.slug == "phase-ends-soon"]
    assert len(ends) == len([one for one in effects.instead if one.kind.slug == "phase-ends-soon"]) > 0
    assert len(effects.people) == 4
    assert len(effects.sessions) == cohort.sessions.filter(starts_at__date__gt=today).count()


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (lambda phases: Shift(Pivot.PHASE, 21, phases.get(kind="experiment").pk), "must start after the last day"),
        (lambda phases: Shift(Pivot.PHASE, 7, phases.get(kind="inspire").pk), "Nothing that lies ahead"),
        (lambda phases: Shift(Pivot.MILESTONE, 60, phases.get(kind="experiment").milestones.get().pk), "outside its"),
        (lambda _phases: Shift(Pivot.COHORT, -21), "would lie in the past"),
    ],
)
def test_a_move_that_makes_no_sense_says_why_before_saving(cohort, manager, today, shift, words):
    before = rows(cohort)
    with pytest.raises(ValidationError, match=words):
        preview_move(cohort=cohort, shift=shift(cohort.phases), by=manager, today=today)
    assert rows(cohort) == before


def test_only_the_newest_move_is_taken_back_and_once(cohort, manager, today):
    first = moved(cohort, Shift(Pivot.COHORT, 7), manager, today)
    second = moved(cohort, Shift(Pivot.COHORT, 7), manager, today)
    with pytest.raises(NotAllowed, match="Dates have changed since"):
        undo_move(replan=first, by=manager, today=today)
    undo_move(replan=second, by=manager, today=today)
    with pytest.raises(NotAllowed, match="already"):
        undo_move(replan=second, by=manager, today=today)
    undo_move(replan=first, by=manager, today=today)


def test_nobody_else_moves_a_plan(cohort, coordinator, today):
    with pytest.raises(NotAllowed):
        preview_move(cohort=cohort, shift=Shift(Pivot.COHORT, 7), by=coordinator, today=today)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_sees_that_the_plan_has_changed(cohort, manager, today):
    shifts = [Shift(Pivot.COHORT, 7), Shift(Pivot.COHORT, -2)]
    seen = stamp(plan_of(cohort))
    at_once, ended = Barrier(2), []

    def save(shift):
        try:
            at_once.wait(5)
            move_plan(cohort=cohort, shift=shift, seen=seen, reason="Qarth", by=manager, today=today)
            ended.append("saved")
        except ValidationError as refusal:
            ended.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=save, args=[shift]) for shift in shifts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["changed_meanwhile", "saved"]
    assert Replan.objects.count() == 1
