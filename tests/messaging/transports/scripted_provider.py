"""A provider's server in a thread, over real sockets, that answers as a test tells it to."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from typing import Any

DROP = "drop"  # hangs up once it has read the whole request
WAIT = "wait"  # has read the whole request, and says nothing until the client hangs up


class ScriptedProvider:
    """`answers` are given in turn: (status, what goes out as JSON), DROP or WAIT; then `usual` again.

    `asked` holds each request: its path, headers and body. A request that breaks off leaves nothing.
    """

    def __init__(self, usual: tuple[int, Any]) -> None:
        self.usual = usual
        self.answers: list[Any] = []
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self) -> ScriptedProvider:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Nobody listens any more."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as stream, contextlib.suppress(OSError):
            while request := stream.readline():
                lines = iter(stream.readline, b"\r\n")
                headers = dict(line.decode().strip().lower().split(": ", 1) for line in lines)
                body = stream.read(int(headers.get("content-length", 0)))
                if len(body) < int(headers.get("content-length", 0)):
                    return
                self.asked.append((request.split()[1].decode(), headers, body))
                answer = self.answers.pop(0) if self.answers else self.usual
                if answer == WAIT:
                    stream.read(1)
                if answer in (DROP, WAIT):
                    return
                status, said = answer
                text = said if isinstance(said, bytes) else json.dumps(said).encode()
                head = (
                    f"HTTP/1.1 {status} Qarth\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
                )
                client.sendall(head.encode() + text)
