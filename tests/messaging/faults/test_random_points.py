"""Kills at random points, while there is always something to send: senders, workers, beats, the broker, the database
and a mail server that is slow, refuses, hangs up, and dies with what it took.

`FAULT_KILLS` sets the number (15 in `make test`, 200 in `make faults`); `FAULT_SEED` repeats the dice of a run.
"""

import os
import random
import signal
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db.models.functions import Now

from cohorts.emails import about
from cohorts.models import Phase
from core import clock
from infuse import nightly
from messaging import approvals
from messaging.models import Message
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.messaging.faults.cluster import led_to, own_cluster, patiently
from tests.messaging.faults.counting import OPEN, SENT, UNCERTAIN, check_nothing_is_lost_or_doubled, in_state
from tests.messaging.faults.processes import KILLS, wait_for

SEED = int(os.environ.get("FAULT_SEED", str(KILLS)))
# Who is killed, and how often among twenty.
VICTIMS = {"sender": 10, "worker": 3, "mail server": 3, "beat": 1, "broker": 1, "database": 1, "database, crashed": 1}
WORKERS = ("one", "two", "three")
BEATS = ("beat", "other-beat")
MAILS, PEOPLE = 30, 20

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cluster(transactional_db):
    with own_cluster() as cluster, led_to(cluster):
        yield cluster


@pytest.fixture
def system(cluster, start_system):
    return start_system(milliseconds=8, moods=0.01)


def strike(victim, system, cluster, dice):
    """Kill it, and bring it back; whether there was anybody to kill."""
    match victim:
        case "sender":
            return system.kill_a_sender(dice.choice(WORKERS))
        case "worker":
            name = dice.choice(WORKERS)
            system.kill(name)
            system.start_worker(name)
        case "mail server":
            system.kill("catcher")
            system.start_catcher()
        case "beat":
            name = dice.choice(BEATS)
            system.kill(name)
            system.start_beat(name=name)
        case "broker":
            system.kill("broker")
            system.start_broker()
        case "database":
            cluster.restart(signal.SIGINT)
        case "database, crashed":
            cluster.restart(signal.SIGQUIT)
    return True


def look_after(system):
    """Who died of its own accord comes back; what the mail server put off does not wait for its minute."""
    if not system.is_running("catcher"):
        system.kill("catcher")
        system.start_catcher()
    later = Message.objects.filter(state="queued", next_attempt_at__gt=Now())
    patiently(lambda: later.update(next_attempt_at=Now()))


def run_a_night():
    """One that concerns twenty associates, and was approved; a worker may be running another at this moment."""
    cohort = CohortFactory(starts_on=date(2021, 5, 4), status="running")
    AssociateFactory.create_batch(PEOPLE, cohort=cohort, status="active")
    approvals.approve_kind("phase-starts", about(cohort), by="")
    first_phase = Phase.objects.filter(cohort=cohort).earliest("starts_on")
    day = clock.working_day_on_or_before(first_phase.starts_on - timedelta(days=1))
    runs = []
    wait_for(
        lambda: runs.append(nightly.run(day, replay=True, today=clock.today())) or runs[-1], "another night runs on"
    )
    assert runs[-1].counts["phase-starts"]["queued"] == PEOPLE


def all_settled(system):
    look_after(system)
    return patiently(lambda: in_state(*OPEN)) == 0


def test_kills_at_random_points(system, cluster, queue):
    dice = random.Random(SEED)
    for name in WORKERS:
        system.start_worker(name)
    for name in BEATS:
        system.start_beat(name=name)
    expected = queue(20)
    wait_for(lambda: in_state(SENT) > 0, "the workers never sent anything")
    run_a_night()
    expected += PEOPLE
    kills = Counter()
    while kills.total() < KILLS:
        expected += patiently(lambda: queue(MAILS, first=1000 * (kills.total() + 1)))
        time.sleep(dice.uniform(0.02, 0.5))
        (victim,) = dice.choices(list(VICTIMS), VICTIMS.values())
        kills[victim] += strike(victim, system, cluster, dice)
        look_after(system)
    wait_for(lambda: all_settled(system), "still open", 180)
    print(f"\nkills {kills.total()}: {dict(kills)}")  # noqa: T201 (the counts are the point of a long run)
    counts = check_nothing_is_lost_or_doubled(system, expected)
    # A kill finds a sender in the few milliseconds between the last dot and the record now and then, not always.
    assert counts.get(UNCERTAIN, 0) <= kills.total() * len(WORKERS) * 4
