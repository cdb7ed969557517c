"""The catcher's counts beside ours."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from messaging.enums import MessageState
from messaging.models import Message
from messaging.queries import undecided
from tests.messaging.faults.processes import System, wait_for

OPEN = (MessageState.QUEUED, MessageState.SENDING)
SENT, UNCERTAIN, FAILED = MessageState.SENT, MessageState.UNCERTAIN, MessageState.FAILED


def in_state(*states: str) -> int:
    return Message.objects.filter(state__in=states).count()


def wait_until_settled(seconds: float = 60) -> None:
    wait_for(lambda: in_state(*OPEN) == 0, "still open", seconds)


def check_nothing_is_lost_or_doubled(system: System, expected: int) -> dict[str, int]:
    """Each message was taken exactly once, or is uncertain and shown, or was refused for good; the counts by state.

    The catcher knows nothing of our states, and it wrote down what it took before it said so.
    """
    taken = system.taken()
    counts = dict(Message.objects.values_list("state").annotate(count=Count("pk")))
    rows = {row.message_id: row for row in Message.objects.all()}
    by_state = Counter((row.state, row.message_id in taken) for row in rows.values())
    print(  # noqa: T201 (the counts are the point of a long run)
        f"messages {len(rows)}: sent {by_state[SENT, True]}, uncertain {counts.get(UNCERTAIN, 0)} "
        f"(of them taken {by_state[UNCERTAIN, True]}), refused {counts.get(FAILED, 0)}; "
        f"taken {sum(taken.values())}, of them twice {sum(times > 1 for times in taken.values())}; "
        f"lost {by_state[SENT, False]}"
    )
    assert len(rows) == expected
    assert set(counts) <= {SENT, UNCERTAIN, FAILED}
    assert set(taken) <= set(rows)
    assert {one: times for one, times in taken.items() if times != 1} == {}, "doubled"
    assert [one for one, row in rows.items() if row.state == SENT and one not in taken] == [], "lost"
    refused = system.refused()
    failed = [(one, row) for one, row in rows.items() if row.state == FAILED]
    assert [row.key for one, row in failed if one in taken or row.address not in refused] == [], "refused, and yet not"
    assert set(undecided().filter(state=UNCERTAIN)) == {row for row in rows.values() if row.state == UNCERTAIN}
    return counts
