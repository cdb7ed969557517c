"""`make run` from nothing: a fresh clone, an empty folder, an empty environment; as whoever we are and, when that is
root, as an ordinary user too."""

import os
import re
import signal
import subprocess

import pytest

from chores.places import NOBODY
from chores.processes import Child
from tests.chores.machine import bare, chore, family, free_port, fresh_clone, get, memory, survivors, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

KEEP = """
import json, sys, psycopg2
facts = json.load(open("var/state.json"))
line = psycopg2.connect(host="127.0.0.1", port=facts["postgres_port"], user="infuse", dbname="infuse",
                        password=facts["postgres_password"])
line.autocommit = True
with line.cursor() as cursor:
    cursor.execute(sys.argv[1])
    print(cursor.fetchall() if cursor.description else "done")
"""


def users():
    yield pytest.param(False, id="as-ourselves")
    if os.getuid() == 0:
        yield pytest.param(True, id="as-an-ordinary-user")


def start(clone, as_nobody, port):
    """`make run`, tied to us: should we be killed, it goes too."""
    log = clone.parent / "words"
    log.unlink(missing_ok=True)
    env = bare(clone.parent, PORT=str(port))
    make = Child("make", ["make", "run"], env, log, clone, as_nobody, orphaned=signal.SIGKILL)
    make.start()
    return make


def require_answer(make, address):
    """The first page, within five minutes; the words so far when it does not come."""
    came = wait_for(lambda: get(address)[0] == 200 or make.ended(), 300)
    assert came, make.log.read_text()
    assert not make.ended(), make.log.read_text()
    assert wait_for(lambda: "Ctrl-C stops everything" in make.log.read_text(), 60), make.log.read_text()


def ask(clone, statement):
    """The demo database's answer."""
    python = clone / ".venv" / "bin" / "python"
    return subprocess.run([python, "-c", KEEP, statement], cwd=clone, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("as_nobody", users())
def test_a_fresh_clone_serves_keeps_its_data_and_leaves_nothing_behind(as_nobody):
    with fresh_clone(NOBODY if as_nobody else None) as clone:
        port = free_port()
        address = f"http://127.0.0.1:{port}/"

        make = start(clone, as_nobody, port)
        try:
            require_answer(make, address)
            assert "Infuse" in get(address)[1]
            assert wait_for(lambda: get(f"{address}health/")[0] == 200, 90), get(f"{address}health/")
            words = make.log.read_text()
            assert f"Infuse is ready at http://localhost:{port}/" in words
            listed = re.findall(r"^  ([a-z-]+)  ", words, re.MULTILINE)
            assert "manager" in listed
            assert "associate" in listed
            demo = get(f"{address}demo/")[1]
            assert all(f'value="{key}"' in demo for key in listed)
            assert get(f"{address}demo/mail/")[0] == 200

            second = chore(clone, "run", PORT=str(free_port()))
            assert second.returncode == 1
            assert second.stderr == (
                f"Infuse already runs at http://localhost:{port}/; open that, or stop it first with Ctrl-C.\n"
            )
            ask(clone, "CREATE TABLE kept AS SELECT 'between runs' AS what")
            everybody, facts = family(make.pid), memory(clone)
            assert len(everybody) > 10
            os.kill(make.pid, signal.SIGINT)  # make alone, as a shell script would
            assert wait_for(make.ended, 40)
            assert not survivors(everybody, clone)
        finally:
            make.stop()

        make = start(clone, as_nobody, port)
        try:
            require_answer(make, address)
            assert "Fetching the packages" not in make.log.read_text()
            assert "between runs" in ask(clone, "SELECT what FROM kept")
            assert {**facts, "supervisor": 0} == {**memory(clone), "supervisor": 0}
            everybody = family(make.pid)
            os.kill(int(memory(clone)["supervisor"]), signal.SIGKILL)
            assert wait_for(lambda: not survivors(everybody, clone), 30), survivors(everybody, clone)
        finally:
            make.stop()
