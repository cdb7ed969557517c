"""The programme team's pages about messages."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from correspondence.kinds import KINDS
from people.emails import ACCOUNT_LETTERS
from tests.factories.cohorts import CohortFactory
from tests.factories.messaging import MessageFactory

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def read(client_as, manager):
    """The text of the list as the manager reads it: `read(state="held")`."""
    client = client_as(manager)
    return lambda welsh=False, **asked: client.get(("/cy" if welsh else "") + "/messages/", asked).content.decode()


def subjects(html):
    return re.findall(r'<span lang="\w+">(.*?)</span>', html)


def message(subject, **more):
    words = {"cy": {"subject": f"Pwnc {subject}", "body": "Corff"}, "en": {"subject": subject, "body": "Body"}}
    return MessageFactory(**{"words": words, "state": "sent", **more})


def test_every_kind_that_is_sent_has_a_name():
    used = {letter.kind for letter in ACCOUNT_LETTERS.values()}
    for path in ROOT.glob("*/emails.py"):
        used |= set(re.findall(r'kind="([\w-]+)"', path.read_text(encoding="utf-8")))
    assert used
    assert used - set(KINDS) == set()


def test_the_newest_stand_first(read):
    for name in ("One", "Two", "Three"):
        message(name)
    assert subjects(read()) == ["Three", "Two", "One"]
    assert subjects(read(welsh=True)) == ["Pwnc Three", "Pwnc Two", "Pwnc One"]


def test_what_somebody_should_look_at_stands_above_everything(read):
    message("Failed", state="failed", state_reason="refused")
    message("Uncertain", state="uncertain", state_reason="no_answer")
    message("Held", state="held", state_reason="late")
    message("Fine")
    html = read()
    assert subjects(html)[:3] == ["Uncertain", "Held", "Failed"]
    assert "The mail server took the words and did not answer." in html
    assert 'href="?state=uncertain"' in html
    assert subjects(read(state="held")) == ["Held"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "cancelled"}, ["Cancelled"]),
        ({"kind": "phase-starts"}, ["Phase"]),
        ({"cohort": "five"}, ["Phase"]),
        ({"person": "ref1"}, ["Theirs"]),
        ({"q": "GWEN@"}, ["By address"]),
        ({"q": "siôn"}, ["By name"]),
        ({"q": "nobody"}, []),
    ],
)
def test_the_list_can_be_narrowed(read, asked, found):
    CohortFactory(slug="five")
    message("Cancelled", state="cancelled")
    message("Phase", kind="phase-starts", about="cohorts.cohort:five")
    message("Theirs", person="ref1")
    message("By address", address="gwen@zhill.example")
    message("By name", name="Siôn Qwyll")
    assert subjects(read(**asked)) == found


def test_a_subject_says_which_language_it_is_in(read):
    MessageFactory(words={"cy": {"subject": "Dim ond Cymraeg", "body": "C"}}, state="sent")
    assert '<span lang="cy">Dim ond Cymraeg</span>' in read()


def test_the_number_of_queries_does_not_depend_on_the_number_of_messages(client_as, manager):
    client = client_as(manager)
    counts = []
    for _more in range(2):
        for _n in range(3):
            message("S", state="uncertain")
            message("S", person=manager.reference)
        client.get("/messages/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/messages/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def page(client_as, person, row, language=""):
    return client_as(person).get(language + reverse("correspondence:message-detail", args=[row.pk]))


def test_a_message_shows_its_words_each_in_its_language(client_as, manager):
    row = message("Hello there", languages="cy+en")
    html = page(client_as, manager, row).content.decode()
    assert re.search(r'<section[^>]*lang="cy">.*Pwnc Hello there', html, re.S)
    assert re.search(r'<section[^>]*lang="en">.*Hello there', html, re.S)


@pytest.mark.parametrize("state", ["queued", "sent"])
def test_secret_words_are_never_shown(client_as, manager, state):
    """Somebody who could read another's code could sign in as them."""
    words = {"en": {"subject": "QX7-345 is your code", "body": "QX7-345"}}
    row = MessageFactory(words=words, secret=True, state=state)
    for html in (page(client_as, manager, row).content.decode(), client_as(manager).get("/messages/").content.decode()):
        assert "QX7-345" not in html
    assert "for the recipient alone" in page(client_as, manager, row).content.decode()


def test_what_went_wrong_is_said_with_what_can_be_done(client_as, manager):
    row = message("Hello", state="failed", state_reason="refused", last_error="550 no such user")
    html = page(client_as, manager, row).content.decode()
    assert "The mail server refused it for good." in html
    assert "550 no such user" in html
    assert "Check the address" in html


@pytest.mark.parametrize("role", ["associate", "coordinator", "coach", "lab_lead", "auditor", "nobody"])
def test_the_pages_are_for_the_programme_team(client_as, person_as, role):
    row = message("Hello")
    client = client_as(person_as(role))
    assert client.get("/messages/").status_code == 403
    # Nobody else learns which messages there are.
    for pk in (row.pk, row.pk + 1000):
        assert client.get(reverse("correspondence:message-detail", args=[pk])).status_code == 403


def test_a_message_that_is_not_there_is_not_found(client_as, manager):
    assert client_as(manager).get("/messages/999999/").status_code == 404


def test_the_filter_offers_the_newest_cohorts_and_the_one_that_was_asked_for(read):
    cohorts = [CohortFactory() for _unused in range(27)]
    old = f'value="{cohorts[0].slug}"'
    assert old not in read()
    assert old in read(cohort=cohorts[0].slug)
