"""Wording a text: both languages side by side, as a chosen person would read it, saved or refused."""

import re

import pytest

from messaging.models import Wording
from messaging.wordings import file_words
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import WordingFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/cohorts/five/messages/phase-starts/wording/"


@pytest.fixture
def cohort(today):
    made = CohortFactory(slug="five", status="running")
    for name in ("Anest Qyfaill", "Bryn Qwyll"):
        AssociateFactory(cohort=made, status="active", person__name=name)
    return made


def typed(**more):
    body = "Bore da [name]\n[link to the journey]\n[why you get this]"
    welsh = "Shwmae [enw]\n[dolen i’r daith]\n[pam rydych yn cael hon]"
    return {"subject_en": "Now [phase]", "body_en": body, "subject_cy": "Nawr [cyfnod]", "body_cy": welsh, **more}


def test_the_page_starts_from_the_file_in_words_that_people_know(client_as, manager, cohort):
    html = client_as(manager).get(ADDRESS).content.decode()
    assert "Hello [name]" in html
    assert "Helo [enw]" in html
    assert "{{" not in html
    assert re.search(r'<textarea[^>]*name="body_cy"[^>]*lang="cy"', html)
    # The preview needs no press of a button.
    assert "Hello Anest Qyfaill" in html
    assert "Helo Anest Qyfaill" in html


def test_a_preview_is_for_the_chosen_person_and_saves_nothing(client_as, manager, cohort):
    html = client_as(manager).post(ADDRESS, typed(preview="1", person="1")).content.decode()
    assert "Bore da Bryn Qwyll" in html
    assert "Shwmae Bryn Qwyll" in html
    assert "Now Experiment" in html
    assert not Wording.objects.exists()


def test_no_preview_shows_the_link_by_which_a_person_stops_messages(client_as, manager, cohort):
    assert "/messages/stop/" not in client_as(manager).get(ADDRESS).content.decode()


def test_saved_it_is_kept_by_the_names_of_the_file_and_shown_on_the_list(client_as, manager, cohort):
    client = client_as(manager)
    assert client.post(ADDRESS, typed()).status_code == 302
    row = Wording.objects.get()
    assert row.subject_cy == "Nawr [phase.get_kind_display]"
    assert row.is_used
    assert "These words are used in this cohort." in client.get(ADDRESS).content.decode()
    assert "Worded here" in client.get("/cohorts/five/messages/rules/").content.decode()


def test_what_is_not_used_says_so(client_as, manager, cohort):
    client = client_as(manager)
    subject, body = file_words("cohorts/emails/phase_starts", "cy")
    client.post(ADDRESS, typed(subject_cy=subject, body_cy=body))
    html = client.get(ADDRESS).content.decode()
    assert "the Welsh is older than the English" in html
    client.post(ADDRESS, typed(subject_cy="", body_cy=""))
    assert "a language is missing" in client.get(ADDRESS).content.decode()


def test_words_that_ask_for_what_the_file_no_longer_has_say_so(client_as, manager, cohort):
    WordingFactory(scope="cohorts.cohort:five", body_en="Hello [phase.gone]")
    assert "no longer fills in" in client_as(manager).get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hello [password]", "This text cannot fill in “[password]”."),
        ("[link to the journey]", "“[why you get this]” must stay in the text."),
    ],
)
def test_a_text_that_cannot_be_is_refused_with_a_sentence_and_what_was_typed(client_as, manager, cohort, text, reason):
    html = client_as(manager).post(ADDRESS, typed(body_en=text)).content.decode()
    assert reason in html
    assert text in html
    assert not Wording.objects.exists()


def test_the_file_s_words_come_back(client_as, manager, cohort):
    client = client_as(manager)
    client.post(ADDRESS, typed())
    client.post("/cohorts/five/messages/phase-starts/wording/drop/?text=phase_starts")
    assert not Wording.objects.exists()
    assert client.get("/cohorts/five/messages/phase-starts/wording/drop/").status_code == 404


def test_a_kind_with_several_texts_has_a_page_for_each(client_as, manager, cohort):
    html = client_as(manager).get("/cohorts/five/messages/decision-released/wording/").content.decode()
    assert html.count("?text=decision_") >= 4
    other = client_as(manager).get("/cohorts/five/messages/decision-released/wording/?text=decision_reserve")
    assert "You are on the reserve list" in other.content.decode()


@pytest.mark.parametrize("kind", ["nothing", "sign-in-code", "announcement"])
def test_a_kind_without_such_texts_is_not_found(client_as, manager, cohort, kind):
    assert client_as(manager).get(f"/cohorts/five/messages/{kind}/wording/").status_code == 404


def test_without_anybody_to_read_it_the_page_says_so(client_as, manager, today):
    CohortFactory(slug="five")
    assert "there is nobody to show it for" in client_as(manager).get(ADDRESS).content.decode()
