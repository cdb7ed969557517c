"""What people chose, asked before each message goes."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.db.models.functions import Now

from core import clock
from messaging import claims, outbox
from messaging.delivery import deliver_due
from messaging.enums import StateReason
from messaging.kinds import Kind, Sort
from messaging.mail import Recipient
from messaging.models import Message
from messaging.moments import USUAL, Rhythm
from messaging.preferences import Pause, read_stop_token, stop_token
from messaging.recheck import Checks, Send, look_again
from tests.factories.messaging import PreferenceFactory
from tests.messaging.conftest import DAY, days
from tests.reminding import reminder

pytestmark = pytest.mark.django_db

NEWS = Kind("qarth", "Qarth", declinable=True)
DUTY = Kind("duty", "Duty")
SERVICE = Kind("code", "Code", Sort.SERVICE)
KINDS = {kind.slug: kind for kind in (NEWS, DUTY, SERVICE, reminder("reminder", declinable=True))}


def checks(*sources, waits=True, works=None):
    return Checks(
        sources=sources,
        recipients=lambda people: {ref: Recipient(f"{ref}@qarth.example", ref, "en", ref) for ref in people},
        kinds=KINDS,
        rhythms=lambda people, _day: {
            ref: Rhythm(USUAL if waits else None, (works or {}).get(ref, frozenset({1, 2, 3, 4, 5}))) for ref in people
        },
    )


@pytest.fixture
def at(monkeypatch):
    """Stops the product's clock: `at(DAY, 23)`."""

    def stop(day, hour, minute=0):
        moment = datetime.combine(day, time(hour, minute), clock.LONDON)
        monkeypatch.setattr(clock, "timezone", SimpleNamespace(now=lambda: moment))
        return moment

    return stop


def look(some_checks, today=DAY):
    messages = list(Message.objects.order_by("pk"))
    return list(look_again(messages, some_checks, today).values())


def reason_and_state():
    return [(row.state, row.state_reason) for row in Message.objects.order_by("pk")]


def test_what_is_declined_ends_as_declined_and_nothing_goes(mail, at, smtp):
    at(DAY, 10)
    PreferenceFactory(person="ref1", declined=["qarth"])
    outbox.queue(mail(1, reference="ref1"))
    outbox.queue(mail(2, reference="ref2"))
    deliver_due(checks(), today=DAY)
    assert reason_and_state() == [("cancelled", "declined"), ("sent", "")]
    assert len(smtp.taken) == 1


def test_what_may_not_be_declined_goes_whatever_was_chosen(mail, at):
    at(DAY, 10)
    PreferenceFactory(person="ref1", declined=["duty", "code", "unknown"])
    for kind in ("duty", "code", "unknown"):
        outbox.queue(mail(kind, reference="ref1", kind=kind))
    assert all(isinstance(found, Send) for found in look(checks()))


def test_news_waits_for_the_morning_and_a_service_message_does_not(mail, at):
    at(DAY, 22)
    for kind in ("qarth", "code", "unknown"):
        outbox.queue(mail(kind, reference="ref1", kind=kind))
    news, service, unknown = look(checks())
    assert news == Pause(datetime.combine(DAY + days(1), time(7), clock.LONDON), StateReason.QUIET)
    assert isinstance(service, Send)
    assert isinstance(unknown, Send)


def test_who_has_no_reference_waits_too(mail, at):
    at(DAY, 22)
    outbox.queue(mail(1))
    (found,) = look(checks())
    assert found.reason == StateReason.QUIET


def test_hours_of_ones_own_count_in_place_of_the_usual_ones(mail, at):
    at(DAY, 22)
    PreferenceFactory(person="ref1", opens=time(9), closes=time(23))
    PreferenceFactory(person="ref2", opens=time(11), closes=time(16))
    outbox.queue(mail(1, reference="ref1"))
    outbox.queue(mail(2, reference="ref2"))
    evening, day = look(checks())
    assert isinstance(evening, Send)
    assert day.until == datetime.combine(DAY + days(1), time(11), clock.LONDON)


def test_working_days_of_ones_own_count(mail, at):
    """Wednesday evening; they work on Mondays and Saturdays, and it is news for three days."""
    at(DAY, 22)
    outbox.queue(mail(1, reference="ref1"))
    (found,) = look(checks(works={"ref1": frozenset({1, 6})}))
    assert found.until == datetime.combine(DAY + days(3), time(7), clock.LONDON)


