"""The system in real processes, and mails for it."""

import pytest
from django.db import transaction

from core import clock
from messaging import outbox
from tests.messaging.faults.processes import System


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
