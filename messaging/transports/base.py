"""What every way out has in common: what an answer means, and when the mail server is to have a mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Protocol, Self

from messaging.letters import Letter


class Meaning(Enum):
    """What became of one mail."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: it is this mail
    BAD_ADDRESS = "bad address"  # for good: it is this address, whatever is written to it
    LATER = "later"  # the server says so, or the connection broke before it could have the mail
    UNKNOWN = "unknown"  # the server may have the mail, and has not said so
    TAKEN_BACK = "taken back"  # `hand_over` said no; nothing was sent


@dataclass(frozen=True)
class Answer:
    """What became of one mail, with the server's own words."""

    meaning: Meaning
    text: str = ""


class ServerAwayError(Exception):
    """The mail server cannot be reached, or wants nothing from us at all: no fault of any one mail."""


class Transport(Protocol):
    """A way out, used as a context manager: entering opens the connection and may raise ServerAwayError."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, letter: Letter, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail. `hand_over` is called once, before the server can have it. Raises ServerAwayError."""
