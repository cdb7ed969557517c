"""The states of a queued message: who may change what, and what the dead leave behind."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from messaging import claims
from messaging.enums import MessageState, StateReason
from messaging.models import Message
from tests.factories.messaging import MessageFactory
from tests.messaging.conftest import DAY, days

QUEUED, SENDING, SENT = MessageState.QUEUED, MessageState.SENDING, MessageState.SENT
UNCERTAIN, HELD, FAILED = MessageState.UNCERTAIN, MessageState.HELD, MessageState.FAILED
WORDS = {"cy": {"subject": "P", "body": "C"}, "en": {"subject": "S", "body": "B"}}

pytestmark = pytest.mark.django_db


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def handed_over(message, mine):
    return claims.hand_over(message, mine, words=WORDS, languages=("cy",))


def test_a_claim_takes_the_oldest_and_secret_words_first():
    first, _second, secret = MessageFactory(), MessageFactory(), MessageFactory(secret=True)
    assert [row.pk for row in claims.claim(7, 2)] == [secret.pk, first.pk]
    assert states() == [SENDING, QUEUED, SENDING]


def test_what_is_not_due_yet_is_not_taken():
    MessageFactory(next_attempt_at=Now() + days(1))
    assert claims.claim(7, 5) == []


@pytest.mark.parametrize("state", [state for state in MessageState if state != QUEUED])
def test_only_queued_messages_are_taken(state):
    MessageFactory(state=state)
    assert claims.claim(7, 5) == []


def test_a_hand_over_keeps_the_words_and_the_address_that_go(django_assert_num_queries):
    MessageFactory()
    (message,) = claims.claim(7, 1)
    message.address = "new@qarth.example"
    assert handed_over(message, 7)
    message.refresh_from_db()
    assert (message.words, message.languages, message.address) == ({"cy": WORDS["cy"]}, "cy", "new@qarth.example")
    assert message.handed_over_at is not None


def test_what_was_taken_away_cannot_be_handed_over():
    MessageFactory()
    (message,) = claims.claim(7, 1)
    claims.give_back([message], 7)
    assert not handed_over(message, 7)
    claims.claim(8, 1)
    assert not handed_over(message, 7)


def test_what_was_handed_over_is_never_given_back():
    MessageFactory()
    (message,) = claims.claim(7, 1)
    handed_over(message, 7)
    assert claims.give_back([message], 7) == 0
    assert states() == [SENDING]


def test_the_database_refuses_a_queued_message_that_was_handed_over():
    message = MessageFactory(state=UNCERTAIN)
    with pytest.raises(IntegrityError, match="a_waiting_message_was_never_handed_over"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state=QUEUED)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "lost"}, "message_state_is_known"),
        ({"state_reason": "because"}, "message_reason_is_known"),
        ({"state": SENT, "handed_over_at": Now()}, "only_a_sent_message_has_its_moment"),
        ({"sent_at": Now()}, "only_a_sent_message_has_its_moment"),
        ({"state": SENDING}, "a_message_being_sent_has_its_claim"),
        ({"state": UNCERTAIN}, "a_sent_message_was_handed_over"),
        ({"state": HELD, "handed_over_at": Now()}, "a_waiting_message_was_never_handed_over"),
    ],
)
def test_the_database_refuses_nonsense(values, constraint):
    message = MessageFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**values)


def test_put_off_waits_longer_each_time_and_then_fails():
    message = MessageFactory()
    waits = []
    for _try in claims.TRY_AGAIN_AFTER:
        Message.objects.update(next_attempt_at=Now())
        (message,) = claims.claim(7, 1)
        before = Message.objects.values_list(Now(), flat=True).get()
        assert claims.put_off(message, 7, reason=StateReason.PUT_OFF, error="451 later") == QUEUED
        message.refresh_from_db()
        waits.append((message.next_attempt_at - before).total_seconds() / 60)
    assert waits == sorted(waits)
    assert all(
        0.79 * minutes < wait < 1.21 * minutes for minutes, wait in zip(claims.TRY_AGAIN_AFTER, waits, strict=True)
    )
    Message.objects.update(next_attempt_at=Now())
    (message,) = claims.claim(7, 1)
    assert claims.put_off(message, 7, reason=StateReason.PUT_OFF, error="451 later") == FAILED
    message.refresh_from_db()
    assert (message.state_reason, message.last_error) == (StateReason.GAVE_UP, "451 later")


def test_the_time_after_which_it_is_given_up_is_said():
    assert round(sum(claims.TRY_AGAIN_AFTER) / 60) == 27
    for reason in (StateReason.PUT_OFF, StateReason.CHECK_FAILED, StateReason.GAVE_UP, StateReason.UNCHECKED):
        assert "27 hours" in reason.label


def test_who_gave_up_is_said():
    """A check that kept breaking is not the mail server's fault."""
    MessageFactory(attempts=len(claims.TRY_AGAIN_AFTER))
    (message,) = claims.claim(7, 1)
    claims.put_off(message, 7, reason=StateReason.CHECK_FAILED, error="KeyError")
    message.refresh_from_db()
    assert (message.state, message.state_reason) == (FAILED, StateReason.UNCHECKED)


