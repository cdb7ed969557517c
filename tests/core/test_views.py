"""The bases of pages, forms and lists, and the pages that refuse."""

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import Client

from core.views import CappedPaginator
from infuse.views import refused
from people.models import Organisation
from tests.core.pages import NoteView

GOOD = {"name": "N", "secret": "s", "code": "1", "agree": "on", "shade": "r", "on": "4 Mai 2021"}


@pytest.fixture
def organisations(db):
    """Seven of them."""
    return [
        Organisation.objects.create(
            code=f"{9 - n}", kind="other", name_en=f"Body {n}", name_cy=f"Corff {n}", short_en=f"B{n}", short_cy=f"C{n}"
        )
        for n in range(7)
    ]


# --- The door -------------------------------------------------------------------------------------------------------
def test_signed_out_goes_to_the_sign_in_page_of_the_language_and_on_from_there(pages, client):
    assert client.get("/cy/shelf/open/?a=1")["Location"] == "/cy/sign-in/?next=/cy/shelf/open/%3Fa%3D1"


def test_what_may_not_be_known_is_not_found_and_comes_before_the_refusal(pages, client_as, nobody):
    response = client_as(nobody).get("/shelf/hidden/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "reason"), [("/shelf/locked/", "Recruitment opens"), ("/cy/shelf/locked/", "Recriwtio’n agor")]
)
def test_a_refusal_says_the_rules_reason_in_the_readers_language(pages, client_as, nobody, path, reason):
    response = client_as(nobody).get(path)
    assert response.status_code == 403
    assert reason in response.content.decode()


def test_what_a_library_says_is_not_shown_as_a_reason(rf, db):
    response = refused(rf.get("/"), PermissionDenied("Only for developers"))
    assert "Only for developers" not in response.content.decode()
    assert "This page is not for your role." in response.content.decode()


def test_allowed_is_the_page(pages, client_as, nobody):
    response = client_as(nobody).get("/shelf/open/")
    assert response.status_code == 200
    assert "<title>Shelf – Infuse</title>" in response.content.decode()


# --- Forms ----------------------------------------------------------------------------------------------------------
def test_clean_values_go_to_the_verb_and_the_next_page_says_so(pages, client):
    response = client.post("/notes/", GOOD, follow=True)
    assert [note["name"] for note in NoteView.saved] == ["N"]
    assert "Noted." in response.content.decode()


def test_errors_are_summed_up_first_and_named_in_the_title(pages, client):
    page = client.post("/cy/notes/", {**GOOD, "name": ""}).content.decode()
    assert "<title>Gwall: Enw – Infuse</title>" in page
    assert page.index("govuk-error-summary") < page.index("<h1")
    assert 'href="#id_name"' in page
    assert 'value="4 Mai 2021"' in page
    assert NoteView.saved == []


def test_a_verb_that_refuses_is_heard_above_the_form_and_nothing_typed_is_lost(pages, client):
    page = client.post("/notes/", {**GOOD, "name": "refused"}).content.decode()
    assert "<li>Not today.</li>" in page
    assert 'value="refused"' in page


def test_an_address_that_only_answers_a_button_says_so(pages, client):
    response = client.get("/cy/press/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "Nid oes dim i’w ddarllen yma" in response.content.decode()


# --- Lists ----------------------------------------------------------------------------------------------------------
def names(response) -> list[str]:
    return [row.name_en for row in response.context["rows"]]


def test_list_sorts_by_the_address_bar_and_says_so(pages, client, organisations):
    response = client.get("/table/")
    assert names(response) == ["Body 0", "Body 1", "Body 2"]
    page = response.content.decode()
    assert 'aria-sort="ascending"><a class="infuse-sort" href="?sort=-name">Name' in page
    assert 'aria-sort="none"><a class="infuse-sort" href="?sort=code">Code' in page
    assert '<th scope="col" class="govuk-table__header">X</th>' in page
    assert names(client.get("/table/?sort=-name")) == ["Body 6", "Body 5", "Body 4"]
    assert names(client.get("/table/?sort=code")) == ["Body 6", "Body 5", "Body 4"]


@pytest.mark.parametrize("sort", ["x", "password", "-", "name_en__x", "''"])
def test_an_unknown_sort_is_the_usual_one(pages, client, organisations, sort):
    assert names(client.get("/table/", {"sort": sort})) == ["Body 0", "Body 1", "Body 2"]


def test_list_pages_and_keeps_sort_and_filter(pages, client, organisations):
    response = client.get("/table/?sort=-name&search=body&page=2")
    assert names(response) == ["Body 3", "Body 2", "Body 1"]
    page = response.content.decode()
    assert 'href="?sort=-name&amp;search=body&amp;page=3" rel="next"' in page
    assert 'href="?sort=-name&amp;search=body&amp;page=1" rel="prev"' in page
    assert "Rows: 4–6 / 7" in page


def test_list_is_narrowed_by_its_filter_form(pages, client, organisations):
    response = client.get("/table/?search=body+4")
    assert names(response) == ["Body 4"]
    assert 'value="body 4"' in response.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1e9"])
def test_a_page_that_is_not_there_is_not_found(pages, client, organisations, page):
    assert client.get("/table/", {"page": page}).status_code == 404


@pytest.mark.parametrize("page", ["²", "99999999999999999999999", "900000", "3 ", "٣"])
def test_nor_is_one_of_a_list_that_is_not_counted_to_its_end(pages, client, organisations, monkeypatch, page):
    monkeypatch.setattr(CappedPaginator, "cap", 4)
    assert names(client.get("/table/?page=3")) == ["Body 6"]
    assert client.get("/table/", {"page": page}).status_code == 404


def test_a_filter_that_cannot_be_read_narrows_nothing(pages, client, organisations):
    response = client.get("/table/?search=%00")
    assert response.status_code == 200
    assert len(names(response)) == 3


def test_an_empty_list_says_so(pages, client):
    assert "Nothing to show." in client.get("/table/").content.decode()


def test_counting_stops_at_the_cap_and_the_list_leads_on(db, organisations, django_assert_num_queries):
    class Few(CappedPaginator):
        cap = 4

    paginator = Few(Organisation.objects.order_by("name_en"), 3)
    with django_assert_num_queries(2):
        page = paginator.page(2)
        assert (paginator.count, paginator.is_capped, page.more_follows) == (4, True, True)
    last = paginator.page(3)
    assert (len(last.object_list), last.more_follows, last.last_index) == (1, False, 7)


# --- Errors ---------------------------------------------------------------------------------------------------------
def test_what_cannot_be_read_says_so(pages, client):
    response = client.get("/cy/broken/unreadable/")
    assert response.status_code == 400
    assert "Nid oeddem yn gallu darllen hynny" in response.content.decode()


def test_a_fault_of_ours_is_said_in_both_languages_without_the_database(pages, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = Client(raise_request_exception=False).get("/broken/badly/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Mae rhywbeth wedi mynd o’i le" in page
    assert '<div lang="en"><h2 class="govuk-heading-l">Something went wrong' in page


def test_form_page_needs_a_place_to_go(pages, rf):
    class Lost(NoteView):
        success_url = None

    with pytest.raises(ImproperlyConfigured):
        Lost().get_success_url()
