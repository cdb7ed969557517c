"""What the mail server's answers mean, step by step, over a real socket."""

import pytest

from messaging.transports import Meaning, ServerAwayError, open_transport
from messaging.transports.backend import Backend
from messaging.transports.smtp import Smtp
from tests.messaging.conftest import a_letter
from tests.messaging.scripted_server import DROP, WAIT


def send(transport, letter=None, hand_over=lambda: True):
    return transport.send(letter or a_letter(), hand_over).meaning


def test_a_mail_arrives_whole(smtp):
    body = "Llinell\n.\n..dau\n.tri\n\nŵ"
    with open_transport() as transport:
        assert isinstance(transport, Smtp)
        assert send(transport, a_letter(body=body)) == Meaning.ACCEPTED
    (taken,) = smtp.taken
    plain, _html = taken.get_payload()
    assert plain.get_payload(decode=True).decode().replace("\r\n", "\n") == body


def test_several_mails_go_over_one_connection(smtp):
    with open_transport() as transport:
        assert [send(transport) for _n in range(3)] == [Meaning.ACCEPTED] * 3
    assert smtp.connections == 1


def test_the_hand_over_comes_after_the_body_and_before_the_final_dot(smtp):
    seen = []
    with open_transport() as transport:
        send(transport, hand_over=lambda: seen.append((list(smtp.steps), len(smtp.taken))) or True)
    ((steps, taken),) = seen
    assert (steps[-1], taken) == ("DATA", 0)
    assert smtp.steps.index("DOT") == len(steps)


@pytest.mark.parametrize(
    ("step", "answer", "meaning"),
    [
        ("RCPT", "550 nobody here", Meaning.BAD_ADDRESS),
        ("RCPT", "551 not local", Meaning.BAD_ADDRESS),
        ("RCPT", "553 no such name", Meaning.BAD_ADDRESS),
        ("RCPT", "552 mailbox full", Meaning.REFUSED),
        ("RCPT", "550 5.1.1 unknown", Meaning.BAD_ADDRESS),
        ("RCPT", "550-5.1.10 null\r\n550 5.1.10 MX", Meaning.BAD_ADDRESS),
        ("RCPT", "554 5.1.2 no such domain", Meaning.BAD_ADDRESS),
        ("RCPT", "550 5.2.1 closed", Meaning.BAD_ADDRESS),
        ("RCPT", "550 5.7.1 not from you", Meaning.REFUSED),
        ("RCPT", "550 5.1.8 your own address", Meaning.REFUSED),
        ("RCPT", "550 Relay not permitted", Meaning.REFUSED),
        ("DOT", "550 5.1.1 unknown after all", Meaning.BAD_ADDRESS),
        ("DOT", "550 spam", Meaning.REFUSED),
        ("RCPT", "450 greylisted", Meaning.LATER),
        ("DATA", "554 no", Meaning.REFUSED),
        ("DATA", "451 later", Meaning.LATER),
        ("DOT", "554 spam", Meaning.REFUSED),
        ("DOT", "452 full", Meaning.LATER),
        ("DOT", "421 closing", Meaning.LATER),
        ("RCPT", DROP, Meaning.LATER),
        ("DATA", DROP, Meaning.LATER),
        ("DATA", WAIT, Meaning.LATER),
        ("DOT", DROP, Meaning.UNKNOWN),
    ],
)
def test_what_an_answer_means_and_the_next_mail_goes(smtp, step, answer, meaning):
    smtp.answers[step] = [answer]
    with open_transport() as transport:
        assert send(transport) == meaning
        assert send(transport) == Meaning.ACCEPTED
    assert len(smtp.taken) == 1


def test_no_answer_after_the_final_dot_is_unknown(smtp, monkeypatch):
    monkeypatch.setattr("messaging.transports.smtp.SECONDS_FOR_THE_ANSWER", 0.2)
    smtp.answers["DOT"] = [WAIT]
    with open_transport() as transport:
        assert send(transport) == Meaning.UNKNOWN


def test_a_server_that_cuts_off_in_the_middle_has_nothing(smtp):
    """Cut off while the body goes: the hand-over may have been committed, but then the answer is unknown, not sent."""
    smtp.answers["BODY"] = [DROP]
    with open_transport() as transport:
        assert send(transport) in (Meaning.LATER, Meaning.UNKNOWN)
    assert smtp.taken == []


def test_a_connection_that_was_closed_while_idle_is_opened_again(smtp):
    smtp.answers["MAIL"] = ["250 ok", DROP]
    with open_transport() as transport:
        assert [send(transport), send(transport)] == [Meaning.ACCEPTED] * 2
    assert smtp.connections == 2


def test_a_server_that_has_had_enough_of_the_connection_is_called_again(smtp):
    smtp.answers["MAIL"] = ["250 ok", "421 enough"]
    with open_transport() as transport:
        assert [send(transport), send(transport)] == [Meaning.ACCEPTED] * 2


@pytest.mark.parametrize("answers", [["550 not you"], ["451 busy"], ["421 a", "421 b"], [DROP, DROP]])
def test_a_server_that_wants_nothing_from_us_is_away(smtp, answers):
    smtp.answers["MAIL"] = answers
    with pytest.raises(ServerAwayError), open_transport() as transport:
        send(transport)


@pytest.mark.parametrize("answer", ["554 no service", DROP])
def test_a_server_that_does_not_greet_is_away(smtp, answer):
    smtp.answers["CONNECT"] = [answer]
    with pytest.raises(ServerAwayError), open_transport():
        pass


def test_nobody_listening_is_away(smtp):
    smtp.close()
    with pytest.raises(ServerAwayError), open_transport():
        pass


def test_taken_back_at_the_last_moment_nothing_arrives(smtp):
    with open_transport() as transport:
        assert send(transport, hand_over=lambda: False) == Meaning.TAKEN_BACK
        assert send(transport) == Meaning.ACCEPTED
    assert len(smtp.taken) == 1


def test_a_fault_at_the_hand_over_sends_nothing(smtp):
    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), open_transport() as transport:
        send(transport, hand_over=broken)
    assert smtp.taken == []


def test_another_backend_is_used_as_it_is(mailoutbox):
    with open_transport() as transport:
        assert isinstance(transport, Backend)
        assert send(transport) == Meaning.ACCEPTED
        assert send(transport, hand_over=lambda: False) == Meaning.TAKEN_BACK
    assert len(mailoutbox) == 1


def test_a_fault_of_another_backend_leaves_it_unknown(settings):
    settings.EMAIL_BACKEND = "tests.messaging.transports.test_smtp.Broken"
    with open_transport() as transport:
        assert send(transport) == Meaning.UNKNOWN


class Broken:
    """A backend that breaks while sending."""

    def __init__(self, **_settings):
        pass

    def open(self):
        pass

    def close(self):
        pass

    def send_messages(self, _mails):
        raise RuntimeError("half way")
