"""Hours, working days and the daily summary with the real people, kinds and nights; and the foot of each mail."""

import re
from datetime import date, datetime, time

import pytest
from django.db.models.functions import Now
from django.test import Client

from core import clock
from infuse import nightly
from infuse.messages import CHECKS
from infuse.nightly import run
from messaging.delivery import deliver_due
from messaging.models import Message, NightRun
from messaging.preferences import preferences_of
from tests.conftest import stop_the_clock
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import PreferenceFactory
from tests.factories.people import EmploymentFactory
from tests.reminding import approve_reminders

pytestmark = pytest.mark.django_db

# A Wednesday; the second phase of a cohort from Thursday 29 January 2026 starts on the day after.
DAY = date(2026, 2, 11)
HALF_PAST_FIVE = time(5, 30)


@pytest.fixture
def associate():
    cohort = CohortFactory(starts_on=date(2026, 1, 29), status="running")
    approve_reminders(cohort)
    return AssociateFactory(cohort=cohort, status="active", person__language="en").person


@pytest.fixture
def night(settings, monkeypatch):
    """The night of DAY, delivered at once, with the clock at half past five in London."""
    settings.MESSAGES_WAIT = True

    def go(at=HALF_PAST_FIVE):
        moment = datetime.combine(DAY, at, clock.LONDON)
        monkeypatch.setattr(clock.timezone, "now", lambda: moment)
        row = run(DAY)
        deliver_due(CHECKS, today=DAY)
        return row

    stop_the_clock(monkeypatch, DAY)
    return go


def test_what_the_night_computes_waits_for_seven_in_the_morning(associate, night, mailoutbox):
    assert night().complete
    row = Message.objects.annotate(now=Now()).get()
    assert (row.state, row.state_reason) == ("queued", "quiet")
    assert round((row.next_attempt_at - row.now).total_seconds() / 60) == 90
    Message.objects.update(next_attempt_at=Now())
    night(at=time(7))
    assert Message.objects.get().state == "sent"
    assert len(mailoutbox) == 1


def test_whoever_does_not_work_before_the_event_is_told_in_their_hours_all_the_same(associate, night):
    """The phase starts on Thursday; they work on Mondays. On Wednesday at seven it is still of use."""
    associate.employments.all().delete()
    EmploymentFactory(person=associate, working_days=[1], starts_on=date(2020, 1, 1))
    night()
    row = Message.objects.annotate(now=Now()).get()
    assert round((row.next_attempt_at - row.now).total_seconds() / 60) == 90


def test_whoever_works_on_the_day_of_the_event_only_is_told_then(associate, night):
    associate.employments.all().delete()
    EmploymentFactory(person=associate, working_days=[4], starts_on=date(2020, 1, 1))
    night()
    row = Message.objects.annotate(now=Now()).get()
    assert round((row.next_attempt_at - row.now).total_seconds() / 60) == 90 + 24 * 60


def test_a_night_puts_what_waits_into_summaries_before_anybody_sends_it(associate, night, mailoutbox):
    PreferenceFactory(person=associate.reference, digest=True)
    assert night().counts["into-summaries"] == 1
    one, whole = Message.objects.order_by("pk")
    assert (one.digest, one.state_reason, whole.state_reason) == (whole, "digest", "quiet")
    Message.objects.update(next_attempt_at=Now())
    night(at=time(7))
    assert [row.state for row in Message.objects.order_by("pk")] == ["sent", "sent"]
    (taken,) = mailoutbox
    assert taken.subject == "Your daily summary, Wednesday 11 February 2026"
    assert taken.body.count("\n--\n") == 1
    assert "starts on Thursday 12 February 2026" in taken.body


def test_a_past_day_that_is_run_again_makes_no_summaries(associate, night):
    PreferenceFactory(person=associate.reference, digest=True)
    row = run(DAY, today=DAY, replay=True)
    assert row.counts["into-summaries"] == 0


def test_the_summaries_are_made_after_the_reminders():
    assert nightly.STEPS.index(nightly.summaries) > nightly.STEPS.index(nightly.reminders)
    assert not NightRun.objects.exists()


# --- The foot -------------------------------------------------------------------------------------------------------


def sent(mailoutbox, settings, night):
    settings.MESSAGES_WAIT = False
    night()
    (taken,) = mailoutbox
    return taken


def test_a_mail_says_how_to_stop_its_like_and_the_header_says_the_same(associate, night, mailoutbox, settings):
    taken = sent(mailoutbox, settings, night)
    (link,) = re.findall(r"http://testserver(/messages/stop/\S+)", taken.body)
    assert taken.extra_headers["List-Unsubscribe"] == f"<http://testserver{link}>"
    assert taken.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "http://testserver/account/messages/" in taken.body
    assert Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert preferences_of([associate.reference])[associate.reference].declined == ["phase-starts"]


def test_every_reader_of_a_batch_gets_their_own_link(associate, night, mailoutbox, settings):
    AssociateFactory(cohort=associate.associates.get().cohort, status="active", person__language="en")
    settings.MESSAGES_WAIT = False
    night()
    links = {re.search(r"/messages/stop/(\w+)\.", taken.body)[1] for taken in mailoutbox}
    assert len(mailoutbox) == len(links) == 2
    assert associate.reference in links
