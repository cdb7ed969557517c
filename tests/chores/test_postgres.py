"""The embedded database survives kills, and harms no stranger."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg2
import pytest

from chores import postgres
from chores.console import Trouble
from chores.places import Memory, only_one
from chores.postgres import Postgres
from chores.processes import Household
from tests.chores.machine import living, wait_for


@pytest.fixture
def room(monkeypatch):
    """A folder that every user can pass through, with an awkward name."""
    folder = Path(tempfile.mkdtemp(prefix="infuse tŷ "))
    folder.chmod(0o711)
    monkeypatch.setattr(postgres, "packages", lambda: Path(psycopg2.__file__).parent.parent)
    yield folder
    shutil.rmtree(folder)


def server_in(room):
    return Postgres(room / "postgres", Memory(room / "state.json"), room / "log")


def answer(server, statement):
    line = psycopg2.connect(server.url)
    try:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        line.close()


def test_data_survives_a_kill_and_a_pid_file_that_was_left(room):
    with Household() as household:
        server = server_in(room)
        server.start(household)
        answer(server, "CREATE TABLE kept AS SELECT 'yes' AS what")
        os.kill(household.children[0].pid, signal.SIGKILL)
        assert wait_for(household.children[0].ended, 10)
    assert (server.data / "postmaster.pid").exists()
    with Household() as household:
        again = server_in(room)
        again.start(household)
        assert again.url == server.url
        assert answer(again, "SELECT what FROM kept") == [("yes",)]
        assert answer(again, "SHOW fsync") == [("on",)]
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(again.url.replace(again.password, "guess"))


def test_a_server_that_was_left_on_the_folder_is_ended_first(room):
    with Household() as first, Household() as second:
        server_in(room).start(first)
        left = first.children[0]
        server_in(room).start(second)
        assert wait_for(left.ended, 5)
        assert not second.children[0].ended()


@pytest.mark.parametrize("who", ["gone", "a zombie", "a stranger"])
def test_a_pid_file_that_names_somebody_else(room, who):
    server = server_in(room)
    server.data.mkdir(parents=True)
    other = subprocess.Popen(["true"] if who == "a zombie" else ["sleep", "600"])
    if who == "gone":
        other.kill()
        other.wait()
    if who == "a zombie":
        assert wait_for(lambda: other.pid not in living(), 10)
    (server.data / "postmaster.pid").write_text(f"{other.pid}\n")
    server._clear_up()
    assert not (server.data / "postmaster.pid").exists()
    if who == "a stranger":
        assert other.poll() is None
        other.kill()
    other.wait()


def test_data_of_another_version(room):
    server = server_in(room)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("11\n")
    with (
        Household() as household,
        pytest.raises(Trouble, match=r"made by PostgreSQL 11 and this is \d\d; run `make clean`"),
    ):
        server.start(household)


def test_an_unfinished_folder_is_made_again(room):
    """A kill while the folder is being made leaves it under another name."""
    server = server_in(room)
    (server.folder / "new" / "base").mkdir(parents=True)
    with Household() as household:
        server.start(household)
        assert answer(server, "SELECT 1") == [(1,)]


def test_a_lock_lasts_as_long_as_its_holder(room):
    with (
        only_one(room / "lock", 0, Trouble("held")),
        pytest.raises(Trouble, match="held"),
        only_one(room / "lock", 0.1, Trouble("held")),
    ):
        pass
    with only_one(room / "lock", 0, Trouble("held")):
        pass
