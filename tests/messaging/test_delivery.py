"""Sending what is due, against a mail server that misbehaves."""

import itertools
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error, OperationalError, connection
from django.db.models import Q

from messaging import claims, delivery, outbox
from messaging.delivery import deliver_due
from messaging.enums import MessageState, StateReason
from messaging.mail import Recipient
from messaging.models import Message
from messaging.recheck import Checks
from messaging.render import DOTS
from tests.messaging.conftest import DAY, days
from tests.messaging.scripted_server import DROP

QUEUED, SENT, FAILED = MessageState.QUEUED, MessageState.SENT, MessageState.FAILED
UNCERTAIN, CANCELLED = MessageState.UNCERTAIN, MessageState.CANCELLED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue(mail):
    """Queues these many mails."""

    def write(count, first=1, **more):
        outbox.queue_many(mail(n, **more) for n in range(first, first + count))

    return write


@pytest.fixture
def deliver(no_checks):
    def go(today=DAY, **more):
        return deliver_due(no_checks, today=today, **more).states

    return go


@pytest.fixture
def one_sender(monkeypatch):
    monkeypatch.setattr(delivery, "SENDERS", 1)


def text_of(taken):
    """The words of a mail as plain text."""
    return taken.get_payload()[0].get_payload(decode=True).decode()


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_a_mail_goes_with_its_headers_and_words(smtp, mail, deliver):
    outbox.queue(mail(1, language=""))
    assert deliver() == Counter({SENT: 1})
    (taken,) = smtp.taken
    message = Message.objects.get()
    assert taken["Message-ID"] == message.message_id
    assert taken["Content-Language"] == "cy, en"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert "reader.1@qarth.example" in taken["To"]
    assert (message.languages, message.attempts) == ("cy+en", 1)
    assert message.sent_at is not None


def test_only_the_words_that_went_are_kept(smtp, mail, deliver):
    outbox.queue(mail(1, language="cy"))
    deliver()
    assert list(Message.objects.get().words) == ["cy"]


def test_secret_words_are_not_kept(smtp, mail, deliver):
    outbox.queue(mail(1, secret=True))
    deliver()
    assert len(smtp.taken) == 1
    assert Message.objects.get().words == {}


def test_many_go_over_one_connection_and_in_order(smtp, queue, deliver, one_sender, monkeypatch):
    monkeypatch.setattr(delivery, "CHUNK", 4)
    queue(10)
    assert deliver() == Counter({SENT: 10})
    assert smtp.connections == 1
    assert [taken["To"].split("<")[1] for taken in smtp.taken] == [f"reader.{n}@qarth.example>" for n in range(1, 11)]


def test_nothing_due_does_not_bother_the_mail_server(smtp, deliver):
    assert deliver() == Counter()
    assert smtp.connections == 0


def test_one_refusal_stops_nobody_else(smtp, queue, deliver):
    smtp.answers["RCPT"] = ["250 ok", "550 no such person", "250 ok"]
    queue(3)
    assert deliver() == Counter({SENT: 2, FAILED: 1})
    refused = Message.objects.get(state=FAILED)
    assert (refused.state_reason, refused.last_error) == (StateReason.ADDRESS, "550 no such person")


def test_put_off_is_tried_again_later_and_not_now(smtp, queue, deliver):
    smtp.answers["RCPT"] = ["450 greylisted"]
    queue(2)
    assert deliver() == Counter({QUEUED: 1, SENT: 1})
    assert deliver() == Counter()
    Message.objects.update(next_attempt_at="2020-01-01T00:00Z")
    assert deliver() == Counter({SENT: 1})
    assert Message.objects.order_by("pk").first().attempts == 2


def test_no_answer_after_the_last_dot_is_uncertain_and_never_sent_again(smtp, queue, deliver):
    smtp.answers["DOT"] = [DROP]
    queue(2)
    assert deliver() == Counter({UNCERTAIN: 1, SENT: 1})
    assert deliver() == Counter()
    assert states() == [UNCERTAIN, SENT]


def test_a_mail_server_that_is_away_leaves_everything_queued(smtp, queue, deliver, no_checks):
    smtp.answers["CONNECT"] = ["554 closed"]
    queue(3)
    done = deliver_due(no_checks, today=DAY)
    assert (done.states, done.server_away) == (Counter(), True)
    assert states() == [QUEUED] * 3
    assert Message.objects.filter(attempts=0).count() == 3
    assert deliver() == Counter({SENT: 3})


def test_a_mail_server_that_stops_wanting_us_keeps_what_it_took(smtp, queue, deliver):
    smtp.answers["MAIL"] = ["250 ok", "451 too many"]
    queue(3)
    assert deliver() == Counter({SENT: 1})
    assert states() == [SENT, QUEUED, QUEUED]


