"""Completing a phase: by a person, when nothing is missing, once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from core.models import AuditEvent
from core.verdicts import NotAllowed
from progress.models import PhaseCompletion
from progress.queries.conditions import progress_in, progress_of
from progress.services.completions import confirm_milestone
from progress.services.phases import complete_phase
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.progress import CompletionFactory, MilestoneFactory


@pytest.fixture
def row(today, db):
    return AssociateFactory(cohort=CohortFactory(status="running"), status="active")


def phase_of(row, kind="learn_and_explore"):
    return row.cohort.phases.get(kind=kind)


def test_an_open_condition_refuses_and_says_which(row, manager, today):
    MilestoneFactory(cohort=row.cohort, title_en="Our plan")
    ready = MilestoneFactory(cohort=row.cohort, title_en="Our map")
    CompletionFactory(milestone=ready, associate=row, status="ready")
    MilestoneFactory(cohort=row.cohort, title_en="A pitch", required=False)
    with pytest.raises(NotAllowed) as refusal:
        complete_phase(associate=row, phase=phase_of(row), by=manager, today=today)
    assert str(refusal.value) == "This phase cannot be completed yet. Still open: Our plan; Our map"
    assert not PhaseCompletion.objects.exists()


def test_a_phase_to_come_cannot_be_completed_even_with_nothing_asked(row, manager, today):
    with pytest.raises(NotAllowed, match="The phase has begun"):
        complete_phase(associate=row, phase=phase_of(row, "celebration"), by=manager, today=today)


@pytest.mark.parametrize("status", ["confirmed", "overridden", "exempt", "before_joining"])
def test_completed_when_everything_is_met_once_and_by_whom(row, manager, today, status):
    milestone = MilestoneFactory(cohort=row.cohort)
    CompletionFactory(milestone=milestone, associate=row, status=status)
    done = complete_phase(associate=row, phase=phase_of(row), by=manager, today=today)
    assert (done.completed_on, done.completed_by) == (today, manager)
    assert AuditEvent.objects.get(event="phase.completed").by_ref == manager.reference
    with pytest.raises(NotAllowed, match="already"):
        complete_phase(associate=row, phase=phase_of(row), by=manager, today=today)


def test_the_calendar_completes_nothing(row, today):
    over = row.cohort.until
    assert not any(one.is_complete for one in progress_of(row, over))
    assert all(not one.missing for one in progress_of(row, over))


@pytest.mark.parametrize("role", ["coordinator", "lab_lead", "coach", "auditor", "nobody"])
def test_nobody_but_the_team_completes_a_phase(row, person_as, role, today):
    with pytest.raises(NotAllowed):
        complete_phase(associate=row, phase=phase_of(row), by=person_as(role), today=today)


def test_the_same_queries_for_one_and_for_many(row, today, django_assert_num_queries):
    cohort = row.cohort
    for _ in range(2):
        CompletionFactory(milestone=MilestoneFactory(cohort=cohort), associate=row, status="confirmed")
    for count in (1, 4):
        while cohort.associates.count() < count:
            AssociateFactory(cohort=cohort, status="active")
        associates = list(cohort.associates.all())
        cohort = type(cohort).objects.prefetch_related("phases").get(pk=cohort.pk)
        with django_assert_num_queries(3):
            assert len(progress_in(cohort, associates, today)) == count


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_complete_and_confirm_once(today):
    row = AssociateFactory(cohort=CohortFactory(status="running"), status="active")
    milestone = MilestoneFactory(cohort=row.cohort)
    CompletionFactory(milestone=milestone, associate=row, status="ready")

    def both(act):
        start = Barrier(2)

        def press(_number):
            start.wait()
            try:
                act()
            except NotAllowed:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(press, range(2)))

    confirmed = both(lambda: confirm_milestone(associate=row, milestone=milestone, by=None, today=today))
    assert confirmed == [False, True]
    completed = both(lambda: complete_phase(associate=row, phase=phase_of(row), by=None, today=today))
    assert completed == [False, True]
    assert PhaseCompletion.objects.count() == 1
