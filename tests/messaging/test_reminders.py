"""Running the reminders: each source by itself, each key once."""

import pytest

from messaging.models import Message
from messaging.reminders import Source, send_due
from tests.messaging.conftest import DAY, days

pytestmark = pytest.mark.django_db


def broken(_on, _people, _as_of):
    raise ZeroDivisionError("no facts")
    yield


def test_each_source_is_counted(mail, source_of):
    outcomes = send_due([source_of(mail(1), mail(2)), source_of(mail(3, kind="other"), kind="other")], DAY)
    assert [(one.kind, one.due, one.queued, one.faults) for one in outcomes] == [
        ("qarth", 2, 2, []),
        ("other", 1, 1, []),
    ]


def test_twice_tells_nobody_twice(mail, source_of):
    source = source_of(mail(1), mail(2))
    send_due([source], DAY)
    (outcome,) = send_due([source], DAY)
    assert (outcome.due, outcome.queued) == (2, 0)
    assert Message.objects.count() == 2


def test_a_source_that_breaks_stops_no_other(mail, source_of):
    def half(on, people, as_of):
        yield mail("half")
        yield from broken(on, people, as_of)

    outcomes = send_due([Source("half", half), source_of(mail(1))], DAY)
    assert "no facts" in outcomes[0].faults[0]
    assert list(Message.objects.values_list("key", flat=True)) == ["qarth:1"]


def test_a_mail_that_cannot_be_written_stops_no_other_of_its_source(mail, source_of):
    (outcome,) = send_due([source_of(mail(1), mail(2, template="gone"), mail(3))], DAY)
    assert (outcome.due, outcome.queued, len(outcome.faults)) == (3, 2, 1)


def test_the_source_is_told_the_day_and_whose_facts_count(mail):
    asked = []

    def due(on, people, as_of):
        asked.append((on, people, as_of))
        return iter(())

    send_due([Source("qarth", due)], DAY)
    send_due([Source("qarth", due)], DAY, as_of=DAY + days(2))
    assert asked == [(DAY, None, DAY), (DAY, None, DAY + days(2))]
