"""The last metre: one reused connection to the mail server, and what its answers mean.

SMTP is spoken step by step, because one step matters: a mail is a mail once the server has read the final dot. Just
before that dot the caller commits the hand-over (`hand_over`), so that whoever dies earlier has surely not sent it.
"""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.core.mail.backends.smtp import EmailBackend

from messaging.letters import Letter
from messaging.transports.base import Answer, Meaning, ServerAwayError

# A server may look at a mail for a while before it answers; losing its answer makes the mail uncertain.
SECONDS_FOR_THE_ANSWER = 120
PERMANENT = 500
LINE_BEGINS_WITH_DOT = re.compile(rb"(?m)^\.")

# Refused for good as a recipient. The finer code (RFC 3463), where the server gives one, knows better: 5.1.x is about
# an address, but for 5.1.7 and 5.1.8, which are about ours; 5.2.1 is a closed mailbox; any other is about the mail.
NO_SUCH_RECIPIENT = (550, 551, 553)
FINER_CODE = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
ABOUT_THE_ADDRESS = re.compile(r"5\.1\.(?!7$|8$)\d+|5\.2\.1")


class Smtp:
    """SMTP with the settings of Django's own backend (host, sign-in, TLS, time limit)."""

    def __init__(self, backend: EmailBackend) -> None:
        self.backend = backend

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Left in the middle of a mail, a polite QUIT would wait for an answer that the server does not owe.
        self._drop() if kind else self.backend.close()

    def _open(self) -> smtplib.SMTP:
        try:
            self.backend.open()
            if self.backend.connection is not None:
                self.backend.connection.ehlo_or_helo_if_needed()  # the backend greets only for TLS and for signing in
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            raise ServerAwayError(str(fault)) from fault
        server = self.backend.connection
        assert server is not None
        # The final dot follows the body in a packet of its own, which Nagle would hold back for 40 ms.
        _socket_of(server).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _drop(self) -> None:
        if self.backend.connection is not None:
            smtplib.SMTP.close(self.backend.connection)
            self.backend.connection = None

    def send(self, letter: Letter, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail over the open connection; the steps up to the final dot leave the server nothing to keep."""
        server = self._begin(letter.envelope_from)
        try:
            said = server.rcpt(letter.envelope_to)
            if said[0] not in (250, 251):
                return self._refusal(server, said, NO_SUCH_RECIPIENT)
            said = server.docmd("DATA")
            if said[0] != 354:
                return self._refusal(server, said)
            server.send(LINE_BEGINS_WITH_DOT.sub(b"..", letter.content))
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            return Answer(Meaning.LATER, f"The connection broke before the mail was complete: {fault}")
        except BaseException:
            self._drop()
            raise
        return self._finish(server, hand_over)

    def _begin(self, sender: str) -> smtplib.SMTP:
        """MAIL FROM; a connection that the server closed while it was idle is opened again, once."""
        for last_try in (False, True):
            server = self.backend.connection or self._open()
            try:
                said = server.mail(sender)
            except (OSError, smtplib.SMTPException) as fault:
                self._drop()
                if last_try:
                    raise ServerAwayError(str(fault)) from fault
                continue
            if said[0] == 250:
                return server
            self._drop()
            # 421 is how a server says that it has had enough of this connection.
            if said[0] != 421 or last_try:
                raise ServerAwayError(_as_text(said))
        raise AssertionError("unreachable")

    def _finish(self, server: smtplib.SMTP, hand_over: Callable[[], bool]) -> Answer:
        """The hand-over, the final dot, and the answer."""
        try:
            ours = hand_over()
        except BaseException:
            self._drop()
            raise
        if not ours:
            self._drop()
            return Answer(Meaning.TAKEN_BACK)
        try:
            _socket_of(server).settimeout(SECONDS_FOR_THE_ANSWER)
            server.send(b".\r\n")
            said = server.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            return Answer(Meaning.UNKNOWN, str(fault))
        except BaseException:
            self._drop()
            raise
        if server.sock is not None:
            server.sock.settimeout(self.backend.timeout)
        if 200 <= said[0] < 300:
            return Answer(Meaning.ACCEPTED, _as_text(said))
        return self._refusal(server, said)

    def _refusal(self, server: smtplib.SMTP, said: tuple[int, bytes], bad: tuple[int, ...] = ()) -> Answer:
        """What a refusal means; with one of the codes `bad` it is the address that is refused, not the mail."""
        try:
            if said[0] == 421 or server.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()
        text = _as_text(said)
        if said[0] < PERMANENT:
            return Answer(Meaning.LATER, text)
        return Answer(Meaning.BAD_ADDRESS if _is_about_the_address(said[0] in bad, text) else Meaning.REFUSED, text)


def _is_about_the_address(by_its_code: bool, text: str) -> bool:
    if finer := FINER_CODE.search(text):
        return bool(ABOUT_THE_ADDRESS.fullmatch(finer[0]))
    # Who may not relay would find every address bad.
    return by_its_code and "relay" not in text.lower()


def _socket_of(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("The connection is closed.")
    return server.sock


def _as_text(said: tuple[int, bytes]) -> str:
    return f"{said[0]} {said[1].decode('utf-8', 'replace')}"
