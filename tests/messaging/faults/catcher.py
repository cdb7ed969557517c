"""A mail server in a process of its own: `python -m tests.messaging.faults.catcher PORT FOLDER MILLISECONDS MOODS`.

Every mail it accepts is a line in FOLDER/taken, written before it answers: its Message-ID. Each step takes up to that
many milliseconds, so that a kill finds the sender at every point. While FOLDER/hold says "MAIL 3", it answers nothing
to the MAIL FROM after the third mail; "DOT 3": nothing after it took the third; FOLDER/holding shows that it does so.

MOODS is the share of mails at which it does each of these: put the mail off, refuse the address, refuse the mail (the
address is then a line in FOLDER/refused), hang up somewhere in the middle, wait for half a second, and, having taken
the mail, die without an answer.
"""

import asyncio
import os
import random
import signal
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller


class Catcher:
    def __init__(self, folder: Path, milliseconds: float, moods: float) -> None:
        self.folder = folder
        self.most = milliseconds / 1000
        self.moods = moods
        self.count = 0

    async def step(self, name: str) -> None:
        await asyncio.sleep(random.uniform(0, self.most))
        hold = self.folder / "hold"
        while hold.exists() and hold.read_text() == f"{name} {self.count}":
            (self.folder / "holding").touch()
            await asyncio.sleep(0.02)

    def mood(self) -> bool:
        return random.random() < self.moods

    def write(self, name: str, line: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write(f"{line}\n")

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 (aiosmtpd's name)
        await self.step("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802 (as above)
        await self.step("RCPT")
        if self.mood():
            return "450 4.2.0 later"
        if self.mood():
            self.write("refused", address)
            return "550 5.1.1 nobody"
        if self.mood():
            asyncio.get_running_loop().call_later(random.uniform(0, 4 * self.most), server.transport.abort)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (as above)
        await self.step("BODY")
        if self.mood():
            self.write("refused", envelope.rcpt_tos[0])
            return "554 5.7.1 no"
        if self.mood():
            await asyncio.sleep(0.5)
        self.write("taken", message_from_bytes(envelope.content)["Message-ID"])
        self.count += 1
        if self.mood():
            os.kill(os.getpid(), signal.SIGKILL)
        await self.step("DOT")
        return "250 taken"


if __name__ == "__main__":
    port, folder, milliseconds, moods = sys.argv[1:]
    catcher = Catcher(Path(folder), float(milliseconds), float(moods))
    server = Controller(catcher, hostname="127.0.0.1", port=int(port))
    server.start()
    signal.pause()
