"""Two beats, three workers and two nights at once: everybody hears once."""

import subprocess
import sys
from collections import Counter

import pytest

from cohorts.emails import about
from core import clock
from messaging import approvals
from messaging.models import Message, NightRun
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.messaging.faults.counting import SENT, check_nothing_is_lost_or_doubled, in_state, wait_until_settled
from tests.messaging.faults.processes import ROOT, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PEOPLE, OTHERS, NIGHTS = 20, 60, 2


def test_everybody_hears_once(system, queue):
    """A phase starts tomorrow; every worker and both terminals run tonight's night, and sweep for what is due."""
    today = clock.working_day_on_or_before(clock.today())
    cohort = CohortFactory(starts_on=clock.working_days_after(today, 1), status="selecting")
    AssociateFactory.create_batch(PEOPLE, cohort=cohort, status="enrolled")
    approvals.approve_kind("phase-starts", about(cohort), by="")
    assert queue(OTHERS) == OTHERS
    for name in ("one", "two", "three"):
        system.start_worker(name)
    for name in ("beat", "other-beat"):
        system.start_beat(name=name)
    argv = [sys.executable, "-m", "tests.messaging.faults.moved_time", "nightly", "--on", today.isoformat()]
    nights = [
        subprocess.Popen(argv, cwd=ROOT, env=system.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _n in range(NIGHTS)
    ]
    said = [night.communicate(timeout=60)[1].decode() for night in nights]
    # One of them may have found the other at it, or a worker.
    assert all(
        night.returncode == 0 or "A night is running already" in one for night, one in zip(nights, said, strict=True)
    )
    wait_for(lambda: NightRun.objects.filter(complete=True).exists(), "no night was complete")
    wait_until_settled()
    expected = PEOPLE + OTHERS
    assert check_nothing_is_lost_or_doubled(system, expected) == {SENT: expected}
    assert in_state(SENT) == expected
    people = Counter(Message.objects.filter(kind="phase-starts").values_list("person", flat=True))
    assert set(people.values()) == {1}
    assert len(people) == PEOPLE
