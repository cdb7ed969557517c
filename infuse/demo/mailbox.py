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


@dataclass(frozen=True)
class Part:
    """One part of a message: its words when it is plain text, else only what it is and how big."""

    content_type: str
    filename: str
    size: int
    text: str | None


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
        return [part for part in self.parts if part.text is None]


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
        headers=tuple((name, str(value)) for name, value in message.items() if name.lower() not in CATCHERS_OWN),
        parts=tuple(_part(part) for part in message.walk() if not part.is_multipart()),
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
    return Caught(
        key, tuple(address for _name, address in addresses if address), str(headers["Subject"] or ""), sent_at
    )


def _part(part: EmailMessage) -> Part:
    content = part.get_payload(decode=True) or b""
    text = None
    if part.get_content_type() == "text/plain" and not part.get_filename():
        try:
            text = content.decode(part.get_content_charset("utf-8"), "replace")
        except LookupError:  # a character set that nobody knows
            text = content.decode("utf-8", "replace")
    return Part(part.get_content_type(), part.get_filename() or "", len(content), text)
