"""The other language of the same page, with what was typed."""

import re

import pytest
from django.core import mail
from django.test import Client

from core.language import language_of, path_in
from tests.core.pages import NoteView

TYPED = {"name": "Élin <b>", "secret": "hush", "code": "123456", "shade": "g", "on": "31 June 2027", "_toggle": "cy"}


@pytest.mark.parametrize(
    ("english", "welsh"), [("/", "/cy/"), ("/people/x/", "/cy/people/x/"), ("/cyprus/", "/cy/cyprus/")]
)
def test_addresses_lead_to_each_other(english, welsh):
    assert path_in("cy", english) == welsh
    assert path_in("en", welsh) == english
    assert path_in("cy", welsh) == welsh
    assert path_in("en", english) == english
    assert (language_of(english), language_of(welsh)) == ("en", "cy")


def toggle_of(response) -> str:
    """The toggle's element."""
    return re.search(r'<(?:a|button)[^>]*class="infuse-toggle"[^>]*>[^<]*', response.content.decode())[0]


def test_without_a_form_it_is_a_link_that_keeps_the_query(pages, client):
    toggle = toggle_of(client.get("/table/?sort=-name&search=a%26b"))
    assert toggle.startswith('<a class="infuse-toggle" href="/cy/table/?sort=-name&amp;search=a%26b"')
    assert 'hreflang="cy" lang="cy">Cymraeg' in toggle
    assert 'href="/table/?page=1" rel="alternate" hreflang="en" lang="en">English' in toggle_of(
        client.get("/cy/table/?page=1")
    )


def test_with_a_form_it_submits_the_form_to_the_other_language(pages, client):
    response = client.get("/notes/?from=a")
    toggle = toggle_of(response)
    assert toggle.startswith("<button")
    for part in ('form="page-form"', 'formaction="/cy/notes/?from=a"', "formnovalidate", 'name="_toggle"', 'lang="cy"'):
        assert part in toggle
    assert '<form id="page-form"' in response.content.decode()


def test_it_keeps_what_was_typed_checks_nothing_and_saves_nothing(pages, client):
    response = client.post("/cy/notes/", TYPED)
    page = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="cy"' in page
    assert 'value="Élin &lt;b&gt;"' in page
    assert 'value="31 June 2027"' in page
    assert re.search(r'value="g"[^>]*checked', page)
    assert not re.search(r'name="agree"[^>]*checked', page)
    assert "error" not in page.lower()
    assert "Gwall" not in page
    assert NoteView.saved == []


def test_passwords_and_codes_do_not_come_back(pages, client):
    page = client.post("/cy/notes/", TYPED).content.decode()
    assert "hush" not in page
    assert "123456" not in page


def test_and_back_again(pages, client):
    page = client.post("/notes/", {**TYPED, "_toggle": "en"}).content.decode()
    assert '<html lang="en"' in page
    assert 'value="31 June 2027"' in page


def test_formsets_keep_their_values_too(pages, client):
    typed = {
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-text": "far too long",
        "lines-1-text": "two",
    }
    page = client.post("/cy/lines/", {**TYPED, **typed}).content.decode()
    assert 'value="far too long"' in page
    assert 'value="two"' in page
    assert 'value="kept"' in page  # a form that was not sent stays as it was
    assert "error" not in page.lower()


def test_a_page_that_is_refused_stays_refused(pages, client_as, nobody):
    assert client_as(nobody).post("/cy/shelf/locked/", {"_toggle": "cy"}).status_code == 403
    assert client_as(nobody).post("/cy/shelf/hidden/", {"_toggle": "cy"}).status_code == 404
    assert Client().post("/cy/shelf/open/", {"_toggle": "cy"}).status_code == 302


def test_it_needs_the_token_like_any_post(pages):
    response = Client(enforce_csrf_checks=True).post("/cy/notes/", TYPED)
    assert response.status_code == 403
    assert "Anfonwch hynny eto" in response.content.decode()


def test_the_sign_in_page_keeps_the_address_and_sends_nothing(db, client, manager):
    response = client.post("/cy/sign-in/", {"email": manager.email, "next": "/cy/home/", "_toggle": "cy"})
    page = response.content.decode()
    assert response.status_code == 200
    assert f'value="{manager.email}"' in page
    assert "/cy/home/" in page
    assert "govuk-error-summary" not in page
    assert mail.outbox == []


@pytest.mark.parametrize("tries", [30])
def test_it_counts_for_no_limit(db, client, tries):
    """Sign-in tries are limited; looking at the page in two languages is no try."""
    for _unused in range(tries):
        assert client.post("/cy/sign-in/", {"email": "a@qarth.example", "_toggle": "cy"}).status_code == 200
