"""The words that messaging itself writes: around those of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from messaging.kinds import DIGEST
from messaging.mail import Mail, Recipient
from messaging.models import Message

SUMMARY = "messaging/emails/digest"


def daily_summary(summary: Message, parts: Mapping[str, Sequence[Mapping[str, str]]], on: date) -> Mail:
    """To whoever wants one mail a day: by language, subject and body of each message that would have been one."""
    return Mail(
        key=summary.key,
        kind=DIGEST.slug,
        to=Recipient(summary.address, summary.name, summary.language, summary.person),
        template=SUMMARY,
        due_on=on,
        context={"parts": parts},
    )
