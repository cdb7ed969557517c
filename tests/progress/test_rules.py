"""Who may do what about milestones, as tables."""

from datetime import date, timedelta

import pytest

from cohorts.enums import CohortStatus
from people.models import User
from progress.enums import CompletionStatus
from progress.models import Milestone
from progress.queries.completions import standing, standing_of
from progress.queries.conditions import phase_progress
from progress.rules import completions as rules
from progress.rules.milestones import is_in_phase, is_said_in_both_languages, may_edit_milestones
from progress.rules.phases import may_complete_phase
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.progress import CompletionFactory, MilestoneFactory

pytestmark = pytest.mark.django_db

S = CompletionStatus


@pytest.fixture
def own(associate, today):
    """The associate's place, and a milestone of the phase that is on."""
    row = associate.associates.get()
    return row, MilestoneFactory(cohort=row.cohort, confirmer="lab_lead")


def placed(own, status, asked_of=None):
    row, milestone = own
    completion = CompletionFactory(milestone=milestone, associate=row, status=status, asked_of=asked_of)
    return row, standing(row, milestone, completion)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("associate", True),
        ("manager", False),
        ("administrator", False),
        ("lab_lead", False),
        ("coordinator", False),
        ("nobody", False),
    ],
)
def test_only_the_person_marks_a_milestone_as_ready(own, person_as, role, allowed, today):
    row, milestone = own
    assert bool(rules.may_mark_ready(person_as(role), row, standing_of(row, milestone), today)) is allowed


@pytest.mark.parametrize(
    ("status", "allowed"), [("enrolled", True), ("active", True), ("paused", False), ("withdrawn", False)]
)
def test_only_who_is_in_marks_as_ready(today, status, allowed):
    row = AssociateFactory(cohort=CohortFactory(status="running"), status=status)
    milestone = MilestoneFactory(cohort=row.cohort)
    assert bool(rules.may_mark_ready(row.person, row, standing_of(row, milestone), today)) is allowed


def test_before_the_phase_nothing_can_be_marked_as_ready_and_the_day_is_said(own, associate, today):
    row, _milestone = own
    later = MilestoneFactory(cohort=row.cohort, phase_kind="experiment")
    verdict = rules.may_mark_ready(associate, row, standing_of(row, later), today)
    assert str(verdict.reason) == "The phase starts on 6 April 2026."
    assert rules.may_mark_ready(associate, row, standing_of(row, later), date(2026, 4, 6))


@pytest.mark.parametrize("status", list(S))
def test_marked_as_ready_when_the_next_step_is_the_associates(own, associate, today, status):
    row, at_hand = placed(own, status)
    expected = status in (S.OPEN, S.ASKED_AGAIN, S.BEFORE_JOINING)
    assert bool(rules.may_mark_ready(associate, row, at_hand, today)) is expected


# role → what it may decide about a milestone that is ready and was sent to the lab lead
DECIDES = {
    "manager": {S.CONFIRMED, S.ASKED_AGAIN, S.OVERRIDDEN, S.EXEMPT},
    "administrator": {S.CONFIRMED, S.ASKED_AGAIN, S.OVERRIDDEN, S.EXEMPT},
    "lab_lead": {S.CONFIRMED, S.ASKED_AGAIN, S.OVERRIDDEN},
    "coach": set(),
    "coordinator": set(),
    "auditor": set(),
    "associate": set(),
}


@pytest.mark.parametrize("role", DECIDES)
def test_who_decides_what(own, person_as, lab_lead, role, today):
    row, at_hand = placed(own, "ready", asked_of=lab_lead)
    user = person_as(role)
    allowed = {to for to in S if rules.may_decide(user, row, at_hand, to, today)}
    assert allowed == DECIDES[role]


def test_a_lab_lead_who_was_not_asked_decides_nothing_and_sees_nothing(own, lab_lead, manager, today):
    row, at_hand = placed(own, "ready", asked_of=manager)
    assert not rules.may_decide(lab_lead, row, at_hand, S.CONFIRMED, today)
    assert not rules.may_see_evidence(lab_lead, row, at_hand, today)


def test_a_lab_lead_whose_role_has_ended_decides_no_more(own, lab_lead, today):
    row, at_hand = placed(own, "ready", asked_of=lab_lead)
    lab_lead.roles.update(until=today)
    again = User.objects.get(pk=lab_lead.pk)
    assert not rules.may_decide(again, row, at_hand, S.CONFIRMED, today)


