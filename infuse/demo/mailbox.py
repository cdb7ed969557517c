"""The mail that the catcher kept: a Maildir of one file per message, read and never changed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from core.bilingual import LANGUAGES
from messaging.render import RULER

FOLDERS = ("new", "cur")
# What the catcher adds for itself, and nobody sent.
CATCHERS_OWN = {"x-peer", "x-mailfrom", "x-rcptto"}


@dataclass(frozen=True)
class Caught:
    """One message as the list shows it. `key` is its file's name."""

    key: str
    to: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    languages: tuple[str, ...] = ()

    @property
    def subject_in_languages(self) -> list[tuple[str, str]]:
        """(language, words), so that each is read out in its own; the language is empty when nobody knows."""
        return _by_language(self.subject.split(" / "), self.languages) or [("", self.subject)]


@dataclass(frozen=True)
class Part:
    """One part of a message: its words when it is plain text, else only what it is and how big."""

    content_type: str
    filename: str
    size: int
    text: str | None
    languages: tuple[str, ...] = ()

    @property
    def text_in_languages(self) -> list[tuple[str, str]]:
        """(language, words): a mail in both languages has two halves, each announced above a line of its own."""
        pieces = (self.text or "").split(RULER)
        halves = [RULER.join(pieces[:2]), RULER.join(pieces[2:])] if len(pieces) == 4 else pieces
        return _by_language(halves, self.languages) or [("", self.text or "")]


@dataclass(frozen=True)
class Letter(Caught):
    """One message as its own page shows it."""

    headers: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = field(default=())

    @property
    def texts(self) -> list[Part]:
        return [part for part in self.parts if part.text is not None]

    @property
    def others(self) -> list[Part]:
        # Our letters say everything twice; the HTML is the same words.
        hidden = [part for part in self.parts if part.text is None]
        return [part for part in hidden if part.filename or part.content_type != "text/html"]


def newest_first(to: str = "") -> list[Caught]:
    """Everything caught whose recipient contains `to`, whatever the letter case; the newest first."""
    wanted = to.strip().lower()
    files = sorted(_files(), key=lambda entry: (entry.stat().st_mtime_ns, entry.name), reverse=True)
    letters = (_head(entry.path, entry.name) for entry in files)
    return [letter for letter in letters if not wanted or any(wanted in address.lower() for address in letter.to)]


def read(key: str) -> Letter | None:
    """One message; None when there is none of that name."""
    path = next((entry.path for entry in _files() if entry.name == key), None)
    if path is None:
        return None
    with Path(path).open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    head = _head(path, key)
    return Letter(
        key=key,
        to=head.to,
        subject=head.subject,
        sent_at=head.sent_at,
        languages=head.languages,
        headers=tuple((name, str(value)) for name, value in message.items() if name.lower() not in CATCHERS_OWN),
        parts=tuple(_part(part, head.languages) for part in message.walk() if not part.is_multipart()),
    )


def _files() -> list[os.DirEntry[str]]:
    """The files of the Maildir; none when there is no catcher, or nothing was caught yet."""
    if not settings.MAILBOX:
        return []
    entries: list[os.DirEntry[str]] = []
    for folder in FOLDERS:
        path = Path(settings.MAILBOX) / folder
        if path.is_dir():
            with os.scandir(path) as found:
                entries += [entry for entry in found if entry.is_file() and not entry.name.startswith(".")]
    return entries


@lru_cache(maxsize=10_000)
def _head(path: str, key: str) -> Caught:
    """What the list shows of one file. Kept: a file in a Maildir never changes once it is there."""
    with Path(path).open("rb") as file:
        headers = BytesHeaderParser(policy=policy.default).parse(file)
    addresses = getaddresses([str(value) for value in headers.get_all("To", [])])
    try:
        sent_at = parsedate_to_datetime(str(headers["Date"]))
    except (TypeError, ValueError):
        sent_at = None
    said = [language.strip() for language in str(headers["Content-Language"] or "").split(",")]
    return Caught(
        key=key,
        to=tuple(address for _name, address in addresses if address),
        subject=str(headers["Subject"] or ""),
        sent_at=sent_at,
        languages=tuple(language for language in said if language in LANGUAGES),
    )


def _by_language(pieces: list[str], languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pieces with their languages; none when there are not as many of the one as of the other."""
    return list(zip(languages, pieces, strict=True)) if len(pieces) == len(languages) else []


def _part(part: EmailMessage, languages: tuple[str, ...]) -> Part:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    text = None
    if part.get_content_type() == "text/plain" and not part.get_filename():
        try:
            text = content.decode(part.get_content_charset("utf-8"), "replace")
        except LookupError:  # a character set that nobody knows
            text = content.decode("utf-8", "replace")
    return Part(part.get_content_type(), part.get_filename() or "", len(content), text, languages)
