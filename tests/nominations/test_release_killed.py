"""Releasing decisions while processes die: all of them with their letters, or none; and no letter lost or doubled.

A real broker, worker and mail server; the release runs in a process of its own where that one is killed.
`RELEASE_KILLS` sets how often the worker is killed at random points (6 in `make test`).
"""

import os
import random
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.urls import reverse

from core import clock
from core.models import AuditEvent
from messaging.enums import MessageState
from messaging.models import Message
from nominations.enums import DecisionReason, Outcome
from nominations.models import Decision, Link, Nomination, SelectionRecord
from nominations.services.decisions import release_decisions
from tests.factories.cohorts import CohortFactory
from tests.factories.nominations import DecisionFactory, NominationFactory
from tests.factories.people import OrganisationFactory
from tests.messaging.faults.conftest import start_system, system  # noqa: F401 (fixtures)
from tests.messaging.faults.counting import OPEN, check_nothing_is_lost_or_doubled, in_state, wait_until_settled
from tests.messaging.faults.processes import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KILLS = int(os.environ.get("RELEASE_KILLS", "6"))
NOMINEES = 60
RELEASE = """
from cohorts.models import Cohort
from core import clock
from nominations.services.decisions import release_decisions
from people.models import User
cohort, by = Cohort.objects.get(slug="qeleased"), User.objects.get(reference="{by}")
print("READY", flush=True)
release_decisions(cohort=cohort, by=by, today=clock.today())
print("RELEASED", flush=True)
"""


@pytest.fixture
def cohort(manager):
    """Sixty decisions of all four outcomes, prepared by the manager."""
    today = clock.today()
    made = CohortFactory(slug="qeleased", status="selecting", capacity=30)
    organisation = OrganisationFactory()
    for number in range(NOMINEES):
        outcome = list(Outcome)[number % 4]
        DecisionFactory(
            nomination=NominationFactory(cohort=made, organisation=organisation, status="complete", answered=True),
            outcome=outcome,
            reason=DecisionReason.SCORE,
            answer_by=today + timedelta(days=14) if outcome == Outcome.OFFER else None,
            reserve_until=today + timedelta(days=28) if outcome == Outcome.RESERVE else None,
            prepared_by=manager,
        )
    return made


def what_is_there():
    """Decisions released, statuses that moved, letters, links, records and audit rows of the release."""
    return (
        Decision.objects.filter(released_at__isnull=False).count(),
        Nomination.objects.exclude(status="complete").count(),
        Message.objects.filter(kind="decision-released").count(),
        Link.objects.filter(purpose="offer").count(),
        SelectionRecord.objects.count(),
        AuditEvent.objects.filter(event="decision.released").count(),
    )


