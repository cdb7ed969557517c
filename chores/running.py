"""`make run`: the whole system under one supervisor."""

import contextlib
import http.client
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from chores.console import Trouble, require_room, say
from chores.environment import prepare, python
from chores.places import LOGS, ROOT, VAR, Memory, make_folder, only_one, port_is_free, reserve
from chores.processes import Child, Household, StopAsked, explain, wait_until
from chores.servers import open_servers, require_welcome, require_yours, variables

MANY_DEATHS, LATELY = 5, 120  # who ends five times within two minutes will not get better by being started again


def run(_args: Sequence[str]) -> int:
    """Serve until somebody asks us to stop. Raises `Trouble` when that cannot be."""
    began = time.monotonic()
    port = _wanted_port()
    require_yours()
    require_room(ROOT, 100)
    make_folder(VAR)
    memory = Memory(VAR / "state.json")
    address = f"http://localhost:{port}/"
    with (
        only_one(VAR / "run.lock", _patience(memory), _already_running(memory)) as lock,
        _hold(port) as door,
        Household(lock) as household,
    ):
        memory.keep("address", address)
        memory.keep("supervisor", os.getpid())
        try:
            env = _start(household, memory, door, address)
            _tell(household, env, address, time.monotonic() - began)
            _watch(household)
        except StopAsked:
            say("\nStopping …")
    return 0


def _wanted_port() -> int:
    words = os.environ.get("PORT") or "8000"
    if not (words.isascii() and words.isdigit() and 0 < int(words) < 65536):
        raise Trouble(f"PORT is {words!r}, which is no port; choose a number, for example: make run PORT=8001")
    return int(words)


def _already_running(memory: Memory) -> Trouble:
    return Trouble(f"Infuse already runs at {memory.facts.get('address')}; open that, or stop it first with Ctrl-C.")


def _patience(memory: Memory) -> float:
    """How long to wait for the one before us: only while it is being cleared away after a kill."""
    return 0 if Path(f"/proc/{memory.facts.get('supervisor')}").exists() else 15


@contextlib.contextmanager
def _hold(port: int) -> Iterator[socket.socket]:
    """Keep the port for the web server, which starts to listen when it is ready. Raises `Trouble` when it is taken."""
    try:
        door = reserve(port)
    except PermissionError:
        raise Trouble(f"Port {port} is for root alone; choose a higher one: make run PORT=8000") from None
    except OSError:
        free = next(filter(port_is_free, range(max(port, 1024) + 1, 65536)), 0)
        raise Trouble(f"Port {port} is in use by another program; choose another: make run PORT={free}") from None
    with door:
        yield door


def _start(household: Household, memory: Memory, door: socket.socket, address: str) -> dict[str, str]:
    """Start everything in order, until the first page answers. Returns the variables of the programs."""
    prepare(household, "run")
    require_welcome()
    for log in LOGS.glob("*.log"):
        log.replace(log.with_suffix(".before"))
    env = variables(memory, address) | open_servers(household, VAR, memory, LOGS)
    env["INFUSE_DEMO"] = os.environ.get("INFUSE_DEMO", "1")
    if not os.environ.get("EMAIL_URL"):
        env |= _catch_mail(household, memory, env)
    _fill(household, env)
    say("Starting web, worker and beat …")
    for program in _programs(env, door):
        household.start(program)
    _await_first_page(household, door.getsockname()[1])
    return env


def _catch_mail(household: Household, memory: Memory, env: Mapping[str, str]) -> dict[str, str]:
    """Start the mail catcher; returns where to send mail, and where it ends up."""
    port, box = memory.port("mail_port"), VAR / "mail"
    argv = [python(), "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", box]
    child = household.start(Child("the mail catcher", argv, env, LOGS / "mail.log", patience=3))
    if not wait_until(lambda: not port_is_free(port) or child.ended(), 30) or child.ended():
        raise explain(child, "The mail catcher did not start")
    return {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "INFUSE_MAILBOX": str(box)}


