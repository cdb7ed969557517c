"""One mail a day with what would have been several: gathered once, looked at again, ended together."""

import tracemalloc
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from messaging import claims, digests, outbox
from messaging.delivery import deliver_due
from messaging.digests import gather, look_over
from messaging.enums import MessageState, StateReason
from messaging.kinds import DIGEST, Kind, Sort
from messaging.mail import Recipient
from messaging.models import Message
from messaging.queries import age_of_oldest_due
from messaging.recheck import Checks, Drop, Send
from tests.factories.messaging import MessageFactory, PreferenceFactory
from tests.messaging.conftest import DAY, days
from tests.reminding import reminder

pytestmark = pytest.mark.django_db

NEWS, SERVICE = Kind("qarth", "Qarth", declinable=True), Kind("code", "Code", Sort.SERVICE)
KINDS = {kind.slug: kind for kind in (NEWS, SERVICE, reminder("due"), DIGEST)}


@pytest.fixture(autouse=True)
def words_of_the_summary(texts, tmp_path):
    (tmp_path / "messaging" / "emails").mkdir()
    texts(
        "messaging/emails/digest",
        cy="Subject: Crynodeb\n\n{% for part in parts.cy %}<{{ part.subject }}: {{ part.body }}>{% endfor %}",
        en="Subject: Summary\n\n{% for part in parts.en %}<{{ part.subject }}: {{ part.body }}>{% endfor %}",
    )


@pytest.fixture
def wants(today):
    """These people want one mail a day."""

    def choose(*references, **more):
        for reference in references:
            PreferenceFactory(person=reference, digest=True, **more)

    return choose


def checks(*sources, language="en", inactive=()):
    return Checks(
        sources=sources,
        recipients=lambda people: {
            ref: Recipient(f"{ref}@qarth.example", ref, language, ref) for ref in people if ref not in inactive
        },
        kinds=KINDS,
    )


def gathered(on=DAY):
    return gather(KINDS.values(), on)


def summary(**more):
    return Message.objects.get(kind="digest", **more)


def standing():
    """(kind, state, reason) of every message, in the order of writing."""
    return list(Message.objects.order_by("pk").values_list("kind", "state", "state_reason"))


def text_of(taken):
    return taken.get_payload()[0].get_payload(decode=True).decode()


# --- Gathering ------------------------------------------------------------------------------------------------------


def test_what_waits_for_a_person_goes_into_one_summary(mail, wants):
    wants("ref1", "ref2")
    outbox.queue_many([mail(1, reference="ref1"), mail(2, reference="ref1"), mail(3, reference="ref2")])
    outbox.queue_many([mail(4, reference="ref3"), mail(5)])
    assert gathered() == 3
    one = summary(person="ref1")
    assert sorted(one.members.values_list("key", flat=True)) == ["qarth:1", "qarth:2"]
    assert (one.key, one.due_on, one.late_after) == ("digest:2026-03-11:ref1", DAY, DAY + days(3))
    assert set(Message.objects.exclude(digest=None).values_list("state", "state_reason")) == {("queued", "digest")}
    # Those in a summary do not go by themselves.
    assert set(claims.waiting().values_list("key", flat=True)) == {
        *("qarth:4", "qarth:5", "digest:2026-03-11:ref1", "digest:2026-03-11:ref2")
    }


def test_what_waits_in_a_summary_is_no_sign_that_something_is_stuck(mail, wants):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1"))
    Message.objects.update(next_attempt_at=Now() - days(2))
    assert age_of_oldest_due() > days(1)
    gathered()
    assert age_of_oldest_due() < days(1)
    Message.objects.filter(kind="digest").update(next_attempt_at=Now() + days(1))
    assert age_of_oldest_due() is None


def test_what_cannot_be_one_of_several_is_left_out(mail, wants):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1", kind="code"))
    outbox.queue(mail(2, reference="ref1", secret=True))
    outbox.queue(mail(3, reference="ref1", secret_word="s3cret"))
    outbox.queue(mail(4, reference="ref1", due_on=DAY - days(9)))
    outbox.queue(mail(5, reference="ref1", kind="of-former-times"))
    MessageFactory(person="ref1", state="held", state_reason="first_use")
    assert gathered() == 0
    assert not Message.objects.filter(kind="digest").exists()


def test_twice_gathers_once_and_what_comes_later_goes_into_the_unsent_one(mail, wants):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1"))
    assert (gathered(), gathered()) == (1, 0)
    outbox.queue(mail(2, reference="ref1", late_after_days=1))
    assert gathered(DAY + days(1)) == 1
    one = summary()
    assert one.members.count() == 2
    assert one.late_after == DAY + days(1)


