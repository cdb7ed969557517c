"""The pages of a selection: the whole way in both languages, and who sees what where."""

import io

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from messaging.models import Message
from nominations.models import Criterion, Decision, Nomination, Review, SelectionRecord
from tests.factories.people import EmploymentFactory
from tests.nominations.selecting import a_selection, score, scored

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"nominations:{name}", args=args)


def text(page):
    return page.content.decode()


@pytest.fixture
def cohort(today):
    return a_selection(nominations=3, panel=2)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_whole_way(language, client_as, manager, administrator, today):
    translation.activate(language)
    cohort = a_selection(nominations=2, panel=0)
    Criterion.objects.all().delete()
    client, slug = client_as(manager), cohort.slug
    assert client.get(url("selection", slug)).status_code == 200
    values = {"name_en-1": "Purpose", "name_cy-1": "Pwrpas", "weight-1": "2"}
    wrong = client.post(url("selection-criteria", slug), {"name_en-1": "Purpose", "weight-1": "11"})
    assert set(wrong.context["form"].errors) == {"name_cy-1", "weight-1"}
    assert client.post(url("selection-criteria", slug), values).status_code == 302
    assert "Pwrpas" in text(client.get(url("selection-criteria", slug)))
    unknown = client.post(url("selection-panel", slug), {"email": "nobody.at.all@qarth.example"})
    assert "email" in unknown.context["form"].errors
    reviewers = [EmploymentFactory().person for _ in range(3)]
    for person in reviewers:
        assert client.post(url("selection-panel", slug), {"email": person.email}).status_code == 302
    assert client.post(url("panel-leave", slug, reviewers[2].reference)).status_code == 302
    assert client.post(url("selection-assign", slug)).status_code == 302
    panel = client.get(url("selection-panel", slug))
    assert [(member.to_do, member.done) for member in panel.context["members"]] == [(2, 0), (2, 0)]

    criterion = Criterion.objects.get()
    for person in reviewers[:2]:
        reviewer = client_as(person)
        assert url("review-list") in text(reviewer.get(reverse("reports:home")))
        page = reviewer.get(url("review-list"))
        first = page.context["waiting"][0]
        shown = text(reviewer.get(url("review", first.pk)))
        assert "Qarth statement." in shown
        empty = reviewer.post(url("review", first.pk), {"comment": "So"})
        assert empty.context["form"].errors
        following = reviewer.post(url("review", first.pk), {f"points-{criterion.pk}": "4", "comment": "So said"})
        second = page.context["waiting"][1]
        assert following["Location"] == url("review", second.pk)
        assert reviewer.post(following["Location"], {f"points-{criterion.pk}": "2"})["Location"] == url("review-list")
        assert reviewer.get(url("review-list")).context["waiting"] == []

    for nomination, outcome in zip(Nomination.objects.order_by("pk"), ("offered", "reserve"), strict=True):
        way = url("decision", slug, nomination.reference)
        days = {"answer_by": "31/3/2026", "reserve_until": "30/4/2026"}
        late = client.post(way, {"outcome": outcome, "reason": "strong", **dict.fromkeys(days, "1/3/2026")})
        assert len(late.context["form"].errors) == 1
        client.post(way, {"outcome": outcome, "reason": "strong", **days})
        client.post(url("decision-take-back", slug, nomination.reference))
        assert not nomination.decisions.exists()
        assert client.post(way, {"outcome": outcome, "reason": "strong", **days}).status_code == 302
    page = client.get(url("selection", slug))
    assert (page.context["balance"].chosen, page.context["progress"].prepared) == (1, 2)
    assert client.post(url("selection-release", slug)).status_code == 403
    second = client_as(administrator)
    assert second.get(url("selection-release", slug)).status_code == 200
    assert second.post(url("selection-release", slug)).status_code == 302
    assert Message.objects.filter(kind="decision-released").count() == 2
    assert Decision.objects.filter(released_by=administrator).count() == 2
    assert second.post(url("selection-release", slug)).status_code == 403
    page = second.get(url("selection", slug))
    assert len(page.context["proposals"]) == 1
    assert client.get(url("decision", slug, Nomination.objects.first().reference)).status_code == 200
    assert client.post(url("record-create", slug)).status_code == 302
    assert len(client.get(url("record-list", slug)).context["records"]) == 2


