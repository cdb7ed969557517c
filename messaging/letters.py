"""How a message is put in its envelope: its words as plain text and as simple HTML, under one set of headers.

Both say the same. The HTML is paragraphs, lists and links that can be followed, in a frame that asks nothing of the
reader's mail program; a mail in both languages says of each half which language it is in.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core import clock
from messaging.models import Message
from messaging.render import BOTH, IN_BOTH, letter

# What stands between a body and its footer.
FOOTER_LINE = "\n\n--\n"
# In quoted-printable text nothing but two figures or a line end follows an equals sign, so that no part can hold this.
BOUNDARY = "=_infuse_"
# An address of the web, without the full stop or the bracket that ends the sentence around it.
LINK = re.compile(r"(https?://[^\s<>\"”]*[^\s<>\"”.,;:!?)\]])")
BULLET = "- "


@dataclass(frozen=True)
class Letter:
    """A mail to one recipient, for any way out.

    `reference` is the key of its message. `content` is the whole mail as SMTP takes it, `envelope_from` and
    `envelope_to` the bare addresses outside; the rest is the same in pieces, for other interfaces.
    """

    reference: str
    sender: str
    address: str
    name: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    unsubscribe: str
    envelope_from: str
    envelope_to: str
    content: bytes

    def as_django(self) -> EmailMultiAlternatives:
        """The same mail for a backend of Django's."""
        mail = EmailMultiAlternatives(
            self.subject,
            self.text,
            from_email=self.sender,
            to=[formataddr((self.name, self.address))],
            headers=dict(self.headers),
        )
        mail.attach_alternative(self.html, "text/html")
        return mail


def letter_for(
    message: Message, words: Mapping[str, Mapping[str, str]], languages: tuple[str, ...], unsubscribe: str = ""
) -> Letter:
    """The letter of this message in these languages; raises ValidationError or ValueError for what cannot be written.

    `unsubscribe` is where the reader declines this kind of message with one click (RFC 8058); "" where that may not be.
    """
    validate_email(message.address)
    subject, text = letter(words, languages)
    headers = {
        "Message-ID": message.message_id,
        "Date": format_datetime(clock.now().astimezone(clock.LONDON)),  # in the demo, the demo's day
        "Content-Language": ", ".join(languages),
        # Out-of-office replies to a machine help nobody (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if unsubscribe:
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    name, subject = " ".join(message.name.split()), " ".join(subject.split())
    html = _as_html(subject, words, languages)
    sender = settings.DEFAULT_FROM_EMAIL
    outside = {"From": _person(*parseaddr(sender)), "To": _person(name, message.address)}
    return Letter(
        reference=message.key,
        sender=sender,
        address=message.address,
        name=name,
        subject=subject,
        text=text,
        html=html,
        headers=headers,
        unsubscribe=unsubscribe,
        envelope_from=sanitize_address(parseaddr(sender)[1], "utf-8"),
        envelope_to=sanitize_address(message.address, "utf-8"),
        content=_sealed({**outside, "Subject": _line("Subject", subject), **headers}, text, html),
    )


def _sealed(head: Mapping[str, str], text: str, html: str) -> bytes:
    """The whole mail in seven bits, with the line ends of SMTP: whatever stands on the way leaves it as it is."""
    lines = ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"']
    for name, value in head.items():
        if not value.isascii() or re.search(r"[\r\n]", value.replace("\r\n ", "")):
            raise ValueError(f"{name} is not one line of a header.")
        lines.append(f"{name}: {value}")
    parts = "".join(f"--{BOUNDARY}\r\n{_part(kind, words)}\r\n" for kind, words in (("plain", text), ("html", html)))
    return ("\r\n".join(lines) + f"\r\n\r\n{parts}--{BOUNDARY}--\r\n").encode("ascii")


def _as_html(subject: str, words: Mapping[str, Mapping[str, str]], languages: tuple[str, ...]) -> str:
    halves = []
    for language in languages:
        body, _line, footer = words[language]["body"].strip().partition(FOOTER_LINE)
        half = {"language": language, "name": BOTH[language], "body": _paragraphs(body), "footer": _paragraphs(footer)}
        halves.append(half)
    return get_template("messaging/letter.html").render({"subject": subject, "halves": halves, "in_both": IN_BOTH})


def _paragraphs(text: str) -> SafeString:
    """Plain text as HTML: paragraphs, lines, links and lists as they are in the text."""
    blocks = re.split(r"\n{2,}", text.strip("\n"))
    return mark_safe("\n".join(map(_block, filter(None, blocks))))  # noqa: S308 (_linked escapes each piece)


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(line.startswith(BULLET) for line in lines):
        return "<ul>{}</ul>".format("".join(f"<li>{_linked(line.removeprefix(BULLET))}</li>" for line in lines))
    return f"<p>{_linked(block).replace(chr(10), '<br>')}</p>"


def _linked(text: str) -> str:
    pieces = [escape(piece) for piece in LINK.split(text)]
    pieces[1::2] = [f'<a href="{link}">{link}</a>' for link in pieces[1::2]]
    return "".join(pieces)


def _part(kind: str, words: str) -> str:
    lines = words.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
    return f"{head}\r\n\r\n{binascii.b2a_qp(lines, istext=True).decode('ascii')}"


def _person(name: str, address: str) -> str:
    if (name + address).isascii():
        return formataddr((name, address))
    return sanitize_address((name, address), "utf-8")


def _line(name: str, words: str) -> str:
    return words if words.isascii() else Header(words, "utf-8", header_name=name).encode(linesep="\r\n")