@pytest.mark.parametrize("address", ["siôn@qarth.example", "no at all", "a@b@c d", "x\n@qarth.example"])
def test_an_address_that_cannot_be_written_to_stops_nobody_else(smtp, queue, mail, deliver, address):
    outbox.queue(mail("odd", address=address))
    queue(1)
    assert deliver()[SENT] >= 1
    odd = Message.objects.get(key="qarth:odd")
    assert odd.state == FAILED
    assert odd.state_reason in (StateReason.UNWRITABLE, StateReason.REFUSED)


def test_an_inactive_person_gets_nothing(smtp, queue, mail):
    outbox.queue(mail("gone", reference="gone"))
    queue(1, reference="here")
    checks = Checks((), lambda _people: {"here": Recipient("", "", "en", "here")})
    assert deliver_due(checks, today=DAY).states == Counter({CANCELLED: 1, SENT: 1})
    assert Message.objects.get(key="qarth:gone").state_reason == StateReason.INACTIVE


def test_a_reminder_that_is_no_longer_true_is_cancelled(smtp, mail, source_of):
    outbox.queue_many([mail(1, reference="a"), mail(2, reference="a")])
    checks = Checks((source_of(mail(2, reference="a")),), lambda people: dict.fromkeys(people))
    assert deliver_due(checks, today=DAY).states == Counter({CANCELLED: 1, SENT: 1})
    assert Message.objects.get(key="qarth:1").state_reason == StateReason.NOT_TRUE


def test_what_is_late_is_held_and_not_sent(smtp, queue, deliver):
    queue(2)
    assert deliver(today=DAY + days(4)) == Counter({MessageState.HELD: 2})
    assert smtp.taken == []
    assert deliver() == Counter()


def test_an_old_day_that_is_replayed_goes(smtp, mail, deliver, today):
    outbox.queue_many([mail(1, due_on=DAY - days(2000))], replay=True)
    assert deliver(today) == Counter({SENT: 1})


def test_only_some(smtp, queue, deliver):
    queue(3)
    assert deliver(only=Q(key="qarth:2")) == Counter({SENT: 1})
    assert states() == [QUEUED, SENT, QUEUED]


def test_time_runs_out_between_two_chunks(smtp, queue, no_checks, one_sender, monkeypatch):
    monkeypatch.setattr(delivery, "CHUNK", 2)
    queue(5)
    done = deliver_due(no_checks, today=DAY, seconds=0)
    assert (done.states, done.out_of_time) == (Counter({SENT: 2}), True)
    assert states() == [SENT, SENT, QUEUED, QUEUED, QUEUED]


def test_a_check_that_has_become_old_is_made_again(smtp, queue, mail, source_of, monkeypatch):
    monkeypatch.setattr(delivery, "SECONDS_A_CHECK_HOLDS", 0.0)
    asked = []
    queue(3, reference="a")
    source = source_of(*(mail(n, reference="a") for n in range(1, 4)))
    checks = Checks((source,), lambda people: asked.append(people) or dict.fromkeys(people))
    ticks = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks) / 10)
    assert deliver_due(checks, today=DAY, seconds=5).states == Counter({})
    assert len(asked) > 3


def test_a_language_chosen_after_queueing_is_used(smtp, mail):
    outbox.queue(mail(1, language="", reference="a"))
    deliver_due(Checks((), lambda _people: {"a": Recipient("", "", "cy", "a")}), today=DAY)
    assert smtp.taken[0]["Content-Language"] == "cy"


def test_a_message_taken_away_at_the_last_moment_is_not_sent(smtp, queue, deliver):
    """A sender whose claim was given to another must not send, even with the mail half said."""
    queue(1)
    smtp.before["DATA"] = lambda: taken_by_another()

    def taken_by_another():
        smtp.before.clear()
        Message.objects.update(claim=99)
        connection.close()

    deliver()
    assert smtp.taken == []


def test_a_database_that_goes_away_after_the_mail_was_taken_is_waited_for(smtp, queue, deliver, monkeypatch):
    monkeypatch.setattr(delivery, "PAUSES_BEFORE_RECORDING_AGAIN", (0.01, 0.01))
    real, broken = claims.settle, [OperationalError("restarting"), OperationalError("restarting")]

    def settle(*args, **more):
        if broken:
            raise broken.pop()
        return real(*args, **more)

    monkeypatch.setattr(claims, "settle", settle)
    queue(1)
    assert deliver() == Counter({SENT: 1})
    assert len(smtp.taken) == 1


def test_what_was_taken_and_could_not_be_recorded_is_uncertain_and_not_sent_again(smtp, queue, deliver, monkeypatch):
    monkeypatch.setattr(delivery, "PAUSES_BEFORE_RECORDING_AGAIN", (0.01,))

    def gone(*_args, **_more):
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(claims, "settle", gone)
        queue(2)
        with pytest.raises(Error):
            deliver()
    assert len(smtp.taken) == 1
    assert deliver() == Counter({UNCERTAIN: 1, SENT: 1})
    assert len(smtp.taken) == 2
    assert states() == [UNCERTAIN, SENT]


