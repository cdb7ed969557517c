"""Running the reminders: each source by itself, each key once."""

import pytest

from core.clock import Window
from messaging.models import Message
from messaging.reminders import send_due
from tests.messaging.conftest import DAY, days
from tests.reminding import source

pytestmark = pytest.mark.django_db


def broken(_asked):
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
    def half(asked):
        yield mail("half")
        yield from broken(asked)

    outcomes = send_due([source("half", half), source_of(mail(1))], DAY)
    assert "no facts" in outcomes[0].faults[0]
    assert list(Message.objects.values_list("key", flat=True)) == ["qarth:1"]


def test_a_mail_that_cannot_be_written_stops_no_other_of_its_source(mail, source_of):
    (outcome,) = send_due([source_of(mail(1), mail(2, template="gone"), mail(3))], DAY)
    assert (outcome.due, outcome.queued, len(outcome.faults)) == (3, 2, 1)


def test_the_source_is_told_the_day_and_whose_facts_count(mail):
    asked = []

    def due(question):
        asked.append((question.window, question.people, question.judged_on(DAY)))
        return iter(())

    send_due([source("qarth", due)], DAY)
    send_due([source("qarth", due)], DAY, as_of=DAY + days(2))
    only = Window(DAY, DAY + days(1))
    assert asked == [(only, None, DAY), (only, None, DAY + days(2))]
