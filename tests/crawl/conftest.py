"""One world for a whole file of tests, built once: inside a transaction for the client, committed for the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from tests.conftest import TODAY, stop_the_clock
from tests.crawl.checks import undone
from tests.crawl.world import World, build


@pytest.fixture(scope="module")
def stopped_clock() -> Iterator[date]:
    """The product's clock shows TODAY for the whole file."""
    patch = pytest.MonkeyPatch()
    stop_the_clock(patch, TODAY)
    yield TODAY
    patch.undo()


@contextmanager
def made_world(rows: int) -> Iterator[World]:
    """A world that is gone afterwards."""
    cache.clear()
    with undone():
        yield build(rows)


@pytest.fixture(scope="module")
def open_database(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database, for fixtures that outlive a test. Without a test marked django_db there is none, so say so."""
    assert connection.settings_dict["NAME"].startswith("test_"), "Mark the tests of this file with django_db."
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def world(open_database, stopped_clock) -> Iterator[World]:
    """A world of one row. What a test marked django_db does to it is undone after the test."""
    with made_world(1) as made:
        yield made


@pytest.fixture(scope="module")
def served_world(open_database, stopped_clock) -> Iterator[tuple[World, str]]:
    """A world that is committed, and the address of a server that shows it."""
    cache.clear()
    server = None
    try:
        made = build(1)
        server = LiveServer("localhost")
        yield made, server.url
    finally:
        if server:
            server.stop()
        connection.close()
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, allow_cascade=True)
