"""One world for a whole file of tests, built once: inside a transaction for the client, committed for the browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from tests.conftest import TODAY, stop_the_clock
from tests.crawl.browsing import AXE, WIDE
from tests.crawl.checks import undone
from tests.crawl.line import OPEN, ROLES
from tests.crawl.matrix import MATRIX
from tests.crawl.world import World, build
from tests.signing_in import fresh, signed_in


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


@contextmanager
def serving(prepare: Callable[[World], None] = lambda _world: None) -> Iterator[tuple[World, str]]:
    """A world that is committed, and the address of a server that shows it; all of it is gone afterwards."""
    cache.clear()
    server = None
    try:
        made = build(1)
        prepare(made)
        server = LiveServer("localhost")
        yield made, server.url
    finally:
        if server:
            server.stop()
        connection.close()
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, allow_cascade=True)


def take_the_ways(world: World) -> None:
    """Sign everybody in once more for each page that is the second step of something, and take the first."""
    for name, line in MATRIX.items():
        for role in ROLES if line.before else ():
            if line.status(role) == OPEN:
                client = signed_in(fresh(world.people[role]) if role != "anonymous" else None)
                line.before(client, world, role)
                world.cookies[f"{role} {name}"] = {cookie: morsel.value for cookie, morsel in client.cookies.items()}


@pytest.fixture(scope="module")
def served_world(open_database, stopped_clock) -> Iterator[tuple[World, str]]:
    """A world for the browser, and its address."""
    with serving(take_the_ways) as served:
        yield served


@pytest.fixture
def visit(served_world, browser, browser_context_args):
    """A page of a new browser, signed in: `visit(role)`, `visit(role, name)` for one that is the second step of
    something, `visit(role, script=False)` without JavaScript."""
    world, url = served_world
    contexts = []

    def enter(role, name="", *, script=True):
        context = browser.new_context(**browser_context_args, viewport=WIDE, java_script_enabled=script)
        contexts.append(context)
        for cookie, value in world.cookies.get(f"{role} {name}".strip(), {}).items():
            context.add_cookies([{"name": cookie, "value": value, "url": url}])
        if script:
            context.add_init_script(AXE)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield enter
    for context in contexts:
        context.close()