def test_one_summary_a_day(mail, wants, smtp):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1"))
    gathered()
    deliver_due(checks(), today=DAY)
    outbox.queue(mail(2, reference="ref1"))
    assert gathered() == 0
    assert gathered(DAY + days(1)) == 1
    assert Message.objects.filter(kind="digest").count() == 2


def test_what_comes_while_a_summary_is_being_sent_is_not_in_it(mail, wants):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1"))
    gathered()
    Message.objects.filter(kind="digest").update(state=MessageState.SENDING, claim=77, claimed_at=Now())
    outbox.queue(mail(2, reference="ref1"))
    assert gathered() == 0
    assert gathered(DAY + days(1)) == 1
    assert summary(due_on=DAY).members.get().key == "qarth:1"
    assert summary(due_on=DAY + days(1)).members.get().key == "qarth:2"


def test_queries_and_memory_of_the_night_depend_on_the_batches_not_on_the_people(mail, wants, monkeypatch):
    monkeypatch.setattr(digests, "PEOPLE_AT_A_TIME", 50)

    def cost(first, people):
        references = [f"r{first + n}" for n in range(people)]
        wants(*references)
        outbox.queue_many(mail(f"{ref}-{n}", reference=ref) for ref in references for n in (1, 2))
        tracemalloc.start()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert gathered() == 2 * people
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return len(queries), peak

    few, _peak = cost(0, 5)
    one_batch, peak = cost(1000, 40)
    assert one_batch == few
    # Earlier people are asked for again, which is one batch more; nobody of them has anything new.
    many, higher = cost(2000, 400)
    assert many <= few * 10
    assert higher < peak * 2.5


# --- Going ----------------------------------------------------------------------------------------------------------


def test_it_goes_as_one_mail_and_the_rows_show_it(mail, wants, smtp):
    wants("ref1")
    outbox.queue_many([mail(1, reference="ref1"), mail(2, reference="ref1")])
    gathered()
    deliver_due(checks(), today=DAY)
    (taken,) = smtp.taken
    assert text_of(taken).startswith("<Subject 1: Hello Siân O'Qarth><Subject 2: Hello Siân O'Qarth>")
    # Each message's own foot is left out.
    assert text_of(taken).count("Foot") == 1
    assert taken["To"] == "ref1 <ref1@qarth.example>"
    assert standing() == [("qarth", "sent", "digest")] * 2 + [("digest", "sent", "")]
    whole = summary()
    assert {(one.sent_at, one.languages) for one in whole.members.all()} == {(whole.sent_at, "en")}
    assert "Subject 1" in whole.words["en"]["body"]


@pytest.mark.parametrize(("language", "languages"), [("cy", "cy"), ("", "cy+en")])
def test_it_is_in_the_language_of_today(mail, wants, smtp, language, languages):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1", language="en"))
    gathered()
    deliver_due(checks(language=language), today=DAY)
    assert summary().languages == languages
    assert "Pwnc 1: Helo" in text_of(smtp.taken[0])


def test_what_is_no_longer_true_falls_out_and_the_rest_goes(mail, wants, source_of, smtp):
    wants("ref1")
    outbox.queue_many([mail(1, reference="ref1", kind="due"), mail(2, reference="ref1", kind="due")])
    gathered()
    deliver_due(checks(source_of(mail(2, reference="ref1"), kind="due")), today=DAY)
    assert standing() == [("due", "cancelled", "not_true"), ("due", "sent", "digest"), ("digest", "sent", "")]
    assert "Subject 1" not in text_of(smtp.taken[0])


def test_with_nothing_left_nothing_goes(mail, wants, source_of, smtp):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1", kind="due"))
    gathered()
    deliver_due(checks(source_of(kind="due")), today=DAY)
    assert standing() == [("due", "cancelled", "not_true"), ("digest", "cancelled", "not_true")]
    assert smtp.taken == []


def test_what_was_declined_meanwhile_falls_out(mail, wants, smtp):
    wants("ref1", declined=["qarth"])
    outbox.queue(mail(1, reference="ref1"))
    gathered()
    deliver_due(checks(), today=DAY)
    assert standing() == [("qarth", "cancelled", "declined"), ("digest", "cancelled", "not_true")]


def test_what_is_late_is_held_for_a_person_and_the_rest_goes(mail, wants, smtp):
    wants("ref1")
    outbox.queue_many([mail(1, reference="ref1", late_after_days=1), mail(2, reference="ref1", late_after_days=9)])
    gathered()
    Message.objects.filter(kind="digest").update(late_after=DAY + days(9))
    deliver_due(checks(), today=DAY + days(2))
    assert standing() == [("qarth", "held", "late"), ("qarth", "sent", "digest"), ("digest", "sent", "")]
    assert Message.objects.get(state="held").digest is None


def test_after_days_of_silence_the_whole_summary_is_held_unseen_by_nobody(mail, wants, smtp):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1"))
    gathered()
    deliver_due(checks(), today=DAY + days(4))
    assert standing() == [("qarth", "queued", "digest"), ("digest", "held", "late")]
    assert smtp.taken == []


