"""Who hears that a milestone is due or overdue: on working days, once for each day of it, and only while it waits."""

from datetime import date

import pytest

from core.clock import days_from, is_working_day
from progress.reminders import milestone_due, milestone_overdue
from progress.services.milestones import retire_milestone
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.progress import CompletionFactory, MilestoneFactory
from tests.reminding import mails

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 25)  # a Wednesday
BEFORE, AFTER, LATER = date(2026, 3, 20), date(2026, 3, 26), date(2026, 4, 2)


@pytest.fixture
def milestone(today):
    return MilestoneFactory(cohort=CohortFactory(status="running"), due_on=DUE)


@pytest.fixture
def row(milestone):
    return AssociateFactory(cohort=milestone.phase.cohort, status="active")


def sent(source):
    span = days_from(date(2026, 3, 1), date(2026, 4, 20))
    return [(day, mail.key) for day in span for mail in mails(source, day)]


def test_said_before_and_twice_after_on_working_days(milestone, row):
    assert [day for day, _key in sent(milestone_due)] == [BEFORE]
    found = sent(milestone_overdue)
    assert [day for day, _key in found] == [AFTER, LATER]
    assert len({key for _day, key in found}) == 2
    assert all(is_working_day(day) for day, _key in found)


@pytest.mark.parametrize(
    ("status", "heard"),
    [
        ("open", True),
        ("asked_again", True),
        ("ready", False),
        ("confirmed", False),
        ("overridden", False),
        ("exempt", False),
    ],
)
def test_only_while_the_next_step_is_the_associates(milestone, row, status, heard):
    CompletionFactory(milestone=milestone, associate=row, status=status, moves=date(2026, 3, 10))
    assert bool(mails(milestone_due, BEFORE)) is heard
    assert bool(mails(milestone_overdue, AFTER)) is heard


def test_status_is_taken_from_the_day(milestone, row):
    CompletionFactory(milestone=milestone, associate=row, status="ready", moves=date(2026, 3, 26))
    assert mails(milestone_due, BEFORE)
    assert not mails(milestone_overdue, AFTER)
    # Before it is sent it is asked again, with the facts of that day.
    assert not mails(milestone_due, BEFORE, as_of=date(2026, 3, 26))


def test_late_joiners_hear_nothing_of_what_was_due_before(milestone):
    AssociateFactory(cohort=milestone.phase.cohort, status="enrolled", enrolled_on=date(2026, 3, 26))
    assert sent(milestone_overdue) == []


def test_who_left_or_takes_a_break_hears_nothing(milestone):
    for status in ("withdrawn", "paused", "did_not_start"):
        AssociateFactory(cohort=milestone.phase.cohort, status=status)
    assert sent(milestone_due) == sent(milestone_overdue) == []


def test_overdue_is_said_of_what_the_phase_needs_only(milestone, row):
    type(milestone).objects.update(required=False)
    assert sent(milestone_due)
    assert sent(milestone_overdue) == []


def test_nothing_of_a_retired_milestone_or_a_cohort_that_is_over(milestone, row, today):
    retire_milestone(milestone=milestone, reason="No longer.", by=None, today=today)
    over = MilestoneFactory(cohort=CohortFactory(status="finished"), due_on=DUE)
    AssociateFactory(cohort=over.phase.cohort, status="active")
    assert sent(milestone_due) == []


def test_moved_it_has_a_new_key(milestone, row):
    (old,) = mails(milestone_due, BEFORE)
    type(milestone).objects.update(due_on=date(2026, 4, 1))
    assert mails(milestone_due, BEFORE) == []
    (new,) = mails(milestone_due, date(2026, 3, 27))
    assert new.key != old.key


def test_the_number_of_queries_does_not_depend_on_people_or_milestones(milestone, row, django_assert_num_queries):
    for count in (1, 3):
        while milestone.phase.cohort.associates.count() < count:
            AssociateFactory(cohort=milestone.phase.cohort, status="active")
            MilestoneFactory(cohort=milestone.phase.cohort, due_on=DUE)
        with django_assert_num_queries(4):
            assert len(mails(milestone_due, BEFORE)) == count**2
