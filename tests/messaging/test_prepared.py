"""Statements that a session plans once."""

import pytest
from django.db import Error, connection

from messaging.models import Heartbeat
from messaging.prepared import Prepared

BEAT = Prepared("qarth_beat", "timestamptz, text", "UPDATE messaging_heartbeat SET at = %s WHERE name = %s")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def beat():
    Heartbeat.objects.create(name="qarth")


def sessions_statements():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'qarth_beat'")
        return cursor.fetchone()[0]


def test_it_changes_rows_and_says_how_many_and_is_planned_once():
    assert [BEAT.execute("2026-03-11T10:00Z", name) for name in ("qarth", "nobody", "qarth")] == [1, 0, 1]
    assert sessions_statements() == 1


def test_a_new_session_plans_it_anew():
    BEAT.execute("2026-03-11T10:00Z", "qarth")
    connection.close()
    assert BEAT.execute("2026-03-11T11:00Z", "qarth") == 1


def test_a_pooler_that_gives_another_session_costs_time_only():
    BEAT.execute("2026-03-11T10:00Z", "qarth")
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert BEAT.execute("2026-03-11T11:00Z", "qarth") == 1
    assert sessions_statements() == 0
    assert str(Heartbeat.objects.get().at) == "2026-03-11 11:00:00+00:00"


def test_a_session_that_has_it_from_somebody_else_is_no_matter():
    with connection.cursor() as cursor:
        cursor.execute(
            "PREPARE qarth_beat (timestamptz, text) AS " + BEAT.text.replace("%s", "$1", 1).replace("%s", "$2")
        )
    assert BEAT.execute("2026-03-11T10:00Z", "qarth") == 1


def test_any_other_fault_is_raised():
    with pytest.raises(Error):
        BEAT.execute("no moment", "qarth")
