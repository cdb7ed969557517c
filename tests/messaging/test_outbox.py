"""Writing messages down: once, with the fact, and without waiting for anybody."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from messaging import outbox
from messaging.enums import MessageState
from messaging.models import Message
from messaging.render import UnwritableError
from tests.messaging.conftest import DAY, days

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudges(monkeypatch):
    """The names of the tasks that were sent."""
    sent = []
    monkeypatch.setattr(outbox.current_app, "send_task", lambda name, **_more: sent.append(name))
    return sent


def queue_and_fail(mail):
    """A verb that queues and then breaks."""
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        outbox.queue(mail)
        raise ZeroDivisionError


def test_a_row_holds_the_words_in_both_languages_and_who_it_is_for(mail, today):
    row = outbox.queue(mail(1, language="cy", reference="ref1", about="a.b:c"))
    row.refresh_from_db()
    assert (row.state, row.kind, row.due_on, row.late_after) == (MessageState.QUEUED, "qarth", DAY, DAY + days(3))
    assert (row.address, row.name, row.language, row.person) == ("reader.1@qarth.example", "Siân O'Qarth", "cy", "ref1")
    assert row.words["cy"]["subject"] == "Pwnc 1"
    assert row.words["en"]["subject"] == "Subject 1"
    assert row.about == "a.b:c"


def test_the_same_key_is_written_once(mail):
    assert outbox.queue(mail(1)) is not None
    assert outbox.queue(mail(1)) is None
    assert Message.objects.count() == 1


def test_the_message_id_depends_on_the_key_alone(mail):
    assert outbox.message_id_for("a") == outbox.message_id_for("a") != outbox.message_id_for("b")
    assert outbox.queue(mail(1)).message_id == outbox.message_id_for("qarth:1")


def test_the_row_falls_with_the_fact(mail, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queue_and_fail(mail(1))
    assert not Message.objects.exists()
    assert nudges == []


def test_a_mail_that_cannot_be_written_leaves_no_row(mail, texts, tmp_path):
    (tmp_path / "qarth.cy.txt").unlink()
    with pytest.raises(UnwritableError):
        outbox.queue(mail(1))
    with pytest.raises(UnwritableError):
        outbox.queue_many([mail(1)])
    assert not Message.objects.exists()


def test_many_are_written_once_and_counted(mail):
    assert outbox.queue_many([mail(1), mail(2), mail(2)]) == 2
    assert outbox.queue_many(mail(n) for n in range(1, 5)) == 2
    assert Message.objects.count() == 4


def test_a_batch_costs_the_same_however_many_are_in_it(mail, django_assert_num_queries):
    for count in (3, 30):
        with django_assert_num_queries(4):
            outbox.queue_many(mail(f"{count}-{n}") for n in range(count))


def test_more_than_a_batch(mail, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH", 4)
    assert outbox.queue_many(mail(n) for n in range(11)) == 11


def test_one_that_cannot_be_written_is_noted_and_the_others_are_queued(mail):
    faults = []
    assert outbox.queue_many([mail(1), mail(2, template="gone"), mail(3)], faults=faults) == 2
    assert len(faults) == 1
    assert "qarth:2" in faults[0]


def test_a_replayed_day_is_late_counted_from_now(mail, today):
    outbox.queue_many([mail(1, due_on=DAY - days(900))], replay=True)
    outbox.queue_many([mail(2, due_on=DAY - days(900))])
    replayed, caught_up = Message.objects.order_by("pk")
    assert (replayed.replay, replayed.late_after) == (True, today + days(3))
    assert (caught_up.replay, caught_up.late_after) == (False, DAY - days(897))


def test_the_worker_is_nudged_once_for_a_transaction_and_after_it(mail, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue(mail(1))
        with transaction.atomic():
            outbox.queue_many([mail(2), mail(3)])
        outbox.queue(mail(4))
        assert nudges == []
    assert nudges == ["infuse.deliver"]


def test_a_rolled_back_part_does_not_take_the_nudge_of_the_rest_with_it(
    mail, nudges, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        queue_and_fail(mail(1))
        outbox.queue(mail(2))
    assert nudges == ["infuse.deliver"]


def test_a_dead_broker_costs_nobody_a_word_and_one_caller_a_moment(
    mail, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    tried = []

    def away(name, **more):
        tried.append(more["retry"])
        raise ConnectionError("refused")

    monkeypatch.setattr(outbox.current_app, "send_task", away)
    for n in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            outbox.queue(mail(n))
    assert tried == [False]
    assert Message.objects.filter(state=MessageState.QUEUED).count() == 3
    assert "sweeper" in caplog.text


def test_the_broker_is_asked_again_after_a_while(monkeypatch, nudges):
    monkeypatch.setitem(outbox._broker, "away_until", time.monotonic() - 1)
    outbox.nudge()
    assert nudges == ["infuse.deliver"]


@pytest.mark.django_db(transaction=True)
def test_two_who_queue_the_same_key_at_once_write_one_row(mail):
    """Each in its own transaction, open at the same time: real connections."""
    one = mail(1)

    def write(_n):
        try:
            with transaction.atomic():
                row = outbox.queue(one)
                time.sleep(0.1)
            return row is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [False, False, False, True]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_queue_many_of_the_same_keys_at_once_count_them_once(mail):
    mails = [mail(n) for n in range(20)]

    def write(_n):
        try:
            return outbox.queue_many(mails)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(4))) == 20
    assert Message.objects.count() == 20
