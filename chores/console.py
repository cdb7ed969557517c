"""What is said to the person at the terminal: plain sentences, and no traceback for what they can mend."""

import errno
import os
import shutil
import sys
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)
FULL_WORDS = ("No space left on device", "Disk quota exceeded")


class Trouble(Exception):  # noqa: N818 (it is not an error of ours)
    """Something the person can put right. Its text is one sentence that says what to do."""


def say(words: str = "") -> None:
    """Print a line at once. A closed pipe or terminal is no reason to stop serving."""
    try:
        print(words, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (stays open for the rest of the run)


def require_room(folder: Path, megabytes: int) -> None:
    """Raise `Trouble` unless the disk that holds `folder` has so much room left."""
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Trouble(
            f"The disk that holds {folder} has {free} MB left and {megabytes} MB are needed; "
            "free some space and run the same command again."
        )


def full_disk(folder: Path) -> Trouble:
    """The sentence for a disk that filled up while we worked."""
    return Trouble(f"The disk is full; free some space (for example beside {folder}) and run the same command again.")


def last_words(log: Path) -> str:
    """The last line of a log that says something, or nothing."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def says_full(log: Path) -> bool:
    """Whether a log complains of a full disk, or could not even do that."""
    if shutil.disk_usage(log.parent).free < 2**23:
        return True
    try:
        tail = log.read_text("utf-8", errors="replace")[-20_000:]
    except OSError:
        return False
    return any(words in tail for words in FULL_WORDS)
