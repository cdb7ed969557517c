"""The pages of one associate's milestone, the files, and the list of what waits."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.middleware import LARGEST_REQUEST
from progress.models import Completion, Evidence, EvidenceFile
from tests.factories.cohorts import AssociateFactory
from tests.factories.progress import PDF, CompletionFactory, EvidenceFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(associate, today):
    return associate.associates.get()


@pytest.fixture
def milestone(row):
    return MilestoneFactory(cohort=row.cohort, confirmer="lab_lead", title_en="Our plan")


def address(row, milestone, name="completion-detail", *more):
    return reverse(f"progress:{name}", args=[row.cohort.slug, row.person.reference, milestone.pk, *more])


def send(client, row, milestone, **values):
    return client.post(address(row, milestone, "completion-ready"), values, follow=True)


def test_marked_as_ready_with_a_file_and_confirmed_by_the_lab_lead(row, milestone, lab_lead, client_as):
    client = client_as(row.person)
    assert "Mark as ready" in client.get(address(row, milestone)).content.decode()
    file = SimpleUploadedFile("plan.docx.exe", PDF)
    page = send(client, row, milestone, text="Our words", file=file, asked_of=lab_lead.pk).content.decode()
    assert "Marked as ready. It waits to be confirmed." in page
    assert "plan.docx.pdf" in page
    lead = client_as(lab_lead)
    assert "Our plan" in lead.get(reverse("progress:completion-list")).content.decode()
    page = lead.get(address(row, milestone)).content.decode()
    assert "Our words" in page
    lead.post(address(row, milestone, "completion-decide", "confirm"))
    assert Completion.objects.get().status == "confirmed"
    assert "Nothing waits to be confirmed." in lead.get(reverse("progress:completion-list")).content.decode()


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({}, "text", "Show something"),
        ({"link": "ftp://qarth.example/x"}, "link", "https://"),
        ({"link": "javascript:alert(1)"}, "link", "valid URL"),
        ({"file": SimpleUploadedFile("plan.pdf", b"MZ\x90\x00" * 9)}, "file", "cannot be kept"),
        ({"file": SimpleUploadedFile("plan.pdf", PDF + b"x" * 10 * 1024 * 1024)}, "file", "largest size is 10 MB"),
        ({"text": "x", "asked_of": "999999"}, "asked_of", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    row, milestone, lab_lead, client_as, values, field, said
):
    page = send(client_as(row.person), row, milestone, **values)
    assert said in str(page.context["form"].errors[field])
    assert not Completion.objects.exists()


def test_two_hundred_megabytes_are_refused_before_anything_is_read(row, milestone, client_as):
    class Unread(io.BytesIO):
        def read(self, *_sizes):
            raise AssertionError("The body was read.")

        readline = read

    client = client_as(row.person)
    page = client.generic(
        "POST",
        address(row, milestone, "completion-ready"),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * 1024 * 1024),
        **{"wsgi.input": Unread()},
    )
    assert page.status_code == 413
    assert LARGEST_REQUEST < 200 * 1024 * 1024
    assert not Evidence.objects.exists()


def test_a_file_is_handed_out_to_keep_and_never_shown_as_a_page(row, milestone, manager, client_as):
    evidence = EvidenceFactory(completion__milestone=milestone, completion__associate=row, kind="file")
    page = client_as(manager).get(address(row, milestone, "evidence-file", evidence.pk))
    assert page.content == PDF
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("associate", 200),
        ("manager", 200),
        ("coordinator", 403),
        ("auditor", 403),
        ("other_coordinator", 404),
        ("lab_lead", 404),
        ("coach", 404),
        ("nobody", 404),
    ],
)
def test_who_gets_a_file(row, milestone, person_as, role, status, client_as):
    evidence = EvidenceFactory(completion__milestone=milestone, completion__associate=row, kind="file")
    assert client_as(person_as(role)).get(address(row, milestone, "evidence-file", evidence.pk)).status_code == status


def test_a_file_is_found_under_its_own_milestone_only(row, milestone, manager, client_as):
    other = AssociateFactory(cohort=row.cohort, status="active")
    evidence = EvidenceFactory(completion__milestone=milestone, completion__associate=other, kind="file")
    CompletionFactory(milestone=milestone, associate=row)
    assert client_as(row.person).get(address(row, milestone, "evidence-file", evidence.pk)).status_code == 404
    assert EvidenceFile.objects.count() == 1


def test_the_own_coordinator_sees_state_and_days_but_no_words(row, milestone, coordinator, manager, client_as):
    completion = CompletionFactory(milestone=milestone, associate=row, status="asked_again")
    EvidenceFactory(completion=completion, text="Private words.")
    completion.moves.filter(to_status="asked_again").update(note="Private question.", by=manager)
    page = client_as(coordinator).get(address(row, milestone)).content.decode()
    assert "Something is missing" in page
    assert "Due: Wednesday 25 March 2026" in page
    for private in ("Private words.", "Private question.", manager.name):
        assert private not in page
    journey = reverse("progress:associate-journey", args=[row.cohort.slug, row.person.reference])
    assert "Private question." not in client_as(coordinator).get(journey).content.decode()
    assert "Private question." in client_as(row.person).get(journey).content.decode()


@pytest.mark.parametrize(
    ("step", "status", "becomes"),
    [
        ("ask-again", "ready", "asked_again"),
        ("override", "open", "overridden"),
        ("exempt", "open", "exempt"),
        ("reopen", "confirmed", "open"),
    ],
)
def test_each_decision_has_its_page_and_its_reason(row, milestone, manager, client_as, step, status, becomes):
    CompletionFactory(milestone=milestone, associate=row, status=status)
    client, page = client_as(manager), address(row, milestone, "completion-decide", step)
    assert page in client.get(address(row, milestone)).content.decode()
    assert list(client.post(page, {"reason": ""}).context["form"].errors) == ["reason"]
    client.post(page, {"reason": "So it is."})
    assert Completion.objects.get().status == becomes
    assert client.get(page).status_code == 403


def test_an_unknown_step_is_not_found(row, milestone, manager, client_as):
    assert client_as(manager).get(address(row, milestone, "completion-decide", "burn")).status_code == 404


def test_the_list_is_the_team_s_whole_and_nobody_s_own(row, milestone, manager, coach, client_as):
    CompletionFactory(milestone=milestone, associate=row, status="ready")
    own = AssociateFactory(cohort=row.cohort, person=manager, status="active")
    CompletionFactory(milestone=milestone, associate=own, status="ready")
    page = client_as(manager).get(reverse("progress:completion-list"))
    assert [one.associate for one in page.context["rows"]] == [row]
    assert "Nothing waits" in client_as(coach).get(reverse("progress:completion-list")).content.decode()
    assert client_as(row.person).get(reverse("progress:completion-list")).status_code == 403


def test_the_home_page_says_what_is_due_and_what_waits(row, milestone, manager, client_as):
    due = MilestoneFactory(cohort=row.cohort, title_en="Late plan", due_on="2026-03-09")
    CompletionFactory(milestone=milestone, associate=row, status="ready")
    home = client_as(row.person).get("/home/").content.decode()
    assert address(row, due) in home
    assert address(row, milestone) not in home
    assert "Milestones to confirm: 1" in client_as(manager).get("/home/").content.decode()
