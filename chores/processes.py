"""Starting children, and leaving none behind.

Each child leads its own session, so that Ctrl-C reaches us alone and we end them in order. Should we be killed, the
kernel signals them (Linux) and the reaper ends whatever is left (everywhere).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from chores.console import Trouble, full_disk, last_words, says_full
from chores.places import NOBODY, ROOT, make_folder

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None) if LINUX else None

_asked: list[int] = []


class StopAsked(Exception):  # noqa: N818 (likewise)
    """Somebody pressed Ctrl-C, or sent a signal, while we were at work."""


def listen() -> None:
    """Take note of the signals that ask us to stop; nothing else happens inside a handler."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, lambda number, _frame: _asked.append(number))
    if LIBC and _parent_is_make():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _parent_is_make() -> bool:
    try:
        return "make" in Path(f"/proc/{os.getppid()}/comm").read_text()
    except OSError:
        return False


def _make_was_interrupted() -> bool:
    """Whether make got SIGINT or SIGHUP for itself alone: it does not pass them on, it waits for us inside its handler,
    where the signal is blocked."""
    try:
        status = Path(f"/proc/{os.getppid()}/status").read_text()
    except OSError:
        return False
    blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
    return any(blocked >> (number - 1) & 1 for number in (signal.SIGINT, signal.SIGHUP)) and _parent_is_make()


def check() -> None:
    """Raise `StopAsked` when somebody asked us to stop."""
    if not _asked and LINUX and _make_was_interrupted():
        _asked.append(signal.SIGINT)
    if _asked:
        raise StopAsked(_asked[0])


def wait_until(ready: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Ask again and again until `ready()` or time is up. Raises `StopAsked`."""
    until = time.monotonic() + seconds
    while not ready():
        check()
        if time.monotonic() > until:
            return False
        time.sleep(step)
    return True


@dataclass
class Child:
    """One program we keep running.

    `farewell` ends it kindly, `orphaned` is what the kernel sends when we die; after `patience` seconds it is killed.
    """

    name: str
    argv: Sequence[object]
    env: Mapping[str, str]
    log: Path | None = None
    folder: Path = ROOT
    as_nobody: bool = False
    farewell: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGTERM
    patience: float = 10
    pass_fds: tuple[int, ...] = ()
    words: str = ""  # what it reads on its standard input
    before: Callable[[], None] = lambda: None
    deaths: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own, its words going to its log."""
        self.before()
        out: IO[bytes] | None = None
        if self.log:
            make_folder(self.log.parent)
            out = self.log.open("ab")
        ear, mouth = os.pipe()
        os.write(mouth, self.words.encode())
        os.close(mouth)
        try:
            self.process = subprocess.Popen(
                [str(word) for word in self.argv],
                env=dict(self.env),
                cwd=self.folder,
                stdin=ear,
                stdout=out,
                stderr=out,
                start_new_session=True,
                pass_fds=self.pass_fds,
                preexec_fn=_tie(os.getpid(), self.orphaned),
                user=NOBODY if self.as_nobody else None,
                group=NOBODY if self.as_nobody else None,
                extra_groups=[] if self.as_nobody else None,
            )
        finally:
            os.close(ear)
            if out:
                out.close()

    @property
    def pid(self) -> int:
        """Its process id, which is also its group's."""
        return self.process.pid if self.process else 0

    def ended(self) -> bool:
        """Whether it is not running."""
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        """Farewell, wait, then kill it and whatever is left of its group. A second Ctrl-C ends the waiting."""
        if self.process is None:
            return
        if not self.ended():
            self.process.send_signal(self.farewell)
            until = time.monotonic() + self.patience
            while not self.ended() and time.monotonic() < until and len(_asked) < 2:
                time.sleep(0.02)
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody left (macOS says the second)
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()


def _tie(parent: int, orphaned: int) -> Callable[[], None]:
    """What the child does before its program starts: ask the kernel to be told of our death.

    After the change of user, because that forgets the request.
    """

    def tie() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if LIBC:
            LIBC.prctl(PR_SET_PDEATHSIG, orphaned, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


class Household:
    """The children, in the order they were started; they end in the opposite order."""

    def __init__(self, lock: int | None = None) -> None:
        """`lock` is a lock file's descriptor that must stay held until the last child is gone."""
        self.children: list[Child] = []
        self.reaper = subprocess.Popen(
            [sys.executable, "-ISs", str(Path(__file__).with_name("reaper.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=() if lock is None else (lock,),
        )

    def __enter__(self) -> "Household":
        return self

    def __exit__(self, *_: object) -> None:
        for child in reversed(self.children):
            self.stop(child)
        assert self.reaper.stdin
        with contextlib.suppress(BrokenPipeError):  # somebody killed the reaper; the children are gone all the same
            self.reaper.stdin.close()
        self.reaper.wait()

    def start(self, child: Child) -> Child:
        """Start a child that stays."""
        child.start()
        self._tell(child, child.orphaned)
        if child not in self.children:
            self.children.append(child)
        return child

    def stop(self, child: Child) -> None:
        """End a child; the reaper forgets it, because its number will be given to somebody else."""
        child.stop()
        self._tell(child, 0)

    def do(self, child: Child, seconds: float = 600) -> int:
        """Run a child to its end and return its exit code. Raises `StopAsked`, and `Trouble` when time is up."""
        return self.finish(self.start(child), seconds)

    def finish(self, child: Child, seconds: float = 600) -> int:
        """Wait for the end of a child that was started, and return its exit code. Raises like `do`."""
        try:
            if not wait_until(child.ended, seconds, step=0.02):
                raise Trouble(f"{child.name} was still not done after {seconds:.0f} seconds{see(child.log)}.")
        finally:
            self.stop(child)
            self.children.remove(child)
        assert child.process
        return child.process.returncode

    def must(self, child: Child, failure: str) -> None:
        """Run a child to its end. Raises `Trouble` with the failure's sentence unless it went well."""
        if self.do(child) != 0:
            raise explain(child, failure)

    def _tell(self, child: Child, farewell: int) -> None:
        assert self.reaper.stdin
        with contextlib.suppress(BrokenPipeError):  # somebody killed the reaper; the kernel's signal still stands
            self.reaper.stdin.write(f"{child.pid} {int(farewell)}\n".encode())
            self.reaper.stdin.flush()


def see(log: Path | None) -> str:
    """Where to read more, as the end of a sentence."""
    return f"; see {log}" if log else ""


def explain(child: Child, failure: str) -> Trouble:
    """Why a child failed, in one sentence: the disk, or its own last words and where to read the rest."""
    if child.log and says_full(child.log):
        return full_disk(ROOT)
    words = last_words(child.log) if child.log else ""
    return Trouble(f"{failure}{f' ({words[:300]})' if words else ''}{see(child.log)}.")
