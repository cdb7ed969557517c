"""Links: which is good, and why one is not."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from nominations.enums import LinkPurpose
from nominations.models import Link, Nomination
from nominations.models.link import make_nonce


def hash_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_of(nonce: str) -> str:
    """The secret that belongs to a link's nonce: the same each time, and nobody’s who lacks the installation's key."""
    digest = salted_hmac("nominations.link", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def unsaved_link(nomination: Nomination, purpose: str, at: datetime, life: timedelta) -> tuple[Link, str]:
    """An unsaved link and its secret."""
    nonce = make_nonce()
    secret = secret_of(nonce)
    manager = purpose == LinkPurpose.MANAGER
    link = Link(
        nomination=nomination,
        purpose=purpose,
        nonce=nonce,
        secret_hash=hash_of(secret),
        address=nomination.line_manager_email if manager else nomination.person.email,
        created_at=at,
        expires_at=at + life,
    )
    return link, secret


def by_secret(secret: str) -> Link | None:
    """The link with this secret, whatever its state; None when there never was one."""
    return (
        Link.objects.filter(secret_hash=hash_of(secret))
        .select_related(
            *(f"nomination__{name}" for name in ("person", "cohort__programme", "organisation", "nominated_by"))
        )
        .first()
    )


def sent_since(link_of: Nomination, purpose: str, since: datetime) -> int:
    """How many links for that purpose the nomination was sent since then."""
    return Link.objects.filter(nomination=link_of, purpose=purpose, created_at__gte=since).count()


def newest(nomination: Nomination, purpose: str) -> Link | None:
    """The last link that was sent for that purpose; None when none was."""
    return Link.objects.filter(nomination=nomination, purpose=purpose).order_by("-created_at", "-pk").first()


def last_sent(nomination: Nomination) -> dict[str, Link]:
    """Purpose → the last link that was sent for it; one query."""
    return {link.purpose: link for link in Link.objects.filter(nomination=nomination).order_by("created_at", "pk")}


def entered(pks: Iterable[int], purpose: str, reference: str, at: datetime) -> Link | None:
    """The link among these that was entered for this nomination and purpose, and is in time; None when none is."""
    return (
        Link.objects.filter(
            pk__in=list(pks),
            purpose=purpose,
            nomination__reference=reference,
            entered_at__isnull=False,
            expires_at__gt=at,
        )
        .order_by("-created_at", "-pk")
        .first()
    )
