"""`make setup`, `make lock`, `make messages` and `make clean`."""

import shutil
import sys
from collections.abc import Sequence

from chores.console import Trouble, say
from chores.environment import LOCKS, bare_environ, prepare, python
from chores.places import LOGS, ROOT, SHELTER, VAR, VENV, Memory, make_folder, only_one
from chores.processes import Child, Household

UV = "uv==0.13.9"
LOWEST = "3.11.2"  # Debian 12's; a lock made for a later patch would leave out what only this one needs
SOURCES = {"test": "requirements-dev.txt", "run": "requirements-demo.txt", "browser": "requirements-browser.txt"}


def setup(_args: Sequence[str]) -> int:
    """Make `.venv` with everything the tests and checks need."""
    with Household() as household:
        prepare(household, "test")
    say(f"Ready: {python()}")
    return 0


def lock(_args: Sequence[str]) -> int:
    """Write the locks anew from the requirements; what need not change keeps its version."""
    with Household() as household:
        prepare(household, "test")
        pip = [python(), "-m", "pip", "install", "--quiet", "--only-binary=:all:", UV]
        household.must(Child("pip", pip, bare_environ(), make_folder(LOGS) / "uv.log"), "uv could not be fetched")
        for name, source in SOURCES.items():
            argv = [python(), "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
            argv += ["--no-header", "--no-annotate", "--only-binary", ":all:", "--python-version", LOWEST]
            argv += ["--constraint", LOCKS / "browser.lock"] if name == "run" else []
            argv += ["--output-file", LOCKS / f"{name}.lock", ROOT / source]
            household.must(Child("uv", argv, bare_environ(), LOGS / "uv.log"), f"{source} could not be locked")
            say(f"Wrote requirements/{name}.lock")
    return 0


def messages(args: Sequence[str]) -> int:
    """Merge and compile the Welsh catalogue."""
    with Household() as household:
        prepare(household, "test")
        return household.do(Child("the catalogue", [python(), "locale/cy/merge.py", *args], bare_environ()))


def clean(args: Sequence[str]) -> int:
    """Remove `.venv`, and `var/` with the demo's data. Asks first, unless told `--yes`.

    Raises `Trouble` while Infuse runs."""
    if "--yes" not in args:
        if not sys.stdin.isatty():
            raise Trouble("This removes .venv and the demo's data; say so: make clean ARGS=--yes")
        if input("This removes .venv and the demo's data. Go on? [y/N] ").strip().lower() != "y":
            return 1
    if VAR.exists():
        memory = Memory(VAR / "state.json")
        with only_one(VAR / "run.lock", 0, Trouble("Infuse is running; stop it first with Ctrl-C.")):
            if "shelter" in memory.facts:
                shutil.rmtree(SHELTER / str(memory.facts["shelter"]), ignore_errors=True)
            shutil.rmtree(VAR)
    shutil.rmtree(VENV, ignore_errors=True)
    say("Removed .venv and var/.")
    return 0
