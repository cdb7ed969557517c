"""The system in real processes, and mails for it."""

from datetime import UTC, datetime, time

import pytest
import time_machine
from django.db import transaction

from core import clock
from messaging import outbox
from tests.messaging.conftest import DAY
from tests.messaging.faults.processes import System


@pytest.fixture(autouse=True)
def a_working_morning(monkeypatch):
    """It is ten o'clock on a Wednesday, here and in the processes: at night, and at the weekend, reminders wait."""
    moment = datetime.combine(DAY, time(10), clock.LONDON)
    monkeypatch.setenv("MOVED_BY", str((moment - datetime.now(UTC)).total_seconds()))
    with time_machine.travel(moment, tick=True):
        yield


@pytest.fixture
def start_system(tmp_path, real_broker):
    """Starts broker and catcher: `start_system(milliseconds=8)`; this process sends its tasks to that broker, too."""
    running = []

    def start(**more):
        system = System(tmp_path, **more)
        running.append(system)
        system.start_broker()
        system.start_catcher()
        real_broker.conf.update(broker_url=system.broker_url)
        return system

    yield start
    for system in running:
        system.stop()


@pytest.fixture
def system(start_system):
    return start_system()


@pytest.fixture
def queue(mail):
    """Queues these many mails, due today, in one transaction; returns the number of rows."""

    def write(count, first=1):
        with transaction.atomic():
            return outbox.queue_many(mail(n, due_on=clock.today()) for n in range(first, first + count))

    return write
