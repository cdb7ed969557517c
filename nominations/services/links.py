"""Single-purpose links: made, sent, entered once, revoked.

Only a hash of the secret is kept, so a copy of the database opens nothing. The mail that carries it has dots in its
place wherever it is kept (messaging.mail.Mail.secret_word).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from core import clock
from core.audit import record
from core.verdicts import NotAllowed, require
from messaging import outbox
from nominations import emails
from nominations.enums import LinkPurpose
from nominations.models import Link, Nomination
from nominations.queries.answers import waiting_for_address
from nominations.queries.links import unsaved_link
from nominations.queries.offers import offer_of
from nominations.rules import links as rules
from people.models import User

# As long as those of the DfE’s early careers service (design history, “Nominating an induction tutor”).
LIFE = timedelta(days=21)


def make_link(*, nomination: Nomination, purpose: str, by: User | None = None) -> tuple[Link, str]:
    """A new link for that purpose and its secret; the ones before it stop working. The caller sends it."""
    revoke_links(nomination=nomination, purpose=purpose, by=by)
    at = clock.now()
    link, secret = unsaved_link(nomination, purpose, at, LIFE)
    if purpose == LinkPurpose.OFFER and (offer := offer_of(nomination)) and offer.answer_by:
        # An offer's link is good at least as long as the offer.
        end = datetime.combine(offer.answer_by + timedelta(days=1), time(), clock.LONDON)
        link.expires_at = max(link.expires_at, end)
    link.save()
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
    link, secret = make_link(nomination=nomination, purpose=purpose, by=by)
    record("link.sent", about=nomination, by=by, purpose=purpose)
    outbox.queue(emails.link_mail(link, secret, today))
    return link


@transaction.atomic
def enter_link(*, link: Link, by: User | None = None) -> Link:
    """Use the link: once, in its time. Raises NotAllowed with what is wrong."""
    link = Link.objects.select_for_update(of=("self",)).select_related("nomination").get(pk=link.pk)
    require(rules.may_enter(link))
    link.entered_at = clock.now()
    link.save(update_fields=["entered_at"])
    record("link.entered", about=link.nomination, by=by, purpose=link.purpose)
    return link


def send_links_to(*, address: str, by: User | None = None, today: date) -> int:
    """Send whoever has this address a new link to each answer that waits for them; returns how many went.

    Nobody is told whether there was any: the page says the same to everybody. What was sent too often is left out.
    """
    waiting: Iterable[tuple[Nomination, str]] = waiting_for_address(address)
    sent = 0
    for nomination, purpose in waiting:
        try:
            send_link(nomination=nomination, purpose=purpose, by=by, today=today)
        except NotAllowed:
            continue
        sent += 1
    return sent


def revoke_links(
    *,
    nomination: Nomination,
    purpose: str | None = None,
    by: User | None = None,  # noqa: ARG001 (the caller writes down who did what)
) -> int:
    """Links of the nomination (for one purpose, or all) stop working; returns how many did."""
    live = Link.objects.filter(nomination=nomination, revoked_at__isnull=True)
    if purpose:
        live = live.filter(purpose=purpose)
    return live.update(revoked_at=clock.now())
