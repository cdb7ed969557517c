"""The two nights of the year in which the clocks change, with a real beat and worker whose clocks run through them."""

import os
import time
from datetime import UTC, datetime

import pytest

from messaging.models import NightRun
from tests.messaging.faults.processes import ALL, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MOVED = "tests.messaging.faults.moved_time"


# When worker and beat start, and the day whose night then runs: half past five in London is 04:30 by the clock of the
# world in summer, 05:30 in winter. None runs while it is not yet half past five any more, nor as the clocks change.
CASES = [
    ("2026-03-29T04:29:45+00:00", "2026-03-29"),
    ("2026-10-25T05:29:45+00:00", "2026-10-25"),
    ("2026-10-25T04:29:50+00:00", None),
    ("2026-03-29T00:59:50+00:00", None),
    ("2026-10-25T00:59:50+00:00", None),
]


@pytest.mark.parametrize(("moment", "day"), CASES if ALL else CASES[:2])
def test_the_night_runs_at_half_past_five_in_london_and_once(system, moment, day):
    moved_by = float(os.environ["MOVED_BY"]) + (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()
    system.env["MOVED_BY"] = str(moved_by)
    system.start_worker()
    system.start_beat(MOVED)
    wait_for(lambda: "ready." in system.log("worker"), "the worker is not ready")
    assert not NightRun.objects.exists()
    if day:
        wait_for(lambda: NightRun.objects.filter(complete=True).exists(), "the night never ran")
    time.sleep(2 if day else 13)
    assert [str(run.on) for run in NightRun.objects.all()] == ([day] if day else [])
    assert system.is_running("worker")
    assert system.is_running("beat")
    assert "Traceback" not in system.log("worker") + system.log("beat")
