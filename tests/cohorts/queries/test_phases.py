"""The template's arithmetic, one meaning of “current” in Python and SQL, and what is said about dates."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from cohorts.phases import PhaseKind
from cohorts.queries.phases import (
    PlannedPhase,
    as_planned,
    changes_the_past,
    current_on,
    current_phase,
    date_notes,
    date_problems,
    next_phase,
    plan_phases,
    stamp,
)
from tests.factories.cohorts import CohortFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

ALPHA = date(2021, 5, 4)


def plan(starts_on=ALPHA, **moved):
    """The template's plan; `experiment=(first, until)` and the like replace a phase's dates."""
    phases = plan_phases(ProgrammeFactory(), starts_on)
    return [PlannedPhase(p.kind, *moved[p.kind]) if p.kind in moved else p for p in phases]


def test_alpha_s_phases_from_its_first_day():
    assert [(p.kind, p.starts_on, p.until) for p in plan()] == [
        ("inspire", date(2021, 5, 4), date(2021, 5, 18)),
        ("learn_and_activate", date(2021, 5, 18), date(2021, 6, 15)),
        ("learn_and_explore", date(2021, 6, 15), date(2021, 8, 3)),
        ("experiment", date(2021, 8, 3), date(2021, 10, 19)),
        ("celebration", date(2021, 10, 19), date(2021, 11, 2)),
    ]


def test_the_plan_follows_the_template_and_not_a_number_in_the_code():
    programme = ProgrammeFactory()
    programme.template.filter(kind="celebration").update(until_week=30)
    assert plan_phases(programme, ALPHA)[-1].until == ALPHA + timedelta(weeks=30)


def test_current_means_the_same_in_python_and_sql_on_every_edge():
    cohort = CohortFactory(starts_on=ALPHA)
    cohort.phases.filter(kind="experiment").update(starts_on=date(2021, 8, 10))  # a gap before it
    for phase in cohort.phases.all():
        for day in (phase.starts_on - timedelta(days=1), phase.starts_on, phase.until - timedelta(days=1), phase.until):
            in_python = current_phase(cohort, day)
            assert list(current_on(day)) == ([in_python] if in_python else []), day
    assert current_phase(cohort, date(2021, 8, 9)) is None
    assert next_phase(cohort, date(2021, 8, 9)).kind == "experiment"
    assert current_phase(cohort, date(2021, 8, 10)).kind == "experiment"
    assert next_phase(cohort, date(2021, 10, 19)) is None


def test_lists_cost_no_query_per_cohort(django_assert_num_queries):
    cohorts = [CohortFactory() for _unused in range(3)]
    loaded = type(cohorts[0]).objects.prefetch_related("phases")
    with django_assert_num_queries(2):
        assert all(current_phase(cohort, date(2026, 1, 6)) for cohort in loaded)


@pytest.mark.parametrize(
    ("moved", "problem"),
    [
        ({}, None),
        ({"inspire": (ALPHA, ALPHA)}, ("inspire", "last_day")),
        ({"experiment": (date(2021, 8, 2), date(2021, 10, 19))}, ("experiment", "starts_on")),
        ({"celebration": (date(2021, 6, 1), date(2021, 6, 10))}, ("celebration", "starts_on")),
        ({"experiment": (date(2021, 8, 10), date(2021, 10, 19))}, None),
    ],
)
def test_dates_that_cannot_be_name_the_phase_and_the_field(moved, problem):
    problems = [(p.kind, p.field) for p in date_problems(plan(**moved))]
    assert problems == ([problem] if problem else [])


def test_problems_are_sentences_in_both_languages():
    phases = plan(experiment=(date(2021, 8, 2), date(2021, 10, 19)))
    assert "Learn and Explore" in date_problems(phases)[0].message
    with translation.override("cy"):
        assert "Learn and Explore" not in date_problems(phases)[0].message


def test_weekends_bank_holidays_and_gaps_are_said_and_not_refused():
    phases = plan(date(2021, 5, 3), experiment=(date(2021, 8, 7), date(2021, 10, 18)))
    notes = {(n.kind, n.field): n.message for n in date_notes(phases)}
    assert "Early May bank holiday" in notes["inspire", "starts_on"]
    assert "Sunday" in notes["inspire", "last_day"]
    said = [n.message for n in date_notes(phases) if (n.kind, n.field) == ("experiment", "starts_on")]
    assert any("Saturday" in message for message in said)
    assert any("5" in message for message in said)  # days in the gap, 2 to 6 August
    assert not date_problems(phases)


def test_alpha_started_on_a_working_day():
    assert ("inspire", "starts_on") not in {(n.kind, n.field) for n in date_notes(plan())}


@pytest.mark.parametrize(
    ("today", "moved", "expected"),
    [
        (date(2021, 5, 3), {"inspire": (date(2021, 5, 5), date(2021, 5, 18))}, []),
        (date(2021, 5, 4), {"inspire": (date(2021, 5, 5), date(2021, 5, 18))}, [("inspire", "starts_on")]),
        (date(2021, 6, 1), {"experiment": (date(2021, 8, 10), date(2021, 10, 19))}, []),
        (date(2021, 8, 3), {"experiment": (date(2021, 8, 10), date(2021, 10, 19))}, [("experiment", "starts_on")]),
    ],
)
def test_what_rewrites_the_past(today, moved, expected):
    assert [(n.kind, n.field) for n in changes_the_past(plan(), plan(**moved), today)] == expected


def test_the_stamp_changes_with_any_date_and_with_nothing_else():
    cohort = CohortFactory(starts_on=ALPHA)
    before = stamp(cohort)
    cohort.name_en = "Another"
    assert stamp(cohort) == before
    cohort.phases.filter(kind=PhaseKind.INSPIRE).update(until=date(2021, 5, 17))
    assert stamp(type(cohort).objects.get(pk=cohort.pk)) != before
    assert [p.kind for p in as_planned(cohort)] == list(PhaseKind)
