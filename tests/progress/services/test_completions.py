"""A milestone from “to do” to “confirmed”, and every other way, against the database."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditEvent
from core.verdicts import NotAllowed
from messaging.models import Message
from progress.enums import CompletionStatus
from progress.models import Completion, Evidence
from progress.queries.completions import may_be_asked, standing_of, waiting_for
from progress.queries.files import File
from progress.services import completions as verbs
from tests.factories.cohorts import AssociateFactory
from tests.factories.progress import PDF, CompletionFactory, EvidenceFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(associate, today):
    row = associate.associates.get()
    return {"associate": row, "milestone": MilestoneFactory(cohort=row.cohort, confirmer="lab_lead")}


def ready(about, today, **more):
    shown = more or {"text": "What we did."}
    return verbs.mark_ready(**about, **shown, by=about["associate"].person, today=today)


def events(prefix="milestone."):
    return list(AuditEvent.objects.filter(event__startswith=prefix).order_by("pk").values_list("event", flat=True))


def test_shown_in_three_ways_and_sent_to_the_lab_lead(about, lab_lead, coach, today):
    file = File("fy nghynllun.PDF", PDF)
    row = ready(about, today, text="Ein cynllun", link="https://qarth.example/p", file=file, asked_of=lab_lead)
    assert (row.status, row.asked_of) == ("ready", lab_lead)
    assert [one.kind for one in row.evidence.order_by("pk")] == ["text", "link", "file"]
    kept = row.evidence.get(kind="file")
    assert (kept.file_name, kept.file_type, kept.file_size) == ("fy nghynllun.pdf", "application/pdf", len(PDF))
    assert bytes(kept.content.content) == PDF
    assert list(waiting_for(lab_lead, today)) == [row]
    assert list(waiting_for(coach, today)) == []
    assert [(move.from_status, move.to_status) for move in row.moves.all()] == [("", "open"), ("open", "ready")]
    assert events() == ["milestone.marked_ready"]
    # The log says that it happened, never what was written.
    assert "Ein cynllun" not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_a_file_that_could_run_is_refused_and_nothing_is_kept(about, today):
    with pytest.raises(NotAllowed, match="cannot be kept"):
        ready(about, today, file=File("plan.pdf", b"MZ\x90\x00"))
    assert not Completion.objects.exists()
    assert not Evidence.objects.exists()
    assert events() == []


def test_nothing_shown_is_not_enough_to_hand_something_in(about, today):
    with pytest.raises(NotAllowed, match="Show something"):
        verbs.mark_ready(**about, by=about["associate"].person, today=today)


@pytest.mark.parametrize("role", ["coach", "manager", "associate"])
def test_sent_only_to_somebody_who_confirms_such_milestones(about, person_as, role, today):
    with pytest.raises(NotAllowed, match="does not confirm"):
        ready(about, today, text="x", asked_of=person_as(role))


def test_who_can_be_asked(lab_lead, coach, manager, today):
    assert list(may_be_asked("lab_lead", today)) == [lab_lead]
    assert list(may_be_asked("coach", today)) == [coach]
    assert list(may_be_asked("administrator", today)) == []


def test_confirmed_by_the_one_who_was_asked(about, lab_lead, today):
    ready(about, today, text="x", asked_of=lab_lead)
    row = verbs.confirm_milestone(**about, by=lab_lead, today=today)
    assert row.status == "confirmed"
    assert row.moves.latest("pk").by == lab_lead
    assert list(waiting_for(lab_lead, today)) == []
    with pytest.raises(NotAllowed):
        verbs.confirm_milestone(**about, by=lab_lead, today=today)


def test_asked_again_is_told_with_what_is_missing_and_what_was_shown_stays(about, administrator, today):
    ready(about, today)
    verbs.ask_again(**about, reason="Please add the threshold.", by=administrator, today=today)
    letter = Message.objects.get(kind="milestone-asked-again")
    assert letter.person == about["associate"].person.reference
    assert "Please add the threshold." in str(letter.words)
    ready(about, today, link="https://qarth.example/p")
    row = Completion.objects.get()
    assert [one.kind for one in row.evidence.order_by("pk")] == ["text", "link"]
    verbs.ask_again(**about, reason="And the measure.", by=administrator, today=today)
    assert Message.objects.filter(kind="milestone-asked-again").count() == 2


@pytest.mark.parametrize(
    ("verb", "status", "event"),
    [
        (verbs.override_milestone, "overridden", "milestone.counted"),
        (verbs.exempt_from_milestone, "exempt", "milestone.exempted"),
    ],
)
def test_counted_and_exempt_without_anything_shown_but_with_a_reason(about, administrator, today, verb, status, event):
    with pytest.raises(NotAllowed, match="Say why"):
        verb(**about, reason=" ", by=administrator, today=today)
    row = verb(**about, reason="Was ill.", by=administrator, today=today)
    assert (row.status, row.moves.latest("pk").note) == (status, "Was ill.")
    assert standing_of(about["associate"], about["milestone"]).is_met
    assert events() == [event]
    again = verbs.reopen_milestone(**about, reason="By mistake.", by=administrator, today=today)
    assert again.status == "open"


def test_a_late_joiner_may_still_do_it_and_its_history_begins_with_before_joining(today, manager):
    row = AssociateFactory(cohort__status="running", status="enrolled", enrolled_on=date(2026, 3, 5))
    milestone = MilestoneFactory(cohort=row.cohort, due_on=date(2026, 3, 2))
    assert standing_of(row, milestone).status == CompletionStatus.BEFORE_JOINING
    done = verbs.mark_ready(associate=row, milestone=milestone, text="x", by=row.person, today=today)
    assert [move.to_status for move in done.moves.order_by("pk")] == ["before_joining", "ready"]


def test_a_milestone_of_another_cohort_is_not_theirs(about, today):
    other = MilestoneFactory()
    with pytest.raises(type(other).DoesNotExist):
        verbs.mark_ready(
            associate=about["associate"], milestone=other, text="x", by=about["associate"].person, today=today
        )


def test_a_refusal_leaves_no_row_behind(about, coordinator, today):
    for verb in (verbs.override_milestone, verbs.exempt_from_milestone):
        with pytest.raises(NotAllowed):
            verb(**about, reason="x", by=coordinator, today=today)
    assert not Completion.objects.exists()


def test_the_database_holds_one_row_for_each_and_one_kind_of_evidence():
    row = CompletionFactory()
    with pytest.raises(IntegrityError, match="a_milestone_is_an_associates_once"), transaction.atomic():
        CompletionFactory(milestone=row.milestone, associate=row.associate)
    with pytest.raises(IntegrityError, match="evidence_is_a_text_a_link_or_a_file"), transaction.atomic():
        EvidenceFactory(completion=row, kind="text", link="https://qarth.example/")
