"""Where things are kept, and what is remembered between runs.

Everything lies in `var/` beside the code. There is one exception: PostgreSQL refuses to run as root, so for root it
runs as `nobody`, and a folder that nobody can reach (a home of mode 0700, say) will not do; its files then go to
`/var/lib/infuse/`.
"""

import contextlib
import fcntl
import json
import os
import secrets
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from chores.console import Trouble

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = ROOT / "var"
LOGS = VAR / "log"
SHELTER = Path("/var/lib/infuse")
NOBODY = 65534


def make_folder(path: Path, mode: int = 0o755, owner: int | None = None) -> Path:
    """Make a folder and those above it. `owner` is given to the last one."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    if owner is not None:
        os.chown(path, owner, owner)
    return path


def write_secretly(path: Path, words: str, owner: int | None = None) -> None:
    """Write a file only its owner can read, in one step: a crash leaves the old file or the new one."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(words)
    if owner is not None:
        os.chown(new, owner, owner)
    new.replace(path)


def nobody_reaches(path: Path) -> bool:
    """Whether every folder down to `path` lets strangers through."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


def shelter() -> Path:
    """Root's folder that `nobody` can pass through but not list."""
    make_folder(SHELTER)
    SHELTER.chmod(0o711)
    return SHELTER


class Memory:
    """`var/state.json`: ports, secrets and the shelter's name, the same from one run to the next."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.facts: dict[str, object] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        except ValueError:
            raise Trouble(f"{path} cannot be read; run `make clean` to start afresh (this forgets the demo).") from None

    def recall(self, key: str, make: object) -> str:
        """The fact of this name; `make()` invents it the first time."""
        if key not in self.facts:
            self.keep(key, make())  # type: ignore[operator]
        return str(self.facts[key])

    def keep(self, key: str, value: object) -> None:
        """Remember a fact from now on."""
        if self.facts.get(key) != value:
            self.facts[key] = value
            write_secretly(self.path, json.dumps(self.facts, indent=1))

    def secret(self, key: str) -> str:
        """A random word that stays the same."""
        return self.recall(key, lambda: secrets.token_urlsafe(48))

    def port(self, key: str) -> int:
        """The port this server had last time, or a free one when somebody else has it now."""
        known = self.facts.get(key)
        port = known if isinstance(known, int) and port_is_free(known) else free_port()
        self.keep(key, port)
        return port


def port_is_free(port: int) -> bool:
    """Whether we could listen there on this machine's own address."""
    try:
        reserve(port).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with reserve(0) as here:
        return int(here.getsockname()[1])


def reserve(port: int) -> socket.socket:
    """A socket bound to the port, not yet listening. Raises `OSError` when it is taken."""
    here = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        here.bind(("127.0.0.1", port))
    except OSError:
        here.close()
        raise
    return here


@contextlib.contextmanager
def only_one(path: Path, patience: float = 0, refusal: Trouble | None = None) -> Iterator[int]:
    """Hold a lock file while the block runs; yields its descriptor, so that a child can hold it too.

    Waits `patience` seconds for another holder, then raises `refusal` (or waits for ever when there is none).
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (fcntl.LOCK_NB if refusal else 0))
                break
            except BlockingIOError:
                if refusal and time.monotonic() >= until:
                    raise refusal from None
                time.sleep(0.2)
        yield lock
    finally:
        os.close(lock)