def test_where_nothing_waits_only_hours_of_ones_own_count(mail, at):
    at(DAY, 22)
    PreferenceFactory(person="ref2", opens=time(11), closes=time(16))
    outbox.queue(mail(1, reference="ref1"))
    outbox.queue(mail(2, reference="ref2"))
    usual, own = look(checks(waits=False))
    assert isinstance(usual, Send)
    assert isinstance(own, Pause)


def test_what_waits_is_left_alone_until_its_moment_and_then_goes(mail, at, smtp):
    at(DAY, 22)
    outbox.queue(mail(1, reference="ref1"))
    deliver_due(checks(), today=DAY)
    assert reason_and_state() == [("queued", "quiet")]
    row = Message.objects.annotate(now=Now()).get()
    # Nine hours from now by the clock of the database, whatever the product's clock says.
    assert timedelta(hours=8, minutes=59) < row.next_attempt_at - row.now < timedelta(hours=9, minutes=1)
    assert (row.attempts, row.claim) == (0, None)
    assert not claims.waiting().exists()
    at(DAY + days(1), 7)
    Message.objects.update(next_attempt_at=Now())
    deliver_due(checks(), today=DAY + days(1))
    assert reason_and_state() == [("sent", "")]


def test_the_wait_is_as_long_as_the_night_when_the_clock_changes(mail, at, smtp):
    """Friday 27 March 2026, 19:00: by Monday at seven 59 hours have passed, not 60."""
    friday = date(2026, 3, 27)
    at(friday, 19)
    outbox.queue(mail(1, reference="ref1", due_on=friday))
    deliver_due(checks(), today=friday)
    row = Message.objects.annotate(now=Now()).get()
    assert abs(row.next_attempt_at - row.now - timedelta(hours=59)) < timedelta(minutes=1)


def test_it_never_waits_beyond_its_late_limit(mail, at):
    """Friday evening, and its event is on Saturday."""
    friday = DAY + days(2)
    at(friday, 22)
    outbox.queue(mail(1, reference="ref1", due_on=friday, late_after_days=1))
    outbox.queue(mail(2, reference="ref1", due_on=friday, late_after_days=0))
    saturday, at_once = look(checks(), friday)
    assert saturday.until == datetime.combine(friday + days(1), time(7), clock.LONDON)
    assert isinstance(at_once, Send)


def test_who_wants_a_summary_waits_for_the_next_one(mail, at):
    at(DAY, 10)
    PreferenceFactory(person="ref1", digest=True)
    outbox.queue(mail(1, reference="ref1"))
    outbox.queue(mail(2, reference="ref1", late_after_days=0))
    outbox.queue(mail(3, reference="ref1", secret_word="s3cret"))
    outbox.queue(mail(4, reference="ref1", kind="code"))
    later, *others = look(checks())
    assert later == Pause(datetime.combine(DAY + days(1), time(7), clock.LONDON), StateReason.DIGEST)
    # Too late tomorrow; with a link of its own; a service message.
    assert all(isinstance(one, Send) for one in others)


def test_it_costs_one_query_for_any_number_of_people(mail, at, django_assert_num_queries):
    at(DAY, 10)
    for n in range(12):
        PreferenceFactory(person=f"ref{n}")
        outbox.queue(mail(n, reference=f"ref{n}"))
    messages = list(Message.objects.all())
    for some in (messages[:1], messages):
        with django_assert_num_queries(1):
            look_again(some, checks(), DAY)


def test_nobody_is_asked_about_service_messages(mail, at, django_assert_num_queries):
    outbox.queue(mail(1, reference="ref1", kind="code"))
    messages = list(Message.objects.all())
    with django_assert_num_queries(0):
        look_again(messages, checks(), DAY)


# --- The link in each mail ------------------------------------------------------------------------------------------


def test_a_token_says_whom_and_what_and_nobody_can_make_one():
    token = stop_token("ref1", "phase-starts")
    assert token == stop_token("ref1", "phase-starts")
    assert read_stop_token(token) == ("ref1", "phase-starts")
    assert read_stop_token(token.replace("ref1", "ref2")) is None
    assert read_stop_token("ref1.phase-starts") is None
    assert read_stop_token("") is None
