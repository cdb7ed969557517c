"""Links: which is good, and why one is not."""

from __future__ import annotations

import hashlib
from datetime import datetime

from nominations.models import Link


def hash_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_secret(secret: str) -> Link | None:
    """The link with this secret, whatever its state; None when there never was one."""
    return (
        Link.objects.filter(secret_hash=hash_of(secret))
        .select_related("nomination__person", "nomination__cohort", "nomination__organisation")
        .first()
    )


def sent_since(link_of: object, purpose: str, since: datetime) -> int:
    """How many links for that purpose the nomination was sent since then."""
    return Link.objects.filter(nomination=link_of, purpose=purpose, created_at__gte=since).count()
