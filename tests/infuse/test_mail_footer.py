"""The foot of every mail: how to choose a language, and the funder while they are to be named."""

from datetime import date

import pytest

from messaging.mail import Mail, Recipient
from messaging.preferences import stop_token
from messaging.render import words_of
from tests.factories.cohorts import ProgrammeFactory

pytestmark = pytest.mark.django_db

LAST_DAY = date(2023, 12, 31)


@pytest.fixture
def words():
    """The bodies of a mail of that day: `words(day)["cy"]`."""
    context = {"name": "Siân", "address": "sian@qarth.example"}

    def of(day, shared=None):
        to = Recipient("sian@qarth.example", "Siân", "")
        mail = Mail("k", "k", to, "people/emails/address_added", due_on=day, context=context)
        return {language: part["body"] for language, part in words_of(mail, shared).items()}

    return of


def test_the_foot_says_where_to_choose_a_language(words):
    bodies = words(LAST_DAY)
    assert "http://testserver/account/language/" in bodies["en"]
    assert "http://testserver/cy/account/language/" in bodies["cy"]
    assert "sian@qarth.example" in bodies["cy"]


def test_the_funder_is_named_up_to_the_last_day_and_not_after(words):
    ProgrammeFactory(funder_en="Qarth Fund & Co", funder_cy="Cronfa Qarth", funder_ends_on=LAST_DAY)
    on_time, after = words(LAST_DAY), words(date(2024, 1, 1))
    assert "Funded by: Qarth Fund & Co" in on_time["en"]
    assert "Cyllidwr: Cronfa Qarth" in on_time["cy"]
    assert "Funded by" not in after["en"]
    assert "Cyllidwr" not in after["cy"]


def test_a_batch_asks_for_the_programme_once(words, django_assert_num_queries):
    ProgrammeFactory()
    shared = {}
    with django_assert_num_queries(1):
        for _mail in range(5):
            words(LAST_DAY, shared)


@pytest.mark.parametrize("reference", ["ref1", ""])
def test_a_service_message_says_that_it_is_one_and_why_it_cannot_be_declined(reference):
    to = Recipient("sian@qarth.example", "Siân", "", reference)
    context = {"name": "Siân", "address": "sian@qarth.example"}
    mail = Mail("k", "address-added", to, "people/emails/address_added", due_on=LAST_DAY, context=context)
    words = words_of(mail)
    assert "This is a service message" in words["en"]["body"]
    assert "It cannot be declined." in words["en"]["body"]
    assert "Neges gwasanaeth yw hon" in words["cy"]["body"]
    assert "/messages/stop/" not in words["en"]["body"]
    # Whoever has no account has nothing to choose there.
    assert ("/account/messages/" in words["en"]["body"]) == bool(reference)


def test_mails_that_are_alike_lead_each_reader_to_their_own_page():
    context, shared = {"name": "Siân", "address": "sian@qarth.example"}, {}
    for reference in ("ref1", "ref2"):
        to = Recipient(f"{reference}@qarth.example", reference, "en", reference)
        mail = Mail(
            "k", "phase-starts", to, "people/emails/address_added", due_on=LAST_DAY, context=context, alike="all"
        )
        body = words_of(mail, shared)["en"]["body"]
        assert f"/messages/stop/{stop_token(reference, 'phase-starts')}/" in body
        assert f"sent to {reference}@qarth.example" in body


def test_each_kind_of_a_batch_has_its_own_foot():
    to, shared = Recipient("sian@qarth.example", "Siân", "en", "ref1"), {}
    context = {"name": "Siân", "address": "sian@qarth.example"}
    bodies = [
        words_of(Mail("k", kind, to, "people/emails/address_added", due_on=LAST_DAY, context=context), shared)["en"][
            "body"
        ]
        for kind in ("address-added", "phase-starts")
    ]
    assert ["service message" in body for body in bodies] == [True, False]
    assert ["/messages/stop/" in body for body in bodies] == [False, True]
