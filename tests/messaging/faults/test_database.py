"""The database goes away in the middle of a mail: stopped in order, or crashed."""

from signal import SIGINT as STOP
from signal import SIGQUIT as CRASH

import pytest

from messaging.models import Message
from tests.messaging.faults.cluster import led_to, own_cluster, patiently
from tests.messaging.faults.counting import SENT, check_nothing_is_lost_or_doubled, in_state
from tests.messaging.faults.processes import ALL, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def server():
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
def cluster(server, transactional_db):
    with led_to(server):
        Message.objects.all().delete()
        yield server


CASES = [("MAIL 3", STOP), ("DOT 3", CRASH), ("MAIL 3", CRASH), ("DOT 3", STOP)]


@pytest.mark.parametrize(("when", "how"), CASES if ALL else CASES[:2])
def test_a_database_that_goes_away_while_it_sends(cluster, start_system, queue, when, how):
    """Before the hand-over the mail goes later; after it, its answer is recorded as soon as the database is back."""
    system = start_system()
    system.hold(when)
    system.start_worker()
    system.start_beat()
    queue(8)
    system.wait_until_it_holds()
    cluster.restart(how)
    system.let_go()
    # Another worker may take the sender for dead, and the mail for uncertain, until the sender has said its word.
    wait_for(lambda: patiently(lambda: in_state(SENT)) == 8, "not everything was sent")
    assert check_nothing_is_lost_or_doubled(system, 8) == {SENT: 8}
    assert system.is_running("worker")
    assert system.is_running("beat")
