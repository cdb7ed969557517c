"""The links that every new nomination sends at once: to the nominee and to the line manager.

Later ones go through services.links.send_link, which looks at how often links were sent; here there is nothing to look
at yet, so that a file of a thousand rows takes a few queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core import clock
from core.audit import record_many
from messaging import outbox
from nominations import emails
from nominations.enums import LinkPurpose
from nominations.models import Link, Nomination
from nominations.queries.links import unsaved_link
from nominations.services.links import LIFE
from people.models import User

PURPOSES = (LinkPurpose.NOMINEE, LinkPurpose.MANAGER)


def send_first_links(*, nominations: Sequence[Nomination], by: User | None, today: date) -> None:
    """Make and mail both links of each of these new nominations, in the caller's transaction."""
    at = clock.now()
    made = []
    for nomination in nominations:
        for purpose in PURPOSES:
            link, secret = unsaved_link(nomination, purpose, at, LIFE)
            made.append((link, secret))
    Link.objects.bulk_create([link for link, _secret in made], 1000)
    purposes = [str(purpose) for purpose in PURPOSES]
    record_many((("links.sent", nomination, {"purposes": purposes}) for nomination in nominations), by=by)
    outbox.queue_many(emails.link_mail(link, secret, today) for link, secret in made)
