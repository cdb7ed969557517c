"""What the tests of the chores need of the machine: a fresh clone, a bare environment, and who is running."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chores.places import ROOT

# Only what the way to the package index may need.
TO_THE_INDEX = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def bare(home: Path, **more: str) -> dict[str, str]:
    """An environment with next to nothing in it."""
    path = os.pathsep.join(place for place in os.environ["PATH"].split(os.pathsep) if ".venv" not in place)
    kept = {name: value for name, value in os.environ.items() if name in TO_THE_INDEX or name.startswith("PIP_")}
    return {"PATH": path, "HOME": str(home), **kept, **more}


@contextmanager
def fresh_clone(owner: int | None = None) -> Iterator[Path]:
    """What is committed, cloned into an empty folder whose name is awkward. Everything is removed afterwards."""
    room = Path(tempfile.mkdtemp(prefix="infuse tŷ bach "))
    try:
        trusting = {**os.environ, "HOME": str(room)}
        (room / ".gitconfig").write_text("[safe]\n\tdirectory = *\n")
        clone = room / "infuse"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], env=trusting, check=True)
        if owner is not None:
            for path in [room, *room.rglob("*")]:
                os.chown(path, owner, owner, follow_symlinks=False)
        yield clone
        subprocess.run(["python3", "chores", "clean", "--yes"], cwd=clone, env=bare(room), check=True)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def chore(clone: Path, verb: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a chore to its end in a bare environment."""
    env = bare(clone.parent, **variables)
    return subprocess.run(
        ["python3", "chores", verb], cwd=clone, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def free_port() -> int:
    """A port nobody has at this moment."""
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        return int(here.getsockname()[1])


def get(address: str) -> tuple[int, str]:
    """Status and text of a page; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_for(what: Callable[[], object], seconds: float) -> bool:
    """Whether it came true within so many seconds."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def memory(clone: Path) -> Mapping[str, object]:
    """What the chores remember there."""
    return json.loads((clone / "var" / "state.json").read_text())


def living() -> dict[int, tuple[int, str]]:
    """Every process that lives: its parent, and the moment it began (numbers are used again)."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if words[0] != "Z":
                found[int(folder.name)] = (int(words[1]), words[19])
    return found


def family(pid: int) -> dict[int, str]:
    """A process and everybody below it, with the moments they began."""
    everybody = living()
    found = {pid}
    while more := {child for child, (parent, _) in everybody.items() if parent in found} - found:
        found |= more
    return {member: everybody[member][1] for member in found if member in everybody}


def survivors(members: Mapping[int, str], clone: Path) -> list[int]:
    """Who of these still lives, and whoever else has anything to do with the clone."""
    now = living()
    left = {pid for pid, began in members.items() if pid in now and now[pid][1] == began}
    for pid in now:
        try:
            folder = Path(f"/proc/{pid}")
            words = (folder / "cmdline").read_bytes() + os.fsencode((folder / "cwd").readlink())
        except OSError:
            continue
        if os.fsencode(clone) in words and pid != os.getpid():
            left.add(pid)
    return sorted(left)
