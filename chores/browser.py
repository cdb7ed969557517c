"""Chromium for the browser's tests: the one on the PATH, or one we install where we may."""

import os
import shutil
import subprocess
from pathlib import Path

from chores.console import Trouble, say
from chores.environment import bare_environ, packages
from chores.places import LOGS, make_folder

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "apt-get install chromium libatomic1"


def find_browser() -> dict[str, str]:
    """The variables that tell the tests where Chromium is; none when there is none, and the tests then skip.

    As root on Debian it is installed. Raises `Trouble` where skipping would hide something: when `CI` is set.
    """
    if not _complete() and os.getuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser's tests …")
        _install()
    if _complete():
        return {"INFUSE_CHROMIUM": str(_chromium())}
    advice = f"There is no Chromium that works here; install one (on Debian: sudo {INSTALL})"
    if os.environ.get("CI"):
        raise Trouble(f"{advice}, because CI must not skip the browser's tests.")
    say(f"{advice}. The browser's tests are skipped.")
    return {}


def _chromium() -> str | None:
    return os.environ.get("INFUSE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _complete() -> bool:
    """Whether there is a Chromium, and Playwright's own Node runs (a bare Debian lacks libatomic)."""
    node = packages() / "playwright" / "driver" / "node"
    works = subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0
    return works and _chromium() is not None


def _install() -> None:
    log = make_folder(LOGS) / "chromium.log"
    env = {**bare_environ(), "DEBIAN_FRONTEND": "noninteractive"}
    with Path(log).open("wb") as out:
        for words in ("update", f"{INSTALL.removeprefix('apt-get ')} -y --no-install-recommends"):
            subprocess.run(
                ["apt-get", *words.split()], env=env, stdout=out, stderr=out, stdin=subprocess.DEVNULL, check=False
            )
