"""The conflict matrix: whoever is too close to a nomination meets it through no door.

Page, list, count, search and export, each for every kind of closeness, for reviewers and for the programme team.
"""

import io
import json

import pytest
import typst
from django.urls import reverse
from python_calamine import CalamineWorkbook

from nominations.models import Nomination, Panellist, Review, SelectionRecord
from nominations.queries.reviews import waiting_for
from tests.nominations.selecting import a_selection, scored
from tests.nominations.services.test_reviews import CONFLICTS, oneself

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"nominations:{name}", args=args)


@pytest.mark.parametrize("make", CONFLICTS)
def test_conflict_matrix_of_a_reviewer(make, client_as, manager, today):
    cohort = a_selection(nominations=3, panel=2)
    client_as(manager).post(url("selection-assign", cohort.slug))
    reviewer = Panellist.objects.first().person
    client = client_as(reviewer)
    mine = Review.objects.filter(reviewer=reviewer).order_by("pk")
    close = mine[0]
    assert client.get(url("review", close.pk)).status_code == 200
    make(reviewer, close.nomination)
    name = close.nomination.person.name
    page = client.get(url("review-list"))
    assert close.pk not in [review.pk for review in page.context["waiting"]]
    assert len(page.context["waiting"]) == 2
    if make is not oneself:
        assert name not in page.content.decode()
    for way in ("review", "review-abstain"):
        assert client.get(url(way, close.pk)).status_code == 404
        assert client.post(url(way, close.pk), {"reason": "So"}).status_code == 404
    assert client.get(url("review", mine[1].pk)).context["left"] == 2
    assert waiting_for(reviewer, today) == 2  # on the home page


@pytest.mark.parametrize("make", CONFLICTS)
def test_conflict_matrix_of_the_programme_team(make, client_as, manager, administrator, auditor, today, monkeypatch):
    cohort = a_selection(nominations=3, panel=2)
    scored(cohort, today, by=manager)
    close = Nomination.objects.select_related("person").order_by("pk").first()
    name = close.person.name
    client_as(administrator).post(
        url("decision", cohort.slug, close.reference),
        {"outcome": "offered", "reason": "strong", "answer_by": "31/3/2026"},
    )
    client_as(administrator).post(url("record-create", cohort.slug))
    make(manager, close)
    close.refresh_from_db()
    client = client_as(manager)
    page = client.get(url("selection", cohort.slug))
    # list
    assert close not in [line.nomination for line in page.context["lines"]]
    assert [row.pk for row in page.context["withheld"]] == [close.pk]
    # count
    assert (page.context["progress"].in_selection, page.context["progress"].prepared) == (2, 0)
    assert (page.context["balance"].chosen, page.context["vacancies"]) == (0, cohort.capacity)
    assert close.organisation_id not in [share.thing.pk for share in page.context["balance"].organisations]
    # search
    found = client.get(url("selection", cohort.slug), {"name": close.person.name})
    assert found.context["lines"] == []
    # page
    for way in ("decision", "decision-take-back"):
        assert client.get(url(way, cohort.slug, close.reference)).status_code == 404
        assert client.post(url(way, cohort.slug, close.reference), {"outcome": "offered"}).status_code == 404
    assert client.get(url("review-recuse", cohort.slug, close.reviews.first().pk)).status_code == 404
    assert client.post(url("selection-release", cohort.slug)).status_code == 403
    # export: theirs is without it, that of somebody free of conflict is whole
    record = SelectionRecord.objects.get()
    printed = []
    monkeypatch.setattr(typst, "compile", lambda _layout, sys_inputs: printed.append(sys_inputs["data"]) or b"%PDF")
    for person, whole in ((manager, False), (auditor, True)):
        got = client_as(person).get(url("record-download", cohort.slug, record.pk, "en", "xlsx"))
        assert len(sheet(got, 3)) == (4 if whole else 3)
        # Who was too close then is written with the panel, for whoever is free of it.
        assert (name in str([sheet(got, number) for number in range(6)])) == whole
        client_as(person).get(url("record-download", cohort.slug, record.pk, "cy", "pdf"))
        assert (name in str(json.loads(printed.pop())["sections"])) == whole


def sheet(answer, number):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(number).to_python()
