"""What people decide about messages that stand still: who may what, what becomes of them, and what is written down."""

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now

from core.models import AuditEvent
from core.verdicts import NotAllowed
from messaging import addresses, claims, decisions
from messaging.delivery import deliver_due
from messaging.enums import MessageState, StateReason
from messaging.models import BadAddress, Message
from messaging.queries import bad_addresses, needing_a_person, undecided
from messaging.recheck import Checks
from messaging.render import DOTS
from tests.factories.messaging import BadAddressFactory, MessageFactory
from tests.messaging.conftest import DAY, days

QUEUED, SENT, HELD, FAILED = MessageState.QUEUED, MessageState.SENT, MessageState.HELD, MessageState.FAILED
UNCERTAIN, CANCELLED = MessageState.UNCERTAIN, MessageState.CANCELLED

pytestmark = pytest.mark.django_db

# Decision → the states in which it may be made.
MAY = {
    decisions.may_release: {HELD},
    decisions.may_send_again: {FAILED, UNCERTAIN},
    decisions.may_set_aside: {FAILED, UNCERTAIN},
    decisions.may_mark_arrived: {UNCERTAIN},
}


def events():
    return list(AuditEvent.objects.order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize("rule", MAY)
@pytest.mark.parametrize("state", MessageState)
def test_in_which_state_what_may_be_decided(rule, state):
    verdict = rule(MessageFactory(state=state))
    assert bool(verdict) == (state in MAY[rule])
    assert verdict or str(verdict.reason)


@pytest.mark.parametrize("rule", [rule for rule in MAY if rule is not decisions.may_release])
def test_what_somebody_has_dealt_with_is_dealt_with(rule):
    assert not rule(MessageFactory(state=UNCERTAIN, decided_at=Now()))


@pytest.mark.parametrize("lost", [{"words": {}}, {"words": {"en": {"subject": "S", "body": f"https://q/{DOTS}/"}}}])
def test_what_held_a_secret_that_is_gone_is_not_sent_again(lost):
    verdict = decisions.may_send_again(MessageFactory(state=FAILED, **lost))
    assert "code or a link" in str(verdict.reason)


def test_a_released_message_waits_again_with_its_late_limit_counted_from_today(manager):
    held = MessageFactory(state=HELD, state_reason=StateReason.LATE, due_on=DAY, late_after=DAY + days(2))
    decisions.release_message(message=held, by=manager, today=DAY + days(30))
    message = Message.objects.get()
    assert (message.state, message.state_reason, message.late_after) == (QUEUED, "", DAY + days(32))
    assert claims.hold_late(DAY + days(32)) == 0
    assert claims.hold_late(DAY + days(33)) == 1
    assert events() == ["message.released"]
    # Held anew, it is shown anew.
    assert undecided().count() == 1


def test_a_message_may_be_released_to_another_address(manager):
    held = MessageFactory(state=HELD, state_reason=StateReason.ADDRESS)
    decisions.release_message(message=held, by=manager, today=DAY, address="new@qarth.example")
    assert Message.objects.get().address == "new@qarth.example"


def test_a_discarded_message_is_cancelled_without_its_secret(manager):
    held = MessageFactory(state=HELD, secret_word="abc")
    decisions.discard_message(message=held, by=manager)
    message = Message.objects.get()
    assert (message.state, message.state_reason, message.secret_word) == (CANCELLED, StateReason.DISCARDED, "")
    assert events() == ["message.discarded"]


@pytest.mark.parametrize("state", [FAILED, UNCERTAIN])
def test_sent_again_is_a_new_message_under_the_next_key(manager, state):
    first = MessageFactory(key="welcome:1", state=state, due_on=DAY, late_after=DAY + days(1))
    assert needing_a_person() == {state: 1}
    again = decisions.send_message_again(message=first, by=manager, today=DAY + days(9), address="new@qarth.example")
    assert (again.key, again.first_key, again.again_of) == ("welcome:1#2", "welcome:1", first)
    assert (again.state, again.address, again.words) == (QUEUED, "new@qarth.example", first.words)
    assert (again.due_on, again.late_after) == (DAY, DAY + days(10))
    assert again.message_id != first.message_id
    first.refresh_from_db()
    assert first.state == state
    assert needing_a_person() == {}
    assert events() == ["message.repeated"]


def test_sent_again_and_again_the_first_one_is_always_named(manager):
    first = MessageFactory(key="welcome:1", state=FAILED)
    second = decisions.send_message_again(message=first, by=manager, today=DAY)
    Message.objects.filter(pk=second.pk).update(state=FAILED)
    third = decisions.send_message_again(message=second, by=manager, today=DAY)
    assert (third.key, third.first_key, third.again_of) == ("welcome:1#3", "welcome:1", first)


def test_two_who_send_it_again_send_it_once(manager):
    first = MessageFactory(state=FAILED)
    stale = Message.objects.get()
    decisions.send_message_again(message=first, by=manager, today=DAY)
    with pytest.raises(NotAllowed):
        decisions.send_message_again(message=stale, by=manager, today=DAY)
    assert Message.objects.count() == 2


def test_the_database_refuses_a_second_repetition_with_the_same_number():
    MessageFactory(key="welcome:1#2")
    with pytest.raises(IntegrityError):
        MessageFactory(key="welcome:1#2")


def test_what_arrived_as_somebody_says_was_sent_when_it_was_handed_over(manager):
    message = MessageFactory(state=UNCERTAIN, state_reason=StateReason.NO_ANSWER)
    decisions.mark_message_arrived(message=message, by=manager)
    message.refresh_from_db()
    assert (message.state, message.state_reason) == (SENT, StateReason.ARRIVED)
    assert message.sent_at == message.handed_over_at
    assert events() == ["message.confirmed"]


def test_what_is_set_aside_keeps_its_state_and_is_not_shown(manager):
    message = MessageFactory(state=FAILED)
    decisions.set_message_aside(message=message, by=manager)
    message.refresh_from_db()
    assert message.state == FAILED
    assert needing_a_person() == {}
    assert events() == ["message.closed"]


def test_a_sender_thought_dead_has_no_say_in_what_was_decided_meanwhile(manager):
    """It says “later”, which would send what somebody has sent again."""
    MessageFactory()
    (message,) = claims.claim(7, 1)
    claims.hand_over(message, 7, words=message.words, languages=("en",))
    claims.recover(8)
    decisions.send_message_again(message=Message.objects.get(), by=manager, today=DAY)
    claims.put_off(message, 7, reason=StateReason.PUT_OFF, error="451 later")
    message.refresh_from_db()
    assert message.state == UNCERTAIN


def test_a_mended_address_is_good_and_what_was_held_for_it_stays_held(manager):
    bad = BadAddressFactory(address="Old@qarth.example")
    MessageFactory(state=HELD, state_reason=StateReason.ADDRESS, address="old@qarth.example")
    assert addresses.bad_among(["OLD@qarth.example", "other@qarth.example"]) == {"old@qarth.example"}
    decisions.mend_address(bad=bad, by=manager)
    decisions.mend_address(bad=bad, by=manager)
    assert not bad_addresses().exists()
    assert Message.objects.get().state == HELD
    assert events() == ["address.mended"]


def test_an_address_is_bad_once_at_a_time_and_may_be_bad_again():
    for address in ("a@qarth.example", "A@qarth.example"):
        addresses.note_bad(address, person="ref", said="550 no")
    assert BadAddress.objects.count() == 1
    assert addresses.mend("a@QARTH.example")
    addresses.note_bad("a@qarth.example", person="ref", said="550 no")
    assert BadAddress.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_repetition_of_a_reminder_is_checked_and_written_by_its_own_rules(manager, smtp, mail, source_of):
    """Its source knows nothing of repetitions: it yields the first key."""
    first = MessageFactory(key="qarth:1", kind="qarth", state=FAILED, due_on=DAY, person="a")
    decisions.send_message_again(message=first, by=manager, today=DAY)
    checks = Checks((source_of(mail(1, reference="a", context={"n": "fresh"})),), dict.fromkeys)
    assert deliver_due(checks, today=DAY).states == {SENT: 1}
    assert smtp.taken[0]["Subject"] == "Subject fresh"
