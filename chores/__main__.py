"""The verbs: `python3 chores run`, or `make run`. How a failure is told: one sentence, and a code that is not 0."""

import errno
import os
import shlex
import sys

# Before the imports, which an older Python could not read, and in words that it can.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Infuse needs Python 3.11 or newer, and this is {}.{}; "
        "if you have a newer one, name it: make run PYTHON=python3.12".format(*sys.version_info)
    )
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from collections.abc import Callable, Sequence  # noqa: E402 (see above)

from chores import keeping, proving, running  # noqa: E402
from chores.console import FULL, Trouble, full_disk, say  # noqa: E402
from chores.places import ROOT  # noqa: E402
from chores.processes import StopAsked, listen  # noqa: E402

VERBS: dict[str, tuple[Callable[[Sequence[str]], int], str]] = {
    "run": (running.run, "serve the whole system with a demo (PORT=8000)"),
    "test": (proving.test, "run every test (ARGS='-k nominate' runs some)"),
    "faults": (proving.faults, "kill real processes 200 times while they send, and count"),
    "check": (proving.check, "format, lint, street, types, deployment, migrations, catalogue"),
    "bench": (proving.bench, "measure pages and jobs against a bare page"),
    "setup": (keeping.setup, "make .venv and nothing else"),
    "lock": (keeping.lock, "write the locks anew after a change of requirements"),
    "messages": (keeping.messages, "merge and compile the Welsh catalogue"),
    "clean": (keeping.clean, "remove .venv and the demo's data"),
}


def main(words: list[str]) -> int:
    """Do what the first word says. `NAME=value` words set variables, as they do for make."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    for word in words:
        name, sign, value = word.partition("=")
        if sign and name.isupper():
            os.environ[name] = value
    verb, *args = [word for word in words if not word.partition("=")[0].isupper()] or [""]
    if verb not in VERBS:
        for name, (_, what) in VERBS.items():
            say(f"  make {name:<10}{what}")
        return 0 if verb in ("", "help") else 2
    os.chdir(ROOT)
    listen()
    try:
        return VERBS[verb][0](args + shlex.split(os.environ.get("ARGS", "")))
    except Trouble as trouble:
        return fail(trouble)
    except StopAsked as asked:
        return 128 + asked.args[0]
    except OSError as error:
        if error.errno in FULL:
            return fail(full_disk(ROOT))
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return fail(
                Trouble(f"{error.filename or ROOT} cannot be written ({error.strerror}); make it yours and try again.")
            )
        raise


def fail(trouble: Trouble) -> int:
    """Say what is wrong, on the error stream."""
    print(trouble, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
