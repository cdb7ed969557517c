"""GOV.UK Notify, by its interface for services (https://docs.notifications.service.gov.uk/rest-api.html).

One template of the service takes every mail; its subject is ((subject)) and its text ((body)). The words go as they
are, so Notify's own marks for headings and lists in a text apply. The request is spoken step by step as SMTP is: all
of the body but its last byte, then the hand-over, then the last byte, without which nothing can be read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import select
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from messaging.letters import Letter
from messaging.transports.base import Answer, Meaning, ServerAwayError
from messaging.transports.http import Patience

PATH = "/v2/notifications/email"
# Each of the two ids in a key "name-<service>-<secret>" is a UUID.
UUID = 36
# What a 400 says of the service's own settings: no fault of the mail, and the same for every other.
OUR_SETTINGS = ("team-only", "trial mode", "template", "personalisation")
# After the last byte, as for a mail server after the final dot.
SECONDS_FOR_THE_ANSWER = 60


class Notify:
    """A way out through a service at GOV.UK Notify."""

    def __init__(self, *, key: str, template: str, server: str, seconds: float) -> None:
        self.service, self.secret = key[-2 * UUID - 1 : -UUID - 1], key[-UUID:]
        self.template = template
        self.server = urlsplit(server)
        self.seconds = seconds
        self.patience = Patience()
        self.connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def _open(self) -> http.client.HTTPConnection:
        make = http.client.HTTPSConnection if self.server.scheme == "https" else http.client.HTTPConnection
        self.connection = make(self.server.hostname or "", self.server.port, timeout=self.seconds)
        try:
            self.connection.connect()
        except OSError as fault:
            self._drop()
            raise ServerAwayError(str(fault)) from fault
        return self.connection

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send(self, letter: Letter, hand_over: Callable[[], bool]) -> Answer:
        """Send one mail; the steps up to the last byte leave the server nothing to keep."""
        self.patience.require()
        body = json.dumps(self._asked(letter)).encode()
        try:
            connection = self._begin(body)
            if not hand_over():
                self._drop()
                return Answer(Meaning.TAKEN_BACK)
        except BaseException:
            self._drop()
            raise
        try:
            connection.sock.settimeout(SECONDS_FOR_THE_ANSWER)
            connection.send(body[-1:])
            with connection.getresponse() as response:
                status, text = response.status, response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as fault:
            self._drop()
            return Answer(Meaning.UNKNOWN, repr(fault))
        except BaseException:
            self._drop()
            raise
        return self._answer(status, text)

    def _asked(self, letter: Letter) -> dict[str, Any]:
        asked = {
            "email_address": letter.address,
            "template_id": self.template,
            "personalisation": {"subject": letter.subject, "body": letter.text},
            "reference": letter.reference,
        }
        return asked | ({"one_click_unsubscribe_url": letter.unsubscribe} if letter.unsubscribe else {})

    def _begin(self, body: bytes) -> http.client.HTTPConnection:
        """The request but for its last byte; a connection that was closed while it was idle is opened again, once."""
        for last_try in (False, True):
            connection = self.connection
            if connection is None or connection.sock is None or select.select([connection.sock], [], [], 0)[0]:
                self._drop()
                connection = self._open()
            try:
                connection.putrequest("POST", PATH)
                connection.putheader("Authorization", f"Bearer {self._token()}")
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", str(len(body)))
                connection.endheaders()
                connection.send(body[:-1])
            except (OSError, http.client.HTTPException) as fault:
                self._drop()
                if last_try:
                    raise ServerAwayError(str(fault)) from fault
                continue
            return connection
        raise AssertionError("unreachable")

    def _token(self) -> str:
        """Notify's way of signing in: a JWT (HS256) of the service's id and the moment."""
        parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": self.service, "iat": int(time.time())})
        said = b".".join(_base64(json.dumps(part).encode()) for part in parts)
        signature = hmac.new(self.secret.encode(), said, hashlib.sha256).digest()
        return b".".join((said, _base64(signature))).decode()

    def _answer(self, status: int, text: str) -> Answer:
        said = f"{status} {_errors(text)}"
        if status == 400 and "email_address" in said:
            return Answer(Meaning.BAD_ADDRESS, said)
        if status == 400 and any(word in said.lower() for word in OUR_SETTINGS):
            self.patience.said = said
            return Answer(Meaning.LATER, said)
        return Answer(self.patience.meaning_of(status, said), said)


def _base64(text: bytes) -> bytes:
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def _errors(text: str) -> str:
    """What an answer of Notify's says went wrong: {"errors": [{"error": …, "message": …}]}; the text, if not that."""
    try:
        return "; ".join(f"{one['error']}: {one['message']}" for one in json.loads(text)["errors"])
    except (ValueError, KeyError, TypeError):
        return " ".join(text.split())[:300]
