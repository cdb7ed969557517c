"""What a cohort's milestones are: from the template, added, changed, retired."""

from datetime import date

import pytest

from core.models import AuditEvent
from core.verdicts import NotAllowed
from infuse.nightly import MILESTONES_BEFORE, Night
from infuse.nightly import milestones as step
from progress.models import Milestone, TemplateMilestone
from progress.queries.completions import standings
from progress.services.milestones import add_milestone, change_milestone, retire_milestone, take_template
from progress.services.template import load_template
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.progress import MilestoneFactory, TemplateMilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(today):
    return CohortFactory(status="running")


def add(cohort, by, today, **more):
    values = {"kind": "submit", "title_en": "Plan", "title_cy": "Cynllun", "due_on": date(2026, 3, 20)}
    phase = cohort.phases.get(kind="learn_and_explore")
    return add_milestone(phase=phase, **{**values, **more}, by=by, today=today)


def test_the_template_is_taken_once_with_days_inside_the_phases(cohort, manager, today):
    TemplateMilestoneFactory(due_day=7, title_en="Soon")
    TemplateMilestoneFactory(due_day=400, title_en="At the end")
    assert take_template(cohort=cohort, by=manager, today=today) == 2
    found = dict(Milestone.objects.values_list("title_en", "due_on"))
    # The phase's last day is a Sunday before Easter Monday; Good Friday is off, too.
    assert found == {"Soon": date(2026, 2, 23), "At the end": date(2026, 4, 2)}
    with pytest.raises(NotAllowed, match="already"):
        take_template(cohort=cohort, by=manager, today=today)


def test_the_product_s_own_template_fills_all_five_phases_in_both_languages(cohort, manager, today):
    assert take_template(cohort=cohort, by=manager, today=today) == 20
    rows = Milestone.objects.select_related("phase")
    assert {row.phase.kind for row in rows} == {phase.kind for phase in cohort.phases.all()}
    for row in rows:
        assert row.due_on in row.phase.window
        assert row.title_en
        assert row.title_cy
        assert row.missing_texts() == []
    assert load_template(programme=cohort.programme, by=None) == 0
    assert TemplateMilestone.objects.count() == 20


def test_the_night_gives_cohorts_that_begin_soon_their_milestones(today, manager):
    soon = CohortFactory(starts_on=today + MILESTONES_BEFORE)
    later = CohortFactory(starts_on=today + MILESTONES_BEFORE * 2)
    own = CohortFactory(starts_on=today)
    MilestoneFactory(cohort=own, due_on=own.starts_on)
    assert step(Night(today, today)).counts == {"milestones-taken": 1}
    assert step(Night(today, today)).counts == {"milestones-taken": 0}
    counted = {one.pk: Milestone.objects.filter(phase__cohort=one).count() for one in (soon, later, own)}
    assert counted == {soon.pk: 20, later.pk: 0, own.pk: 1}


def test_added_for_everybody(cohort, manager, today):
    row = AssociateFactory(cohort=cohort, status="active")
    milestone = add(cohort, manager, today)
    assert [one.milestone for one in standings(cohort, [row])[row.pk]] == [milestone]
    assert AuditEvent.objects.get(event="milestone.added").by_ref == manager.reference


@pytest.mark.parametrize(
    "wrong", [{"title_cy": ""}, {"explanation_en": "What"}, {"due_on": date(2026, 4, 6)}], ids=lambda wrong: str(wrong)
)
def test_not_added_in_one_language_or_outside_the_phase(cohort, manager, today, wrong):
    with pytest.raises(NotAllowed):
        add(cohort, manager, today, **wrong)
    assert not Milestone.objects.exists()


def test_changed_with_a_reason_that_the_log_keeps(cohort, manager, today):
    milestone = add(cohort, manager, today)
    with pytest.raises(NotAllowed, match="Say why"):
        change_milestone(milestone=milestone, due_on=date(2026, 3, 27), reason="", by=manager, today=today)
    change_milestone(milestone=milestone, due_on=date(2026, 3, 27), reason="A week more.", by=manager, today=today)
    event = AuditEvent.objects.get(event="milestone.changed")
    assert event.details == {"reason": "A week more.", "changed": {"due_on": ["2026-03-20", "2026-03-27"]}}
    assert Milestone.objects.get().due_on == date(2026, 3, 27)


def test_changed_in_one_language_it_is_marked_stale(cohort, manager, today):
    milestone = add(cohort, manager, today)
    change_milestone(milestone=milestone, title_en="Our plan", reason="Clearer.", by=manager, today=today)
    assert Milestone.objects.get().welsh_status == "stale"


def test_retired_with_a_reason_it_is_asked_of_nobody(cohort, manager, today):
    row = AssociateFactory(cohort=cohort, status="active")
    milestone = add(cohort, manager, today)
    retire_milestone(milestone=milestone, reason="The workshop fell through.", by=manager, today=today)
    assert standings(cohort, [row])[row.pk] == []
    again = Milestone.objects.get()
    assert (again.retired_on, again.retired_reason) == (today, "The workshop fell through.")
    with pytest.raises(NotAllowed, match="was retired"):
        change_milestone(milestone=again, title_en="x", reason="x", by=manager, today=today)


def test_a_finished_cohort_keeps_its_milestones(manager, today):
    with pytest.raises(NotAllowed, match="over"):
        add(CohortFactory(status="finished"), manager, today)