NOTHING = (0, 0, 0, 0, 0, 0)
EVERYTHING = (NOMINEES, NOMINEES, NOMINEES, NOMINEES // 4, 1, NOMINEES)


def each_has_one_letter_or_is_shown(running, client):
    """Each nominee has exactly one decision letter at the mail server, or its message is uncertain and on the page."""
    counts = check_nothing_is_lost_or_doubled(running, NOMINEES)
    told = Message.objects.filter(kind="decision-released").values_list("person", flat=True)
    assert sorted(told) == sorted(Nomination.objects.values_list("person__reference", flat=True))
    taken = running.taken()
    page = client.get(reverse("correspondence:message-list"), {"state": MessageState.UNCERTAIN})
    shown = {line.message.pk for line in page.context["rows"]}
    for message in Message.objects.all():
        assert taken[message.message_id] == 1 or message.pk in shown
    return counts


def test_a_worker_killed_again_and_again_after_a_release(start_system, cohort, administrator, client_as):  # noqa: F811
    system = start_system(milliseconds=8)  # noqa: F811
    dice = random.Random(NOMINEES)
    system.start_worker()
    assert release_decisions(cohort=cohort, by=administrator, today=clock.today()) == NOMINEES
    struck = 0
    for _kill in range(KILLS):
        before = in_state(MessageState.SENT)
        wait_for(lambda before=before: before < in_state(MessageState.SENT) or not in_state(*OPEN), "nothing is sent")
        time.sleep(dice.uniform(0, 0.1))
        struck += in_state(*OPEN) > 0
        system.kill("worker")
        system.start_worker()
    assert struck > 2, "the worker was done before it was killed"
    system.start_beat()
    wait_until_settled(120)
    assert what_is_there() == EVERYTHING
    counts = each_has_one_letter_or_is_shown(system, client_as(administrator))
    assert counts.get(MessageState.UNCERTAIN, 0) <= KILLS


def releasing(running, by):
    """Start the release in a process of its own; it says READY when it is about to begin."""
    log = running.folder / "release.log"
    log.unlink(missing_ok=True)
    manage = (sys.executable, "manage.py", "shell", "--no-imports", "-c")
    running.start("release", *manage, RELEASE.format(by=by.reference))
    wait_for(lambda: "READY" in log.read_text(), "the release never came to its beginning")


class HeldInTheMiddle:
    """Whoever writes the last letter waits: its key is taken by a transaction that is not over."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        last = Decision.objects.latest("pk")
        common = {"due_on": clock.today(), "late_after": clock.today(), "queued_at": clock.now()}
        Message.objects.create(key=f"decision:{last.pk}", message_id="<held@qarth.example>", **common)
        return self

    def __exit__(self, *_unused):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @staticmethod
    def waiting():
        """The process ids in the database of those who wait for a lock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else it shows what it showed first
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return [pid for (pid,) in cursor.fetchall()]


def test_a_release_killed_in_the_middle_leaves_nothing_and_the_next_one_everything(
    system,  # noqa: F811
    cohort,
    administrator,
    client_as,
):
    with HeldInTheMiddle() as held:
        releasing(system, administrator)
        wait_for(lambda: bool(held.waiting()), "the release never came to the last letter")
        system.kill("release")
    wait_for(lambda: not HeldInTheMiddle.waiting(), "the database still works for the dead")
    assert what_is_there() == NOTHING
    assert not system.taken()
    system.start_worker()
    releasing(system, administrator)
    wait_for(lambda: "RELEASED" in system.log("release"), "the second release never ended")
    wait_until_settled()
    assert what_is_there() == EVERYTHING
    assert each_has_one_letter_or_is_shown(system, client_as(administrator)) == {MessageState.SENT: NOMINEES}


def test_a_connection_that_breaks_in_the_middle_leaves_nothing(cohort, administrator):
    outcome = []

    def release():
        try:
            outcome.append(release_decisions(cohort=cohort, by=administrator, today=clock.today()))
        except Exception as error:  # the test shows it
            outcome.append(error)
        finally:
            connections.close_all()

    with HeldInTheMiddle() as held:
        thread = threading.Thread(target=release)
        thread.start()
        wait_for(lambda: bool(held.waiting()), "the release never came to the last letter")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", held.waiting())
        thread.join(20)
    assert isinstance(outcome[0], OperationalError)
    assert what_is_there() == NOTHING
    assert release_decisions(cohort=cohort, by=administrator, today=clock.today()) == NOMINEES
    assert what_is_there() == EVERYTHING


def test_a_release_killed_at_random_points_is_all_or_nothing(system, cohort, administrator):  # noqa: F811
    dice = random.Random(KILLS)
    for _round in range(4):
        releasing(system, administrator)
        time.sleep(dice.uniform(0, 0.4))
        system.kill("release")
        wait_for(lambda: no_other_transaction(), "the database still works for the dead")
        assert what_is_there() in (NOTHING, EVERYTHING)
    system.start_worker()
    system.start_beat()
    if what_is_there() == NOTHING:
        release_decisions(cohort=cohort, by=administrator, today=clock.today())
    wait_until_settled()
    assert what_is_there() == EVERYTHING
    assert check_nothing_is_lost_or_doubled(system, NOMINEES) == {MessageState.SENT: NOMINEES}


def no_other_transaction():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle'"
        )
        return cursor.fetchone() == (0,)
