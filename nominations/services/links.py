"""Single-purpose links: made, sent, entered once, revoked."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.db import transaction

from core import clock
from core.audit import record
from nominations.enums import LinkPurpose
from nominations.models import Link, Nomination
from nominations.queries.links import hash_of
from people.models import User

# domain.md 4.1 row 1: the DfE's nomination links live as long.
LIFE = timedelta(days=21)


@transaction.atomic
def send_link(*, nomination: Nomination, purpose: str, by: User | None, today: date) -> Link:
    """Make a new link for that purpose, revoke the ones before it, and mail it to whom it is for."""
    revoke_links(nomination=nomination, purpose=purpose)
    secret = secrets.token_urlsafe(24)
    at = clock.now()
    manager = purpose == LinkPurpose.MANAGER
    link = Link.objects.create(
        nomination=nomination,
        purpose=purpose,
        secret_hash=hash_of(secret),
        address=nomination.line_manager_email if manager else nomination.person.email,
        created_at=at,
        expires_at=at + LIFE,
    )
    record("link.sent", about=nomination, by=by, purpose=purpose)
    return link


def revoke_links(*, nomination: Nomination, purpose: str | None = None) -> int:
    """Links of the nomination (for one purpose, or all) stop working; returns how many did."""
    live = Link.objects.filter(nomination=nomination, revoked_at__isnull=True)
    if purpose:
        live = live.filter(purpose=purpose)
    return live.update(revoked_at=clock.now())