def _manage(env: Mapping[str, str], *words: str) -> Child:
    return Child(words[0], [python(), "manage.py", *words], env, LOGS / f"{words[0]}.log")


def _fill(household: Household, env: Mapping[str, str]) -> None:
    """Bring the tables, the static files and the demo up to date."""
    static = household.start(_manage(env, "collectstatic", "--noinput", "--verbosity=0"))
    household.must(
        _manage(env, "migrate", "--noinput", "--verbosity=1"), "The database could not be brought up to date"
    )
    if env["INFUSE_DEMO"] == "1":
        say("Loading the demo, unless it is there …")
        household.must(_manage(env, "devdata"), "The demo could not be loaded")
    if household.finish(static) != 0:
        raise explain(static, "The static files could not be collected")


def _programs(env: Mapping[str, str], door: socket.socket) -> list[Child]:
    """Web, worker and beat, in the order in which they start."""
    web = [python(), "-m", "gunicorn", "--bind", f"fd://{door.fileno()}", "--workers", "2", "--threads", "4"]
    web += ["--graceful-timeout", "5", "--no-control-socket", "--access-logfile", "-", "infuse.wsgi"]
    celery = [python(), "-m", "celery", "-A", "infuse"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--schedule", VAR / "beat-schedule", "--pidfile="]
    return [
        Child("web", web, env, LOGS / "web.log", pass_fds=(door.fileno(),)),
        Child("worker", worker, env, LOGS / "worker.log", patience=20),
        # Beat keeps nothing that matters, and can miss SIGTERM while it publishes.
        Child("beat", beat, env, LOGS / "beat.log", orphaned=signal.SIGKILL, patience=2),
    ]


def _await_first_page(household: Household, port: int) -> None:
    """Wait for the web server's first answer. Raises `Trouble` when a program ends, or nothing comes."""
    if not wait_until(lambda: _answers(port) or any(child.ended() for child in household.children), 90):
        raise Trouble(f"The web server does not answer after 90 seconds; see {LOGS / 'web.log'}.")
    for child in household.children:
        if child.ended():
            raise explain(child, f"{child.name} ended instead of starting")


def _answers(port: int) -> bool:
    """Whether `/health/` answers: well (200), not yet well (503: a worker that has still to report)."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/health/")
        return line.getresponse().status in (200, 503)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _tell(household: Household, env: Mapping[str, str], address: str, seconds: float) -> None:
    """Print the address and who can sign in."""
    say(f"\nInfuse is ready at {address} after {seconds:.0f} seconds.\n")
    if env["INFUSE_DEMO"] == "1":
        say(f"  {address}demo/       sign in as any of these people with one click")
        say(f"  {address}demo/mail/  the mail they have been sent\n")
        people = _manage(env, "demo_people")
        household.must(people, "The demo people could not be listed")
        assert people.log
        for line in people.log.read_text("utf-8").splitlines():
            if line.count("\t") == 2:
                say("  {:<22}{:<28}{}".format(*line.split("\t")))
    say(f"\nLogs are in {LOGS.relative_to(ROOT)}/. Ctrl-C stops everything; the data stays.")


def _watch(household: Household) -> None:
    """Start again whoever ends by itself, a little later each time. Raises `Trouble` when that does not help."""
    while True:
        wait_until(lambda: any(child.ended() for child in household.children), 3600, step=0.3)
        for child in filter(Child.ended, household.children):
            now = time.monotonic()
            child.deaths = [death for death in child.deaths if now - death < LATELY] + [now]
            if len(child.deaths) >= MANY_DEATHS:
                raise explain(child, f"{child.name} keeps ending by itself, so everything was stopped")
            say(f"{child.name} ended by itself; starting it again.")
            wait_until(lambda: False, 2 ** (len(child.deaths) - 1) / 2)
            household.stop(child)
            household.start(child)
