"""Any backend of Django's (files, memory): its whole sending counts as the final dot."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.core.mail.backends.base import BaseEmailBackend

from messaging.letters import Letter
from messaging.transports.base import Answer, Meaning, ServerAwayError


class Backend:
    """A way out through a backend of Django's."""

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

    def send(self, letter: Letter, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail; any fault of the backend may have come after it was on its way."""
        if not hand_over():
            return Answer(Meaning.TAKEN_BACK)
        try:
            sent = self.backend.send_messages([letter.as_django()])
        except Exception as fault:
            return Answer(Meaning.UNKNOWN, str(fault))
        return Answer(Meaning.ACCEPTED if sent else Meaning.REFUSED)
