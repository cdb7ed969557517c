"""Single-purpose links: made, sent, entered once, revoked.

Only a hash of the secret is kept, so a copy of the database opens nothing. The mail that carries the secret is itself
marked secret: its words are wiped once sent.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.db import transaction

from core import clock
from core.audit import record
from core.verdicts import require
from messaging import outbox
from nominations import emails
from nominations.enums import LinkPurpose
from nominations.models import Link, Nomination
from nominations.queries.links import hash_of
from nominations.rules import links as rules
from people.models import User

# domain.md 4.1 row 1: the DfE's nomination links live as long.
LIFE = timedelta(days=21)


def make_link(*, nomination: Nomination, purpose: str) -> tuple[Link, str]:
    """A new link for that purpose and its secret; the ones before it stop working. The caller sends it."""
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
    return link, secret


@transaction.atomic
def send_link(*, nomination: Nomination, purpose: str, by: User | None, today: date) -> Link:
    """Mail a new link to whom it is for. Raises NotAllowed when one was sent too recently, or too often."""
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("person", "cohort__programme", "organisation", "nominated_by")
        .get(pk=nomination.pk)
    )
    require(rules.may_send(nomination, purpose))
    link, secret = make_link(nomination=nomination, purpose=purpose)
    record("link.sent", about=nomination, by=by, purpose=purpose)
    outbox.queue(emails.link_mail(link, secret, today))
    return link


@transaction.atomic
def enter_link(*, link: Link) -> Link:
    """Use the link: once, in its time. Raises NotAllowed with what is wrong."""
    link = Link.objects.select_for_update(of=("self",)).select_related("nomination").get(pk=link.pk)
    require(rules.may_enter(link))
    link.entered_at = clock.now()
    link.save(update_fields=["entered_at"])
    record("link.entered", about=link.nomination, by=None, purpose=link.purpose)
    return link


def revoke_links(*, nomination: Nomination, purpose: str | None = None) -> int:
    """Links of the nomination (for one purpose, or all) stop working; returns how many did."""
    live = Link.objects.filter(nomination=nomination, revoked_at__isnull=True)
    if purpose:
        live = live.filter(purpose=purpose)
    return live.update(revoked_at=clock.now())
