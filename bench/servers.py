"""The product and the floor as two web servers on loopback, one worker each, and a client that asks them in turn."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What one request cost: server milliseconds inside Django, queries, and the body."""

    status: int
    milliseconds: float
    queries: int
    body: bytes


def free_port() -> int:
    """A port on loopback that nothing listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def server(settings: str) -> Iterator[int]:
    """A gunicorn with one worker and these settings; yields its port, and stops it afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "bench.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--log-level", "error"], env={**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    """Wait until somebody listens on that port of loopback."""
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server to be measured did not start.")


def ask(port: int, path: str, session: str) -> Answer:
    """One GET, signed in with that session (empty: nobody)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": "localhost"}
    if session:
        headers["Cookie"] = f"infuse_session={session}"
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Answer(
        response.status,
        float(response.headers.get("X-Server-Ms", "nan")),
        int(response.headers.get("X-Queries", "-1")),
        body,
    )
