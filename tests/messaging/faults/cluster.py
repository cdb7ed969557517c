"""A PostgreSQL of one's own, which a test may stop and crash as it likes; what it had committed, it keeps."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg2
import pytest
from django.core.management import call_command
from django.db import Error, connection

from chores import postgres
from chores.places import Memory
from chores.postgres import Postgres
from chores.processes import Household
from tests.messaging.faults.processes import wait_for

T = TypeVar("T")
# A power cut is not under test. A crash is, so a commit waits until the system has it.
FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "on"}


class Cluster:
    """The server. `restart(signal.SIGINT)` stops it in order, `restart(signal.SIGQUIT)` crashes it."""

    def __init__(self, folder: Path) -> None:
        self.household = Household()
        self.server = Postgres(folder / "postgres", Memory(folder / "state.json"), folder / "postgres.log")
        self.server.options = self.server.options | FOR_TESTS
        self.server.start(self.household)

    def restart(self, how: signal.Signals) -> None:
        """Stop it that way, whoever is talking to it, and start it again."""
        (child,) = self.household.children
        os.kill(child.pid, how)
        wait_for(child.ended, "the database does not end")
        self.household.children.clear()
        self.server.start(self.household)
        connection.close()


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A server that runs, with our tables in it."""
    folder = Path(tempfile.mkdtemp(prefix="infuse-"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres, "packages", lambda: Path(psycopg2.__file__).parent.parent)
        cluster = Cluster(folder)
        with cluster.household:
            try:
                yield cluster
            finally:
                shutil.rmtree(cluster.server.folder, ignore_errors=True)
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def led_to(cluster: Cluster) -> Iterator[None]:
    """This process, and those it starts, use that server's database."""
    usual = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    own = {"NAME": postgres.NAME, "USER": postgres.NAME, "PASSWORD": cluster.server.password}
    connection.settings_dict.update(own, HOST="127.0.0.1", PORT=str(cluster.server.port))
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


def patiently(ask: Callable[[], T]) -> T:
    """The answer, though the database may have gone away since it was asked last."""
    try:
        return ask()
    except Error:
        connection.close()
        return ask()
