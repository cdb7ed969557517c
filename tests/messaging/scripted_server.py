"""A mail server in a thread that answers as a test tells it to, step by step."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections import defaultdict
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message

DROP = "drop"
WAIT = "wait"  # says nothing, until the client hangs up
GOOD = {"EHLO": "250-qarth\r\n250 8BITMIME", "DATA": "354 go on", "DOT": "250 taken as 42", "QUIT": "221 bye"}


class ScriptedServer:
    """`answers["RCPT"] = ["550 nobody", …]`: said to the next RCPTs in turn, then 250 again.

    Steps: CONNECT, EHLO, MAIL, RCPT, DATA, BODY (while the body comes: DROP only), DOT (after the final dot), RSET,
    QUIT. `before["MAIL"]` is called before that step is answered. `taken` holds what was accepted.
    """

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.before: dict[str, Callable[[], None]] = {}
        self.taken: list[Message] = []
        self.connections = 0
        self.steps: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self) -> ScriptedServer:
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

    def _answer(self, client: socket.socket, step: str) -> str:
        """Say what the script says; "" when the connection is to be dropped."""
        self.steps.append(step)
        if step in self.before:
            self.before[step]()
        said = (
            self.answers[step].pop(0)
            if self.answers[step]
            else GOOD.get(step, "220 hello" if step == "CONNECT" else "250 ok")
        )
        if said == WAIT:
            client.recv(1)
            return ""
        if said == DROP:
            return ""
        client.sendall(said.encode() + b"\r\n")
        return said

    def _talk(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as lines:
            try:
                if not self._answer(client, "CONNECT"):
                    return
                for line in lines:
                    step = re.split(rb"[\s:]", line.strip().upper(), maxsplit=1)[0].decode()
                    said = self._answer(client, step)
                    if not said or step == "QUIT":
                        return
                    if step == "DATA" and said.startswith("354") and not self._body(client, lines):
                        return
            except OSError:
                return

    def _body(self, client: socket.socket, lines) -> bool:
        if self.answers["BODY"] and self.answers["BODY"].pop(0) == DROP:
            return False
        body = []
        for line in lines:
            if line == b".\r\n":
                said = self._answer(client, "DOT")
                if said.startswith("2"):
                    self.taken.append(message_from_bytes(b"".join(body)))
                return bool(said)
            body.append(line[1:] if line.startswith(b".") else line)
        return False
