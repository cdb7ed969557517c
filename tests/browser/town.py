"""Several people with a browser each, and the post between them: real outbox, real delivery, letters caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.header import decode_header, make_header

from django.conf import settings as now_settings

from infuse.tasks import deliver
from tests.conftest import collect_console_errors
from tests.messaging.scripted_server import ScriptedServer
from tests.signing_in import session_cookie

# Milliseconds: the machine may be busy.
PATIENCE = 20_000


@dataclass(frozen=True)
class Letter:
    """One caught mail."""

    subject: str
    text: str
    languages: str


class Post:
    """Hands out what the outbox holds, over SMTP, and keeps what arrived."""

    def __init__(self, server: ScriptedServer) -> None:
        self.server = server

    def letters_to(self, address: str) -> list[Letter]:
        """Everything that came for an address so far; what still waits in the outbox is delivered first."""
        deliver()
        return [_read(mail) for mail in self.server.taken if address in str(mail["To"])]

    def letter_to(self, address: str) -> Letter:
        """The newest of them."""
        letters = self.letters_to(address)
        assert letters, f"Nothing came for {address}."
        return letters[-1]


def _read(mail) -> Letter:
    subject = str(make_header(decode_header(mail["Subject"])))
    text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return Letter(subject, text.get_payload(decode=True).decode(), mail["Content-Language"])


class Town:
    """Everybody has a browser of their own. `start` is "/" or "/cy/": the language in which all of them read."""

    def __init__(self, browser, browser_context_args, base: str, start: str, post: Post) -> None:
        self.browser, self.arguments = browser, browser_context_args
        self.base, self.start, self.post = base, start, post
        self.contexts = []
        self.pages = {}
        self.errors: list[list[str]] = []

    def visitor(self):
        """A page of somebody who is not signed in."""
        context = self.browser.new_context(**self.arguments)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        self.errors.append(collect_console_errors(page))
        return page

    def person(self, user):
        """The page of somebody who is signed in."""
        if user.pk in self.pages:
            return self.pages[user.pk]
        page = self.pages[user.pk] = self.visitor()
        cookie = {"name": now_settings.SESSION_COOKIE_NAME, "value": session_cookie(user), "url": self.base}
        page.context.add_cookies([cookie])
        return page

    def go(self, page, path: str) -> None:
        """Open a path of ours in the town's language."""
        page.goto(f"{self.base}{self.start}{path}")

    def link_in(self, letter: Letter, path: str) -> str:
        """The address in a letter that begins with this path, in the town's language."""
        found = re.search(re.escape(f"{self.base}{self.start}{path}") + r"\S*", letter.text)
        assert found, f"No {self.start}{path} in:\n{letter.text}"
        return found.group()


@contextmanager
def a_town(browser, browser_context_args, live_server, settings, start: str) -> Iterator[Town]:
    """Inside it mail is really sent, to a server that keeps it, and its addresses lead to the live server."""
    with ScriptedServer() as server:
        settings.PUBLIC_URL = live_server.url
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        town = Town(browser, browser_context_args, live_server.url, start, Post(server))
        try:
            yield town
        finally:
            for context in town.contexts:
                context.close()
        assert not any(town.errors), f"A browser's console has errors: {town.errors}"