def test_scores_of_the_other_are_hidden_until_both_are_in(cohort, client_as, manager, today):
    scored_by = []
    client_as(manager).post(url("selection-assign", cohort.slug))
    one, two = Nomination.objects.first().reviews.select_related("nomination__cohort", "reviewer")
    one.comment = "Qery private words"
    one.save()
    score(one, 5, today)
    Review.objects.filter(pk=one.pk).update(comment="Qery private words")
    for client, way in (
        (client_as(two.reviewer), url("review", two.pk)),
        (client_as(manager), url("decision", cohort.slug, one.nomination.reference)),
    ):
        assert "Qery private words" not in text(client.get(way))
        scored_by.append((client, way))
    assert client_as(two.reviewer).get(url("review", one.pk)).status_code == 404
    score(two, 3, today)
    for client, way in scored_by:
        assert "Qery private words" in text(client.get(way))


def test_abstaining_and_being_taken_off(cohort, client_as, manager, today):
    client = client_as(manager)
    client.post(url("selection-panel", cohort.slug), {"email": EmploymentFactory().person.email})
    client.post(url("selection-assign", cohort.slug))
    review = Review.objects.select_related("reviewer", "nomination").first()
    reviewer = client_as(review.reviewer)
    assert reviewer.post(url("review-abstain", review.pk), {"reason": "A friend"}).status_code == 302
    for way in ("review-abstain", "review"):
        assert reviewer.get(url(way, review.pk)).status_code == 404
    other = Review.objects.filter(nomination=review.nomination, status="assigned").first()
    assert client.post(url("review-recuse", cohort.slug, other.pk), {"reason": "A cousin"}).status_code == 302
    assert client_as(other.reviewer).get(url("review", other.pk)).status_code == 404


# --- The record -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "heading"), [("en", "Criteria"), ("cy", "Meini prawf")])
def test_the_record_as_a_file(language, heading, cohort, client_as, manager, administrator, today):
    scored(cohort, today, by=manager)
    nomination = Nomination.objects.order_by("pk").first()
    nomination.person.name = "=HYPERLINK(1)"
    nomination.person.save()
    client = client_as(manager)
    note = "@SUM(1) #strong[not mark-up] ŵŷ"
    client.post(
        url("decision", cohort.slug, nomination.reference),
        {"outcome": "offered", "reason": "strong", "note": note, "answer_by": "31/3/2026"},
    )
    client_as(administrator).post(url("selection-release", cohort.slug))
    record = SelectionRecord.objects.get()
    xlsx = client.get(url("record-download", cohort.slug, record.pk, language, "xlsx"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.content))
    assert book.sheet_names[1] == heading
    names = [row[0] for row in book.get_sheet_by_index(3).to_python()]
    assert "=HYPERLINK(1)" in names
    assert b"<f>" not in xlsx.content
    assert book.get_sheet_by_index(5).to_python()[1][3] == note
    pdf = client.get(url("record-download", cohort.slug, record.pk, language, "pdf"))
    assert pdf.content.startswith(b"%PDF-")
    assert f"/Lang({language}".encode() in pdf.content
    assert client.get(url("record-download", cohort.slug, record.pk, language, "exe")).status_code == 404


def test_who_reads_records(cohort, client_as, manager, auditor, coach):
    assert client_as(manager).get(url("record-list", cohort.slug)).status_code == 200
    assert client_as(auditor).get(url("record-list", cohort.slug)).status_code == 200
    assert client_as(auditor).get(url("record-create", cohort.slug)).status_code == 403
    assert client_as(coach).get(url("record-list", cohort.slug)).status_code == 403