def test_nobody_decides_on_themselves(today, manager):
    row = AssociateFactory(cohort=CohortFactory(status="running"), person=manager, status="active")
    milestone = MilestoneFactory(cohort=row.cohort)
    at_hand = standing(row, milestone, CompletionFactory(milestone=milestone, associate=row, status="ready"))
    for to in S:
        assert "Nobody decides on themselves" in str(rules.may_decide(manager, row, at_hand, to, today).reason)
    progress = phase_progress(row, row.cohort.phases.get(kind="inspire"), today)
    assert "Nobody decides on themselves" in str(may_complete_phase(manager, row, progress, today).reason)


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("associate", True),
        ("manager", True),
        ("lab_lead", True),
        ("coordinator", False),
        ("auditor", False),
        ("coach", False),
        ("other_coordinator", False),
    ],
)
def test_who_sees_what_was_shown(own, person_as, lab_lead, role, sees, today):
    row, at_hand = placed(own, "ready", asked_of=lab_lead)
    assert bool(rules.may_see_evidence(person_as(role), row, at_hand, today)) is sees


@pytest.mark.parametrize(
    ("kind", "shown", "enough"),
    [
        ("submit", False, False),
        ("reflect", False, False),
        ("present", False, False),
        ("submit", True, True),
        ("attend", False, True),
        ("agree", False, True),
        ("self_assess", False, True),
    ],
)
def test_some_kinds_want_something_to_be_shown(kind, shown, enough):
    assert bool(rules.is_enough(Milestone(kind=kind), shown=shown)) is enough


@pytest.mark.parametrize(
    ("due_on", "status"),
    [(date(2026, 2, 28), S.BEFORE_JOINING), (date(2026, 3, 1), S.OPEN), (date(2026, 3, 2), S.OPEN)],
)
def test_late_joiners_find_what_was_due_before_marked_by_itself(due_on, status):
    row = AssociateFactory(cohort=CohortFactory(status="running"), status="enrolled", enrolled_on=date(2026, 3, 1))
    milestone = MilestoneFactory(cohort=row.cohort, due_on=due_on)
    assert standing_of(row, milestone).status == status


@pytest.mark.parametrize(
    ("role", "status", "allowed"),
    [
        ("manager", "running", True),
        ("administrator", "planned", True),
        ("manager", "finished", False),
        ("manager", "cancelled", False),
        ("coordinator", "running", False),
        ("lab_lead", "running", False),
    ],
)
def test_who_says_what_the_milestones_are(person_as, role, status, allowed, today):
    cohort = CohortFactory(status=CohortStatus(status))
    assert bool(may_edit_milestones(person_as(role), cohort, today)) is allowed


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2026-02-15", False), ("2026-02-16", True), ("2026-04-05", True), ("2026-04-06", False)],
)
def test_due_on_a_day_of_the_phase(day, inside):
    phase = CohortFactory().phases.get(kind="learn_and_explore")
    verdict = is_in_phase(phase, date.fromisoformat(day))
    assert bool(verdict) is inside
    if not inside:
        assert "16 February 2026 to 5 April 2026" in str(verdict.reason)


@pytest.mark.parametrize(
    ("texts", "allowed"),
    [
        (("Plan", "Cynllun", "", ""), True),
        (("Plan", "Cynllun", "What", "Beth"), True),
        (("Plan", "", "", ""), False),
        (("Plan", "Cynllun", "What", ""), False),
    ],
)
def test_both_languages_or_not_at_all(texts, allowed):
    assert bool(is_said_in_both_languages(*texts)) is allowed


@pytest.mark.parametrize("status", ["enrolled", "paused", "withdrawn", "completed"])
def test_only_who_takes_part_completes_a_phase(manager, status, today):
    row = AssociateFactory(cohort=CohortFactory(status="running"), status=status)
    progress = phase_progress(row, row.cohort.phases.get(kind="inspire"), today)
    assert not may_complete_phase(manager, row, progress, today)


def test_a_retired_milestone_is_asked_of_nobody(own, associate, manager, today):
    row, at_hand = placed(own, "open")
    at_hand.milestone.retired_on = today - timedelta(days=1)
    assert not rules.may_mark_ready(associate, row, at_hand, today)
    assert not rules.may_decide(manager, row, at_hand, S.EXEMPT, today)
