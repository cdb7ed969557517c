"""Providers of mail through django-anymail: what their answers mean, over real sockets."""

import json
from urllib.parse import unquote_plus

import pytest

from messaging.email_url import read_email_url
from messaging.transports import Meaning, ServerAwayError, open_transport
from messaging.transports.provider import Provider
from tests.messaging.conftest import a_letter
from tests.messaging.transports.scripted_provider import DROP, WAIT, ScriptedProvider

# Scheme → what it says to a mail that it takes, and to an address that it does not.
POSTMARK_TAKES = {
    "ErrorCode": 0,
    "Message": "OK",
    "MessageID": "42",
    "To": "reader.1@qarth.example",
    "SubmittedAt": "x",
}
POSTMARK_REFUSES = {
    "ErrorCode": 406,
    "Message": "Found inactive addresses: reader.1@qarth.example. Inactive recipients",
}
TAKES = {
    "postmark": (200, POSTMARK_TAKES),
    "mailgun": (200, {"id": "<42@qarth.example>", "message": "Queued."}),
    "brevo": (201, {"messageId": "<42@qarth.example>"}),
}
URLS = {
    "postmark": "postmark://token?server={}",
    "mailgun": "mailgun://key@qarth.example?server={}",
    "brevo": "brevo://key?server={}",
}


@pytest.fixture(params=["postmark"])
def provider(request, settings):
    """The server of one provider, and settings that lead to it."""
    with ScriptedProvider(TAKES[request.param]) as server:
        for name, value in read_email_url(URLS[request.param].format(server.url), seconds=1).items():
            setattr(settings, name, value)
        yield server


def every_provider(test):
    return pytest.mark.parametrize("provider", list(TAKES), indirect=True)(test)


def send(transport, letter=None, hand_over=lambda: True):
    return transport.send(letter or a_letter(), hand_over)


@every_provider
def test_a_letter_is_taken_with_its_words_and_headers(provider):
    with open_transport() as transport:
        assert isinstance(transport, Provider)
        assert send(transport, a_letter(unsubscribe="https://qarth.example/stop/")).meaning == Meaning.ACCEPTED
    ((_path, _headers, body),) = provider.asked
    said = str(json.loads(body)) if body.startswith(b"{") else unquote_plus(body.decode())
    for words in ("reader.1@qarth.example", "<1@qarth.example>", "https://qarth.example/stop/", "auto-generated"):
        assert words in said
    assert "Corff ŷ" in said
    assert "<p>Corff ŷ</p>" in said


@every_provider
@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ((400, {"message": "no"}), Meaning.REFUSED),
        ((500, {"message": "our fault"}), Meaning.LATER),
        ((502, b"<html>gateway</html>"), Meaning.UNKNOWN),
        ((504, b""), Meaning.UNKNOWN),
        (DROP, Meaning.UNKNOWN),
        (WAIT, Meaning.UNKNOWN),
    ],
)
def test_what_an_answer_means_and_the_next_letter_goes(provider, answer, meaning):
    provider.answers = [answer]
    with open_transport() as transport:
        assert send(transport).meaning == meaning
        assert send(transport).meaning == Meaning.ACCEPTED
    assert len(provider.asked) == 2


@pytest.mark.parametrize("status", [401, 402, 403, 404, 429, 503])
def test_a_provider_that_wants_nothing_from_us_is_not_asked_again_at_once(provider, status):
    provider.answers = [(status, {"message": "no more for today"})]
    with open_transport() as transport:
        answer = send(transport)
        assert answer.meaning == Meaning.LATER
        assert "no more for today" in answer.text
        with pytest.raises(ServerAwayError, match="no more for today"):
            send(transport)
    assert len(provider.asked) == 1


def test_an_address_that_the_provider_does_not_write_to(provider):
    provider.answers = [(422, POSTMARK_REFUSES)]
    with open_transport() as transport:
        assert send(transport).meaning == Meaning.BAD_ADDRESS


def test_an_answer_that_nobody_can_read_leaves_it_unknown(provider):
    provider.answers = [(200, b"done, I think")]
    with open_transport() as transport:
        assert send(transport).meaning == Meaning.UNKNOWN


def test_nobody_listening_has_nothing_and_the_next_is_not_tried(provider):
    provider.close()
    with open_transport() as transport:
        assert send(transport).meaning == Meaning.LATER
        with pytest.raises(ServerAwayError):
            send(transport)


def test_taken_back_at_the_last_moment_nothing_is_asked(provider):
    with open_transport() as transport:
        assert send(transport, hand_over=lambda: False).meaning == Meaning.TAKEN_BACK
    assert provider.asked == []


def test_the_hand_over_comes_before_the_request(provider):
    seen = []
    with open_transport() as transport:
        send(transport, hand_over=lambda: seen.append(len(provider.asked)) or True)
    assert seen == [0]
