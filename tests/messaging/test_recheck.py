"""The last look: still true, still active, the language of today."""

import pytest

from messaging import outbox
from messaging.enums import StateReason
from messaging.mail import Recipient
from messaging.models import Message
from messaging.recheck import Checks, Drop, Send, Wait, look_again
from tests.messaging.conftest import DAY, days
from tests.reminding import source

pytestmark = pytest.mark.django_db


def people(**languages):
    """Everybody of these is active: `people(ref1="cy")`."""

    def recipients(references):
        return {ref: Recipient("", "", languages[ref], ref) for ref in references if ref in languages}

    return recipients


def look(checks, today=DAY):
    messages = list(Message.objects.order_by("pk"))
    findings = look_again(messages, checks, today)
    return [findings[message.pk] for message in messages], messages


def test_words_of_the_moment_go_as_they_were_queued_in_the_language_of_today(mail):
    outbox.queue(mail(1, language="", reference="ref1"))
    (finding,), (message,) = look(Checks((), people(ref1="cy")))
    assert finding == Send(message.words, ("cy",))
    assert message.address == "reader.1@qarth.example"


def test_who_is_no_longer_active_gets_nothing(mail, source_of):
    outbox.queue(mail(1, reference="gone"))
    outbox.queue(mail(2, reference="gone", kind="reminder"))
    found, _messages = look(Checks((source_of(mail(2, reference="gone"), kind="reminder"),), people()))
    assert found == [Drop(StateReason.INACTIVE)] * 2


def test_an_address_without_a_person_is_written_to_as_it_stands(mail):
    outbox.queue(mail(1, language="en"))
    (finding,), _messages = look(Checks((), people()))
    assert finding.languages == ("en",)


def test_nobody_is_asked_for_when_nobody_is_meant(mail, django_assert_num_queries):
    outbox.queue(mail(1))
    messages = list(Message.objects.all())
    look_again(messages, Checks((), lambda _people: pytest.fail("asked")), DAY)


def test_no_address_no_mail(mail):
    outbox.queue(mail(1))
    Message.objects.update(address="")
    (finding,), _messages = look(Checks((), people()))
    assert finding == Drop(StateReason.NO_ADDRESS)


def test_a_reminder_that_is_no_longer_due_is_dropped(mail, source_of):
    outbox.queue_many([mail(1, reference="a"), mail(2, reference="b")])
    found, _messages = look(Checks((source_of(mail(2, reference="b")),), people(a="en", b="en")))
    assert found[0] == Drop(StateReason.NOT_TRUE)
    assert isinstance(found[1], Send)


def test_a_reminder_goes_with_the_words_address_and_language_of_today(mail, source_of):
    outbox.queue_many([mail(1, reference="a", language="en")])
    now = mail(1, reference="a", language="cy", address="new@qarth.example", context={"n": "newydd"})
    (finding,), (message,) = look(Checks((source_of(now),), people(a="cy")))
    assert finding.languages == ("cy",)
    assert finding.words["cy"]["subject"] == "Pwnc newydd"
    assert (message.address, message.language) == ("new@qarth.example", "cy")


def test_a_reminder_that_cannot_be_written_any_more_is_dropped_by_itself(mail, source_of):
    outbox.queue_many([mail(1, reference="a"), mail(2, reference="b")])
    source = source_of(mail(1, reference="a", template="gone"), mail(2, reference="b"))
    found, _messages = look(Checks((source,), people(a="en", b="en")))
    assert found[0].reason == StateReason.UNWRITABLE
    assert isinstance(found[1], Send)


def test_a_check_that_breaks_makes_its_own_reminders_wait(mail, source_of):
    def broken(_asked):
        raise ZeroDivisionError
        yield

    outbox.queue_many([mail(1, reference="a", kind="broken"), mail(2, reference="b")])
    checks = Checks((source("broken", broken), source_of(mail(2, reference="b"))), people(a="en", b="en"))
    found, _messages = look(checks)
    assert isinstance(found[0], Wait)
    assert isinstance(found[1], Send)


@pytest.mark.parametrize(("replay", "as_of"), [(False, DAY + days(2)), (True, DAY)])
def test_a_late_reminder_is_judged_by_today_and_a_replayed_one_by_its_own_day(mail, replay, as_of):
    asked = []

    def due(question):
        asked.append((question.window.starts_on, question.people, question.as_of))
        return iter(())

    outbox.queue_many([mail(1, reference="a"), mail(2, reference="b")], replay=replay)
    look(Checks((source("qarth", due),), people(a="en", b="en")), today=DAY + days(2))
    assert asked == [(DAY, {"a", "b"}, as_of)]