def test_only_the_words_that_went_stay_once_it_was_sent():
    for language, expected in (("cy", {"cy"}), ("en", {"en"}), ("", {"cy", "en"})):
        Message.objects.all().delete()
        MessageFactory()
        (message,) = claims.claim(7, 1)
        languages = (language,) if language else ("cy", "en")
        assert claims.hand_over(message, 7, words=message.words, languages=languages)
        claims.settle(message, 7, SENT)
        message.refresh_from_db()
        assert set(message.words) == expected


def test_what_is_put_off_after_the_hand_over_keeps_both_languages():
    MessageFactory()
    (message,) = claims.claim(7, 1)
    claims.hand_over(message, 7, words=message.words, languages=("cy",))
    claims.put_off(message, 7, reason=StateReason.PUT_OFF, error="451 later")
    message.refresh_from_db()
    assert set(message.words) == {"cy", "en"}


def test_what_stands_still_anew_is_shown_anew():
    MessageFactory(decided_at=Now())
    (message,) = claims.claim(7, 1)
    claims.hold_back(message, 7, reason=StateReason.ADDRESS)
    message.refresh_from_db()
    assert (message.state, message.decided_at) == (HELD, None)


def test_secret_words_are_wiped_however_it_ended():
    for state in (SENT, FAILED, UNCERTAIN, MessageState.CANCELLED):
        Message.objects.all().delete()
        MessageFactory(secret=True)
        (message,) = claims.claim(7, 1)
        handed_over(message, 7)
        claims.settle(message, 7, state)
        message.refresh_from_db()
        assert (message.state, message.words) == (state, {})


def test_what_is_past_its_late_limit_is_held_and_a_secret_cancelled():
    on_time = MessageFactory(late_after=DAY)
    late = MessageFactory(late_after=DAY - days(1))
    secret = MessageFactory(late_after=DAY - days(1), secret=True)
    assert claims.hold_late(DAY) == 1
    assert states() == [QUEUED, HELD, MessageState.CANCELLED]
    for message in (on_time, late, secret):
        message.refresh_from_db()
    assert (late.state_reason, secret.state_reason, secret.words) == (StateReason.LATE, StateReason.EXPIRED, {})


def test_what_a_dead_sender_left_goes_back_or_is_uncertain():
    MessageFactory.create_batch(3)
    rows = claims.claim(7, 3)
    handed_over(rows[0], 7)
    claims.settle(rows[0], 7, SENT)
    handed_over(rows[1], 7)
    assert claims.recover(8) == (1, 1)
    assert states() == [SENT, UNCERTAIN, QUEUED]
    assert Message.objects.get(state=UNCERTAIN).state_reason == StateReason.STOPPED


def test_a_sender_thought_dead_can_still_say_that_it_was_sent():
    MessageFactory()
    (message,) = claims.claim(7, 1)
    handed_over(message, 7)
    claims.recover(8)
    claims.settle(message, 7, SENT)
    assert states() == [SENT]


def test_nobody_else_can_say_what_became_of_it():
    MessageFactory()
    (message,) = claims.claim(7, 1)
    handed_over(message, 7)
    claims.settle(message, 8, SENT)
    assert states() == [SENDING]


def in_thread(function):
    """Run it on a connection of its own."""

    def run():
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@pytest.mark.django_db(transaction=True)
def test_a_living_sender_keeps_what_it_claimed_until_its_session_ends():
    MessageFactory()
    with claims.claimant() as mine:
        claims.claim(mine, 1)
        assert in_thread(lambda: claims.recover(8)) == (0, 0)
        assert states() == [SENDING]
    assert in_thread(lambda: claims.recover(8)) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_living_sender_that_hangs_is_given_up_on():
    MessageFactory()
    with claims.claimant() as mine:
        claims.claim(mine, 1)
        Message.objects.update(claimed_at=Now() - claims.GIVEN_UP_ON_AFTER * 2)
        assert in_thread(lambda: claims.recover(8)) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_claim_at_once_never_take_the_same_row():
    MessageFactory.create_batch(40)
    start = threading.Barrier(4)

    def take(mine):
        try:
            start.wait()
            taken = []
            while rows := claims.claim(mine, 3):
                taken += [row.pk for row in rows]
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [pk for part in pool.map(take, range(1, 5)) for pk in part]
    assert len(taken) == len(set(taken)) == 40


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_is_taking_is_left_to_it_without_waiting():
    first, second = MessageFactory(), MessageFactory()
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=first.pk)
        assert [row.pk for row in in_thread(lambda: claims.claim(7, 5))] == [second.pk]


@pytest.mark.django_db(transaction=True)
def test_a_state_is_never_changed_inside_somebody_elses_transaction():
    """It would not be committed when the mail goes, and a kill would send it again."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), claims.claimant():
        pass
