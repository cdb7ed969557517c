"""`make test`, `make faults`, `make check` and `make bench`."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from chores.browser import find_browser
from chores.console import require_room, say
from chores.environment import bare_environ, prepare, python
from chores.places import LOGS, ROOT, Memory, nobody_reaches, shelter
from chores.processes import Child, Household
from chores.servers import open_servers, require_welcome, require_yours, variables

ONE_TEST, ALL_TESTS = 300, 45 * 60  # seconds; nothing hangs for longer

CHECKS = {  # fast ones first
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "street": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "types": ["-m", "mypy", "."],
    "deployment": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    # It would ask the database how far it is, and warns that none answers here.
    "migrations": ["-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
    "catalogue": ["locale/cy/merge.py", "--check"],
}
AS_IN_PRODUCTION = {
    "SECRET_KEY": "only to look, never to serve: 8yq2m0v5wz7xk4c1t9u6r3b0n7j5h2g8",
    "PUBLIC_URL": "https://infuse.example",
    "ALLOWED_HOSTS": "infuse.example",
    "EMAIL_URL": "smtp+tls://infuse:secret@mail.example:587",
    "DATABASE_URL": "postgres://infuse:secret@127.0.0.1:9/infuse",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "DJANGO_SETTINGS_MODULE": "infuse.settings",
    "INFUSE_DEMO": "0",
    "INFUSE_INSECURE_HTTP": "0",
}


def test(args: Sequence[str]) -> int:
    """Run the tests against servers of their own; returns pytest's exit code. `args` go to pytest."""
    with _stage() as (household, env):
        limits = ["-n", "2", "--dist", "worksteal", f"--timeout={ONE_TEST}"]
        pytest = [python(), "-m", "pytest", *limits, *args]
        return household.do(Child("pytest", pytest, env | find_browser(household), patience=20), ALL_TESTS)


def faults(args: Sequence[str]) -> int:
    """Kill real processes at 200 random points, and all chosen ones; returns pytest's exit code. `args` go to it."""
    with _stage() as (household, env):
        long = {"FAULT_KILLS": os.environ.get("FAULT_KILLS", "200")}
        argv = [python(), "-m", "pytest", "tests/messaging/faults", "-s", f"--timeout={ALL_TESTS}", *args]
        return household.do(Child("the fault tests", argv, env | long, patience=20), ALL_TESTS)


def bench(args: Sequence[str]) -> int:
    """Measure against servers of their own; returns the bench's exit code. `args` go to the bench."""
    with _stage() as (household, env):
        return household.do(Child("the bench", [python(), "-m", "bench", *args], env), ALL_TESTS)


@contextlib.contextmanager
def _stage() -> Iterator[tuple[Household, dict[str, str]]]:
    """The test environment with servers that nobody will miss afterwards, and the variables to reach them."""
    require_yours()
    require_room(ROOT, 100)
    temporary = Path(tempfile.gettempdir())
    if os.getuid() == 0 and not nobody_reaches(temporary):
        temporary = shelter()
    folder = Path(tempfile.mkdtemp(prefix="infuse-", dir=temporary))
    folder.chmod(0o711)
    try:
        with Household() as household:
            prepare(household, "test")
            require_welcome()
            memory = Memory(folder / "state.json")
            env = variables(memory, "http://localhost:8000/")
            yield household, env | open_servers(household, folder, memory, LOGS / "test", careless=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check(_args: Sequence[str]) -> int:
    """Everything that can be judged without running the tests. Runs all of it; returns 1 when anything fails."""
    results = {}
    with Household() as household:
        prepare(household, "test")
        for name, argv in CHECKS.items():
            say(f"\n== {name}")
            results[name] = household.do(Child(name, [python(), *argv], bare_environ() | AS_IN_PRODUCTION))
    say()
    for name, code in results.items():
        say(f"{'FAILED' if code else 'ok    '} {name}")
    return int(any(results.values()))
