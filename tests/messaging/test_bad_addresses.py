"""An address that the mail server refuses for good: remembered, and nothing more is lost on it."""

from collections import Counter

import pytest

from messaging import outbox
from messaging.delivery import deliver_due
from messaging.enums import MessageState, StateReason
from messaging.models import BadAddress, Message
from messaging.queries import bad_addresses
from tests.factories.messaging import BadAddressFactory
from tests.messaging.conftest import DAY

QUEUED, SENT, FAILED, HELD = MessageState.QUEUED, MessageState.SENT, MessageState.FAILED, MessageState.HELD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deliver(no_checks):
    return lambda: deliver_due(no_checks, today=DAY).states


def test_it_is_remembered_with_the_servers_words_and_the_person(smtp, mail, deliver):
    smtp.answers["RCPT"] = ["550 5.1.1 no such mailbox"]
    outbox.queue(mail(1, reference="ref1"))
    assert deliver() == Counter({FAILED: 1})
    message, bad = Message.objects.get(), BadAddress.objects.get()
    assert (message.state_reason, message.last_error) == (StateReason.ADDRESS, "550 5.1.1 no such mailbox")
    assert (bad.address, bad.person, bad.said) == ("reader.1@qarth.example", "ref1", "550 5.1.1 no such mailbox")


def test_what_else_was_to_go_there_is_held_at_once_and_others_go(smtp, mail, deliver):
    smtp.answers["RCPT"] = ["550 nobody"]
    outbox.queue_many([mail(1), mail(2, address="Reader.1@Qarth.example"), mail(3)])
    assert deliver() == Counter({FAILED: 1, HELD: 1, SENT: 1})
    held = Message.objects.get(state=HELD)
    assert (held.key, held.state_reason, held.attempts) == ("qarth:2", StateReason.ADDRESS, 0)
    outbox.queue(mail(4, address="reader.1@qarth.example"))
    assert deliver() == Counter({HELD: 1})


def test_a_refused_mail_says_nothing_of_the_address(smtp, mail, deliver):
    smtp.answers["DOT"] = ["554 5.7.1 looks like spam"]
    outbox.queue_many([mail(1), mail(2, address="reader.1@qarth.example")])
    assert deliver() == Counter({FAILED: 1, SENT: 1})
    assert not bad_addresses().exists()
    assert Message.objects.get(state=FAILED).state_reason == StateReason.REFUSED


def test_a_code_is_sent_all_the_same_and_an_address_that_takes_it_is_good_again(smtp, mail, deliver):
    BadAddressFactory(address="READER.1@qarth.example")
    outbox.queue_many([mail(1, secret=True), mail(2, address="reader.1@qarth.example")])
    assert deliver() == Counter({SENT: 2})
    assert not bad_addresses().exists()
    assert BadAddress.objects.get().mended_at is not None


def test_a_code_to_an_address_that_still_is_bad_changes_nothing(smtp, mail, deliver):
    BadAddressFactory(address="reader.1@qarth.example")
    smtp.answers["RCPT"] = ["550 nobody"]
    outbox.queue_many([mail(1, secret=True), mail(2, address="reader.1@qarth.example")])
    assert deliver() == Counter({FAILED: 1, HELD: 1})
    assert bad_addresses().count() == 1


def test_a_reminder_goes_to_the_address_of_today_whatever_the_old_one_was(smtp, mail, source_of, no_checks):
    BadAddressFactory(address="old@qarth.example")
    outbox.queue(mail(1, reference="a", address="old@qarth.example"))
    from_today = source_of(mail(1, reference="a", address="new@qarth.example"))
    checks = type(no_checks)((from_today,), no_checks.recipients)
    assert deliver_due(checks, today=DAY).states == Counter({SENT: 1})
    assert "new@qarth.example" in smtp.taken[0]["To"]


def test_looking_them_up_costs_one_query_a_chunk(smtp, mail, deliver, django_assert_max_num_queries):
    outbox.queue_many(mail(n) for n in range(1, 31))
    with django_assert_max_num_queries(30 * 2 + 20):
        assert deliver() == Counter({SENT: 30})
