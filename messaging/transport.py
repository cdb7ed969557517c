"""The last metre: one reused connection to the mail server, and what its answers mean.

SMTP is spoken step by step, because one step matters: a mail is a mail once the server has read the final dot. Just
before that dot the caller commits the hand-over (`hand_over`), so that whoever dies earlier has surely not sent it.
"""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

# A server may look at a mail for a while before it answers; losing its answer makes the mail uncertain.
SECONDS_FOR_THE_ANSWER = 120
PERMANENT = 500
LINE_BEGINS_WITH_DOT = re.compile(rb"(?m)^\.")


class Meaning(Enum):
    """What became of one mail."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: it is this mail or this address
    LATER = "later"  # the server says so, or the connection broke before the final dot
    UNKNOWN = "unknown"  # the final dot was sent and no answer came
    TAKEN_BACK = "taken back"  # `hand_over` said no; nothing was sent


@dataclass(frozen=True)
class Answer:
    """What became of one mail, with the server's own words."""

    meaning: Meaning
    text: str = ""


@dataclass(frozen=True)
class Envelope:
    """A mail as it goes over the wire."""

    mail: EmailMessage
    sender: str
    to: str
    content: bytes


def seal(mail: EmailMessage) -> Envelope:
    """The mail in its envelope, to its one recipient; raises ValueError for what cannot be written."""
    content = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own, not known to the stubs
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    charset = settings.DEFAULT_CHARSET
    return Envelope(mail, sanitize_address(mail.from_email, charset), sanitize_address(mail.to[0], charset), content)


class ServerAwayError(Exception):
    """The mail server cannot be reached, or wants nothing from us at all: no fault of any one mail."""


class Transport(Protocol):
    """A way out, used as a context manager: entering opens the connection and may raise ServerAwayError."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, envelope: Envelope, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail. `hand_over` is called once, before the server can have it. Raises ServerAwayError."""


def open_transport() -> Transport:
    """The transport that settings ask for, not yet open."""
    backend = get_connection()
    return Smtp(backend) if isinstance(backend, EmailBackend) else Other(backend)


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

    def send(self, envelope: Envelope, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail over the open connection; the steps up to the final dot leave the server nothing to keep."""
        server = self._begin(envelope.sender)
        try:
            said = server.rcpt(envelope.to)
            if said[0] in (250, 251):
                said = server.docmd("DATA")
            if said[0] != 354:
                return self._refusal(server, said)
            server.send(LINE_BEGINS_WITH_DOT.sub(b"..", envelope.content))
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
                said = server.mail(sender, ["BODY=8BITMIME"] if server.has_extn("8bitmime") else [])
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

    def _refusal(self, server: smtplib.SMTP, said: tuple[int, bytes]) -> Answer:
        try:
            if said[0] == 421 or server.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()
        return Answer(Meaning.REFUSED if said[0] >= PERMANENT else Meaning.LATER, _as_text(said))


class Other:
    """Any other backend of Django's (a provider's, files, memory): its whole sending counts as the final dot."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def __enter__(self) -> Self:
        try:
            self.backend.open()
        except Exception as fault:
            raise ServerAwayError(str(fault)) from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.backend.close()

    def send(self, envelope: Envelope, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail; any fault of the backend may have come after it was on its way."""
        if not hand_over():
            return Answer(Meaning.TAKEN_BACK)
        try:
            sent = self.backend.send_messages([envelope.mail])
        except Exception as fault:
            return Answer(Meaning.UNKNOWN, str(fault))
        return Answer(Meaning.ACCEPTED if sent else Meaning.REFUSED)


def _socket_of(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("The connection is closed.")
    return server.sock


def _as_text(said: tuple[int, bytes]) -> str:
    return f"{said[0]} {said[1].decode('utf-8', 'replace')}"