def test_a_fault_before_the_hand_over_leaves_everything_queued(smtp, queue, deliver, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(claims, "hand_over", lambda *_args, **_more: 1 / 0)
        queue(3)
        with pytest.raises(ZeroDivisionError):
            deliver()
    assert states() == [QUEUED] * 3
    assert deliver() == Counter({SENT: 3})


def test_a_letter_that_cannot_be_put_together_waits_and_stops_nobody_else(smtp, queue, deliver, monkeypatch):
    real = delivery.letter_for

    def broken(message, *args):
        return 1 / 0 if message.key == "qarth:2" else real(message, *args)

    monkeypatch.setattr(delivery, "letter_for", broken)
    queue(3)
    assert deliver() == Counter({SENT: 2, QUEUED: 1})
    waiting = Message.objects.get(key="qarth:2")
    assert (waiting.state_reason, waiting.attempts) == (StateReason.CHECK_FAILED, 1)
    assert "ZeroDivisionError" in waiting.last_error


def test_four_workers_at_once_send_each_message_once(smtp, queue, no_checks, monkeypatch):
    monkeypatch.setattr(delivery, "CHUNK", 3)
    queue(60)

    def work(_n):
        try:
            return deliver_due(no_checks, today=DAY).states[SENT]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 60
    assert len({taken["Message-ID"] for taken in smtp.taken}) == len(smtp.taken) == 60


def test_every_change_of_state_is_in_the_table(smtp, queue, mail, deliver, monkeypatch):
    """The database notes each change while everything above is played once more."""
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMP TABLE seen (was text, became text);
            CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.state <> NEW.state THEN INSERT INTO seen VALUES (OLD.state, NEW.state); END IF; RETURN NEW;
            END $$;
            CREATE TRIGGER noted AFTER UPDATE ON messaging_message FOR EACH ROW EXECUTE FUNCTION pg_temp.note()"""
        )
        try:
            smtp.answers["RCPT"] = ["550 no", "450 later"]
            smtp.answers["DOT"] = [DROP]
            queue(5)
            outbox.queue(mail("late", due_on=DAY - days(9)))
            deliver()
            cursor.execute("SELECT DISTINCT was, became FROM seen")
            seen = set(cursor.fetchall())
        finally:
            cursor.execute("DROP TRIGGER noted ON messaging_message; DROP TABLE seen")
    assert len(seen) >= 6
    table = MessageState.moves()
    assert [step for step in seen if MessageState(step[1]) not in table[MessageState(step[0])]] == []


def test_a_secret_word_goes_and_is_not_kept(smtp, mail, texts, deliver):
    texts("carrier", cy="Subject: Dolen\n\nhttps://q/{{ n }}/\n", en="Subject: Link\n\nhttps://q/{{ n }}/\n")
    outbox.queue(mail(1, language="", template="carrier", context={"n": "qsecretq"}, secret_word="qsecretq"))
    waiting = Message.objects.get()
    assert (waiting.secret_word, "qsecretq" in str(waiting.words)) == ("qsecretq", False)
    assert deliver() == Counter({SENT: 1})
    (taken,) = smtp.taken
    body = text_of(taken)
    assert body.count("https://q/qsecretq/") == 2
    message = Message.objects.get()
    assert message.secret_word == ""
    assert message.words["en"]["body"].startswith(f"https://q/{DOTS}/")


def test_words_whose_secret_word_was_wiped_do_not_go(smtp, mail, texts, deliver):
    texts("carrier", cy="Subject: Dolen\n\nhttps://q/{{ n }}/\n", en="Subject: Link\n\nhttps://q/{{ n }}/\n")
    outbox.queue(mail(1, template="carrier", context={"n": "qsecretq"}, secret_word="qsecretq"))
    Message.objects.update(secret_word="")
    assert deliver() == Counter({CANCELLED: 1})
    assert not smtp.taken
    assert Message.objects.get().state_reason == StateReason.EXPIRED


def test_the_secret_word_of_a_reminder_is_that_of_today(smtp, mail, texts, source_of, deliver):
    texts("carrier", cy="Subject: Dolen\n\nhttps://q/{{ n }}/\n", en="Subject: Link\n\nhttps://q/{{ n }}/\n")
    outbox.queue(mail(1, template="carrier", context={"n": "qoldq"}, secret_word="qoldq"))
    fresh = mail(1, template="carrier", context={"n": "qnewq"}, secret_word="qnewq")
    deliver_due(Checks((source_of(fresh),), dict.fromkeys), today=DAY)
    (taken,) = smtp.taken
    assert "https://q/qnewq/" in text_of(taken)
    assert "qnewq" not in str(Message.objects.values())
