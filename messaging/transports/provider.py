"""A provider of mail (Mailgun, Postmark, SendGrid, Brevo) through django-anymail.

The hand-over is committed before the request begins: a provider has the mail as soon as it has read the last byte, and
says so over the same connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import requests
from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailStatus
from django.core.mail import EmailMultiAlternatives
from urllib3.exceptions import NameResolutionError, NewConnectionError

from messaging.letters import Letter
from messaging.transports.base import Answer, Meaning
from messaging.transports.http import Patience

# anymail's word for what became of one recipient; any other word is known to nobody.
MEANINGS = {
    "sent": Meaning.ACCEPTED,
    "queued": Meaning.ACCEPTED,
    "invalid": Meaning.BAD_ADDRESS,
    "rejected": Meaning.BAD_ADDRESS,
    "failed": Meaning.REFUSED,
}


class Provider:
    """A way out through one of anymail's backends."""

    def __init__(self, backend: AnymailBaseBackend) -> None:
        self.backend = backend
        self.patience = Patience()

    def __enter__(self) -> Self:
        self.backend.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.backend.close()

    def send(self, letter: Letter, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail; what the provider surely has not is for later, what it may have is unknown."""
        self.patience.require()
        mail = letter.as_django()
        if not hand_over():
            return Answer(Meaning.TAKEN_BACK)
        try:
            self.backend.send_messages([mail])
        except AnymailRecipientsRefused as fault:
            return Answer(_of_recipient(mail), str(fault))
        except AnymailError as fault:
            return self._of_fault(fault)
        return Answer(_of_recipient(mail))

    def _of_fault(self, fault: AnymailError) -> Answer:
        text = " ".join(str(fault).split())
        if fault.status_code is not None:
            # An answer that anymail cannot read, to a mail that was taken, is no refusal.
            taken = 200 <= fault.status_code < 300
            return Answer(Meaning.UNKNOWN if taken else self.patience.meaning_of(fault.status_code, text), text)
        if not isinstance(fault, requests.RequestException):
            return Answer(Meaning.REFUSED, text)  # anymail itself cannot write it for this provider
        if _never_began(fault):
            self.patience.said = text
            return Answer(Meaning.LATER, text)
        return Answer(Meaning.UNKNOWN, text)


def _of_recipient(mail: EmailMultiAlternatives) -> Meaning:
    status: AnymailStatus = mail.anymail_status  # type: ignore[attr-defined]  # anymail puts it there
    words = status.status or set()
    return MEANINGS.get(next(iter(words)), Meaning.UNKNOWN) if len(words) == 1 else Meaning.UNKNOWN


def _never_began(fault: BaseException) -> bool:
    """Whether there was no connection to begin with: nothing of the mail has left this machine."""
    if isinstance(fault, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    return any(isinstance(cause, NewConnectionError | NameResolutionError) for cause in _causes(fault))


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """What lies under a fault: requests and urllib3 wrap each other's faults as reasons, arguments and causes."""
    seen, open_ = set(), [fault]
    while open_:
        one = open_.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        below = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        open_ += [each for each in below if isinstance(each, BaseException)]
