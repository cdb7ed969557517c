"""GOV.UK Notify: what its answers mean, over real sockets, and the last byte."""

import base64
import hashlib
import hmac
import json
import time

import pytest

from messaging.email_url import read_email_url
from messaging.transports import Meaning, ServerAwayError, notify, open_transport
from tests.messaging.conftest import a_letter
from tests.messaging.transports.scripted_provider import DROP, WAIT, ScriptedProvider

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
URL = f"notify://infuse-live-{SERVICE}-{SECRET}@{TEMPLATE}?server="


def error(status, kind, message):
    return status, {"status_code": status, "errors": [{"error": kind, "message": message}]}


@pytest.fixture
def server(settings, monkeypatch):
    """Notify's server, and settings that lead to it."""
    monkeypatch.setattr(notify, "SECONDS_FOR_THE_ANSWER", 0.5)
    with ScriptedProvider((201, {"id": "42"})) as running:
        for name, value in read_email_url(URL + running.url, seconds=1).items():
            setattr(settings, name, value)
        yield running


def send(transport, letter=None, hand_over=lambda: True):
    return transport.send(letter or a_letter(), hand_over)


def test_a_letter_is_taken_with_its_words_and_its_key(server):
    with open_transport() as transport:
        assert send(transport, a_letter(unsubscribe="https://qarth.example/stop/")).meaning == Meaning.ACCEPTED
    ((path, headers, body),) = server.asked
    assert path == "/v2/notifications/email"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "email_address": "reader.1@qarth.example",
        "template_id": TEMPLATE,
        "personalisation": {"subject": "Pwnc ŵ", "body": "Corff ŷ\n"},
        "reference": "qarth:1",
        "one_click_unsubscribe_url": "https://qarth.example/stop/",
    }


def test_it_signs_in_with_a_token_of_the_moment(server, monkeypatch):
    seen = []
    monkeypatch.setattr(notify.Notify, "_token", lambda self, real=notify.Notify._token: seen.append(real(self)) or "x")
    with open_transport() as transport:
        send(transport)
    head, said, signature = seen[0].split(".")
    expected = hmac.new(SECRET.encode(), f"{head}.{said}".encode(), hashlib.sha256).digest()
    assert signature == base64.urlsafe_b64encode(expected).decode().rstrip("=")
    claims = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    assert claims["iss"] == SERVICE
    assert abs(claims["iat"] - time.time()) < 5
    assert server.asked[0][1]["authorization"] == "bearer x"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (error(400, "ValidationError", "email_address Not a valid email address"), Meaning.BAD_ADDRESS),
        (error(400, "BadRequestError", "Content for template has too many characters"), Meaning.REFUSED),
        (error(413, "BadRequestError", "Your message is too long"), Meaning.REFUSED),
        (error(500, "Exception", "Internal server error"), Meaning.LATER),
        ((502, b"<html>"), Meaning.UNKNOWN),
        (DROP, Meaning.UNKNOWN),
        (WAIT, Meaning.UNKNOWN),
    ],
)
def test_what_an_answer_means_and_the_next_letter_goes(server, answer, meaning):
    server.answers = [answer]
    with open_transport() as transport:
        assert send(transport).meaning == meaning
        assert send(transport).meaning == Meaning.ACCEPTED


@pytest.mark.parametrize(
    "answer",
    [
        error(429, "TooManyRequestsError", "Exceeded send limits (50) for today"),
        error(403, "AuthError", "Invalid token: API key not found"),
        error(400, "BadRequestError", "Can't send to this recipient using a team-only API key"),
        error(400, "BadRequestError", "Missing personalisation: body"),
        error(503, "Exception", "closed"),
    ],
)
def test_what_is_about_the_service_and_no_mail_stops_the_rest(server, answer):
    server.answers = [answer]
    with open_transport() as transport:
        assert send(transport).meaning == Meaning.LATER
        with pytest.raises(ServerAwayError):
            send(transport)
    assert len(server.asked) == 1


def test_the_hand_over_comes_before_the_last_byte(server):
    seen = []
    with open_transport() as transport:
        send(transport, hand_over=lambda: time.sleep(0.2) or seen.append(len(server.asked)) or True)
    assert (seen, len(server.asked)) == ([0], 1)


def test_taken_back_at_the_last_moment_nothing_can_be_read(server):
    with open_transport() as transport:
        assert send(transport, hand_over=lambda: False).meaning == Meaning.TAKEN_BACK
        assert send(transport).meaning == Meaning.ACCEPTED
    assert len(server.asked) == 1


def test_several_letters_go_over_one_connection_until_it_is_closed(server):
    with open_transport() as transport:
        assert [send(transport).meaning for _n in range(3)] == [Meaning.ACCEPTED] * 3
        assert server.connections == 1
        server.answers = [DROP]
        assert send(transport).meaning == Meaning.UNKNOWN
        assert send(transport).meaning == Meaning.ACCEPTED
    assert server.connections == 2


def test_nobody_listening_is_away(server):
    server.close()
    with pytest.raises(ServerAwayError), open_transport():
        pass
