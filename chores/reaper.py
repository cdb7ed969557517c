"""Outlives a killed supervisor by a few seconds, and ends what it left.

Reads "process signal" lines; signal 0 says that this one has ended. When the line falls silent the supervisor is gone:
each named process is sent its signal, and whatever is left of its group ten seconds later is killed. Started alone, so
that it shares no fate: it has its own session, and holds the lock file so that nobody starts anew before the last of
the old ones has gone.
"""

import contextlib
import os
import signal
import sys
import time

PATIENCE = 10


def alive(group: int) -> bool:
    """Whether anybody of this process group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def main() -> None:
    """Wait for silence, then clear up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    farewells: dict[int, int] = {}
    for line in sys.stdin:
        group, farewell = map(int, line.split())
        farewells[group] = farewell
        if not farewell:
            del farewells[group]
    left = {group for group in farewells if alive(group)}
    for group in left:
        with contextlib.suppress(OSError):
            os.kill(group, farewells[group])
    until = time.monotonic() + PATIENCE
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = {group for group in left if alive(group)}
    for group in left:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
