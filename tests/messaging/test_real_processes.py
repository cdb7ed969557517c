"""Nothing lost, nothing doubled: a real broker, worker, beat and mail server, stopped and killed.

The counts are those of the catcher, which is told nothing about our states. `FAULT_KILLS` sets the number of kills at
random points (15 in `make test`).
"""

import os
import random
import time
from datetime import date

import pytest
from django.db import transaction
from django.db.models import Count

from cohorts.models import Phase
from cohorts.queries.phases import plan_phases
from cohorts.services.cohorts import create_cohort
from core import clock
from infuse import nightly
from messaging import outbox
from messaging.enums import MessageState
from messaging.models import Heartbeat, Message
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory
from tests.messaging.processes import System, wait_for
from tests.reminding import approve_reminders

QUEUED, SENDING, SENT = MessageState.QUEUED, MessageState.SENDING, MessageState.SENT
UNCERTAIN = MessageState.UNCERTAIN
KILLS = int(os.environ.get("FAULT_KILLS", "15"))

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def start(folder, milliseconds):
    system = System(folder, milliseconds)
    system.start_broker()
    system.start_catcher()
    return system


@pytest.fixture
def system(tmp_path, real_broker, request):
    """Broker and catcher are running; this process sends its tasks to that broker, too."""
    running = start(tmp_path, getattr(request, "param", 0))
    real_broker.conf.update(broker_url=running.broker_url)
    yield running
    running.stop()


@pytest.fixture
def queue(mail):
    """Queues these many mails, due today, in one transaction; returns the number of rows."""

    def write(count, first=1):
        with transaction.atomic():
            return outbox.queue_many(mail(n, due_on=clock.today()) for n in range(first, first + count))

    return write


def in_state(*states):
    return Message.objects.filter(state__in=states).count()


def wait_until_settled(seconds=60):
    wait_for(lambda: in_state(QUEUED, SENDING) == 0, f"still open: {in_state(QUEUED, SENDING)}", seconds)


def check_nothing_is_lost_or_doubled(system, expected):
    """Each message was taken exactly once, or is uncertain and shown; returns the counts by state."""
    taken = system.taken()
    counts = dict(Message.objects.values_list("state").annotate(count=Count("pk")))
    print(f"taken {sum(taken.values())}, states {counts}")  # noqa: T201 (the counts are the point of a long run)
    assert sum(counts.values()) == expected
    assert set(counts) <= {SENT, UNCERTAIN}
    ids = dict(Message.objects.values_list("message_id", "state"))
    assert set(taken) <= set(ids)
    assert {one: times for one, times in taken.items() if times != 1} == {}, "doubled"
    assert [one for one, state in ids.items() if state == SENT and one not in taken] == [], "lost"
    return counts


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


@pytest.mark.parametrize("system", [8], indirect=True)
def test_kills_at_random_points(system, queue):
    """Senders, and whole workers, two of them, killed while there is always something to send; a night among it."""
    cohort = CohortFactory(starts_on=date(2021, 5, 4), status="running")
    approve_reminders(cohort)
    AssociateFactory.create_batch(20, cohort=cohort, status="active")
    first_phase = Phase.objects.filter(cohort=cohort).earliest("starts_on")
    night = clock.working_day_on_or_before(first_phase.starts_on - clock.timedelta(days=1))
    dice = random.Random(KILLS)
    system.start_worker("one")
    system.start_worker("two")
    expected = queue(20)
    wait_for(lambda: in_state(SENT) > 0, "the workers never sent anything")
    run = nightly.run(night, replay=True, today=clock.today())
    assert run.counts["phase-starts"]["queued"] == 20
    expected += 20
    for n in range(KILLS):
        expected += queue(30, first=1000 * (n + 1))
        time.sleep(dice.uniform(0.02, 0.5))
        name = dice.choice(["one", "two"])
        if dice.random() < 0.2:
            system.kill(name)
            system.start_worker(name)
        else:
            system.kill_a_sender(name)
    system.start_beat()
    wait_until_settled(120)
    counts = check_nothing_is_lost_or_doubled(system, expected)
    # A kill hits the few milliseconds between the last dot and the record now and then, not always.
    assert counts.get(UNCERTAIN, 0) <= KILLS
