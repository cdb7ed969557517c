"""Nothing lost, nothing doubled: a real broker, worker, beat and mail server, stopped and killed at chosen points.

The counts are those of the catcher, which is told nothing about our states.
"""

import time

import pytest
from django.db import transaction

from cohorts.queries.phases import plan_phases
from cohorts.services.cohorts import create_cohort
from core import clock
from messaging import outbox
from messaging.enums import MessageState
from messaging.models import Heartbeat, Message
from tests.factories.cohorts import ProgrammeFactory
from tests.messaging.faults.counting import check_nothing_is_lost_or_doubled, in_state, wait_until_settled
from tests.messaging.faults.processes import wait_for

QUEUED, SENDING, SENT = MessageState.QUEUED, MessageState.SENDING, MessageState.SENT
UNCERTAIN = MessageState.UNCERTAIN

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_fresh_system_is_well_within_a_minute(system, client, settings):
    """With the real timetable: whoever starts shows life at once, and tonight's night is run."""
    settings.CELERY_BROKER_URL = system.broker_url
    assert client.get("/health/").status_code == 503
    system.start_worker()
    system.start_beat("infuse")
    wait_for(lambda: client.get("/health/").status_code == 200, client.get("/health/").content.decode(), seconds=60)


def test_a_broker_that_is_stopped_delays_the_mail_and_nobody(system, queue, mail, manager):
    """The facts (a cohort among them) are saved and the caller goes on; the mail goes once when the broker is back."""
    programme, today = ProgrammeFactory(), clock.today()
    starts_on = clock.working_days_after(today, 30)
    dates = {"starts_on": starts_on, "phases": plan_phases(programme, starts_on), "by": manager, "today": today}
    system.start_worker()
    system.start_beat()
    queue(1)
    wait_for(lambda: in_state(SENT) == 1, "the worker never sent anything")
    wait_for(lambda: Heartbeat.objects.count() == 2, "worker and beat never showed life")
    # Not even a sweep that is under way at this moment gets further than this.
    system.hold("MAIL 1")
    system.kill("broker")
    began = time.monotonic()
    create_cohort(programme=programme, name_en="Qohort", name_cy="Qohort", capacity=20, **dates)
    for n in range(2, 11):
        with transaction.atomic():
            outbox.queue(mail(n, due_on=today))
    assert time.monotonic() - began < 3, "a dead broker made the caller wait"
    time.sleep(3)
    assert in_state(QUEUED, SENDING) == 10
    assert len(system.taken()) == 1
    system.start_broker()
    system.let_go()
    wait_until_settled()
    assert check_nothing_is_lost_or_doubled(system, 11) == {SENT: 11}
    assert Message.objects.get(kind="cohort-created").address == manager.email
    assert system.is_running("worker")
    assert system.is_running("beat")


@pytest.mark.parametrize("back_first", [True, False])
def test_a_worker_outlives_a_broker_that_goes_away_while_it_sends(system, queue, back_first):
    """Whether the broker is back before the task ends or after, the same worker goes on working."""
    system.hold("MAIL 3")
    system.start_worker()
    system.start_beat()
    queue(8)
    system.wait_until_it_holds()
    system.kill("broker")
    time.sleep(1)
    for step in (system.start_broker, system.let_go) if back_first else (system.let_go, system.start_broker):
        step()
        time.sleep(4)
    wait_until_settled()
    queue(2, first=9)
    wait_until_settled()
    assert check_nothing_is_lost_or_doubled(system, 10) == {SENT: 10}
    assert system.is_running("worker")


def test_a_worker_killed_between_two_messages_loses_and_doubles_nothing(system, queue):
    """The catcher has three, and keeps the sender waiting before the fourth: then the whole worker is killed."""
    system.hold("MAIL 3")
    system.start_worker()
    queue(8)
    system.wait_until_it_holds()
    assert len(system.taken()) == 3
    system.kill("worker")
    system.let_go()
    system.start_worker()
    wait_until_settled()
    assert check_nothing_is_lost_or_doubled(system, 8) == {SENT: 8}


def test_a_worker_killed_before_the_answer_leaves_one_uncertain(system, queue):
    """The catcher took the third and has not said so: nobody can know, so it is shown and not sent again."""
    system.hold("DOT 3")
    system.start_worker()
    queue(8)
    system.wait_until_it_holds()
    system.kill("worker")
    system.let_go()
    system.start_worker()
    wait_until_settled()
    assert check_nothing_is_lost_or_doubled(system, 8) == {SENT: 7, UNCERTAIN: 1}
