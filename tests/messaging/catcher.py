"""A mail server in a process of its own: `python -m tests.messaging.catcher PORT FOLDER MILLISECONDS`.

Every mail it accepts is a line in FOLDER/taken, written before it answers: its Message-ID. Each step takes up to that
many milliseconds, so that a kill finds the sender at every point. While FOLDER/hold says "MAIL 3", it answers nothing
to the MAIL FROM after the third mail; "DOT 3": nothing after it took the third; FOLDER/holding shows that it does so.
"""

import asyncio
import random
import signal
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller


class Catcher:
    def __init__(self, folder: Path, milliseconds: float) -> None:
        self.folder = folder
        self.most = milliseconds / 1000
        self.count = 0

    async def step(self, name: str) -> None:
        await asyncio.sleep(random.uniform(0, self.most))
        hold = self.folder / "hold"
        while hold.exists() and hold.read_text() == f"{name} {self.count}":
            (self.folder / "holding").touch()
            await asyncio.sleep(0.02)

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 (aiosmtpd's name)
        await self.step("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 (as above)
        await self.step("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (as above)
        await self.step("BODY")
        with (self.folder / "taken").open("a") as taken:
            taken.write(f"{message_from_bytes(envelope.content)['Message-ID']}\n")
        self.count += 1
        await self.step("DOT")
        return "250 taken"


if __name__ == "__main__":
    port, folder, milliseconds = sys.argv[1:]
    server = Controller(Catcher(Path(folder), float(milliseconds)), hostname="127.0.0.1", port=int(port))
    server.start()
    signal.pause()