def test_whoever_is_no_longer_active_gets_none(mail, wants, smtp):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1"))
    gathered()
    deliver_due(checks(inactive=["ref1"]), today=DAY)
    assert standing() == [("qarth", "cancelled", "inactive"), ("digest", "cancelled", "inactive")]


def test_refused_for_good_all_of_it_is_and_one_row_asks_for_a_person(mail, wants, smtp):
    wants("ref1")
    outbox.queue_many([mail(1, reference="ref1"), mail(2, reference="ref1")])
    gathered()
    smtp.answers["RCPT"] = ["550 nobody"]
    deliver_due(checks(), today=DAY)
    assert standing() == [("qarth", "failed", "address")] * 2 + [("digest", "failed", "address")]
    assert list(Message.objects.filter(decided_at=None).values_list("kind", flat=True)) == ["digest"]


def test_put_off_it_is_tried_again_with_what_is_still_so(mail, wants, source_of, smtp):
    wants("ref1")
    outbox.queue_many([mail(1, reference="ref1", kind="due"), mail(2, reference="ref1", kind="due")])
    gathered()
    smtp.answers["RCPT"] = ["450 greylisted"]
    deliver_due(checks(source_of(mail(1, reference="ref1"), mail(2, reference="ref1"), kind="due")), today=DAY)
    assert [state for _kind, state, _reason in standing()] == ["queued"] * 3
    Message.objects.update(next_attempt_at=Now())
    deliver_due(checks(source_of(mail(2, reference="ref1"), kind="due")), today=DAY)
    assert [state for _kind, state, _reason in standing()] == ["cancelled", "sent", "sent"]


def test_killed_after_the_words_were_handed_over_all_of_it_is_uncertain(mail, wants):
    wants("ref1")
    outbox.queue(mail(1, reference="ref1"))
    gathered()
    Message.objects.filter(kind="digest").update(
        state=MessageState.SENDING, claim=77, claimed_at=Now(), handed_over_at=Now()
    )
    claims.recover(1)
    claims.end_with_summaries()
    assert standing() == [("qarth", "uncertain", "stopped"), ("digest", "uncertain", "stopped")]
    claims.arrived(summary())
    claims.end_with_summaries()
    assert standing()[0] == ("qarth", "sent", "digest")


def test_what_is_held_is_out_of_its_summary_and_goes_by_itself_when_let_go(mail, wants, smtp):
    """Otherwise it would end as sent with a summary that never had it."""
    wants("ref1")
    outbox.queue_many([mail(1, reference="ref1"), mail(2, reference="ref1")])
    gathered()
    claims.hold(Message.objects.filter(key="qarth:1"), StateReason.MANY)
    deliver_due(checks(), today=DAY)
    assert standing() == [("qarth", "held", "many"), ("qarth", "sent", "digest"), ("digest", "sent", "")]
    claims.release(Message.objects.get(key="qarth:1"), today=DAY)
    claims.end_with_summaries()
    assert standing()[0] == ("qarth", "queued", "")
    assert claims.waiting().get().key == "qarth:1"


def test_a_check_that_breaks_leaves_its_message_to_go_by_itself(mail, wants, smtp):
    def broken(_asked):
        raise ZeroDivisionError
        yield

    wants("ref1")
    outbox.queue_many([mail(1, reference="ref1", kind="due"), mail(2, reference="ref1")])
    gathered()
    deliver_due(checks(SimpleNamespace(kind=KINDS["due"], mails=broken)), today=DAY)
    assert standing()[1:] == [("qarth", "sent", "digest"), ("digest", "sent", "")]
    left = Message.objects.get(kind="due")
    assert (left.state, left.digest) == ("queued", None)


def test_many_summaries_are_looked_over_in_as_many_queries_as_one(mail, wants, django_assert_num_queries):
    wants(*(f"ref{n}" for n in range(9)))
    outbox.queue_many(mail(f"{n}-{m}", reference=f"ref{n}") for n in range(9) for m in range(3))
    gathered()
    whole = list(Message.objects.filter(kind="digest"))
    for some in (whole[:1], whole):
        with django_assert_num_queries(3):
            found = look_over(some, checks(), DAY)
        assert all(isinstance(one, Send) for one in found.values())


def test_a_summary_that_somebody_sends_again_has_the_words_that_it_had():
    first = MessageFactory(kind="digest", state="failed", person="ref1")
    again = MessageFactory(kind="digest", again_of=first, person="ref1", key=f"{first.key}#2")
    assert look_over([again], checks(), DAY)[again.pk] == Send(again.words, ("en",))
    assert isinstance(look_over([first], checks(), DAY)[first.pk], Drop)
