"""When a link may be sent again, and when it may be entered."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from core import clock
from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import LinkPurpose, NominationStatus
from nominations.models import Link, Nomination
from nominations.queries.links import newest, sent_since

# The limits that the DfE’s early careers service sets for its nomination mails.
MOST_A_DAY = 5
PAUSE = timedelta(minutes=5)

# While a nomination stands so, its links are of use.
OPEN_FOR = {
    LinkPurpose.NOMINEE: {NominationStatus.INVITED, NominationStatus.COMPLETE},
    LinkPurpose.MANAGER: {NominationStatus.INVITED},
    LinkPurpose.OFFER: {NominationStatus.OFFERED},
}


def is_open_for(nomination: Nomination, purpose: str) -> Verdict:
    """Whether the nomination still waits for that answer."""
    if nomination.status in OPEN_FOR[LinkPurpose(purpose)]:
        return ALLOWED
    if nomination.status == NominationStatus.WITHDRAWN:
        return refused(_("This nomination was withdrawn, so there is nothing more to answer."))
    return refused(_("This nomination no longer waits for an answer."))


def may_use(link: Link) -> Verdict:
    """Whether the browser that entered with this link may still use it: until its last day, while it is the newest.

    Withdrawing and the like revoke a link as well; what to say then is is_open_for's to say.
    """
    if link.entered_at is None:
        return refused(_("This link has not been used yet. Open it from your email."))
    if clock.now() >= link.expires_at:
        return refused(_("This link is too old. Ask for a new one."))
    last = newest(link.nomination, link.purpose)
    if last is not None and last.pk != link.pk:
        return refused(_("A newer link was sent. Use the link in the newest email, or ask for another."))
    return ALLOWED


def may_send(nomination: Nomination, purpose: str) -> Verdict:
    """At most five in 24 hours and one in five minutes, for each purpose."""
    if not (verdict := is_open_for(nomination, purpose)):
        return verdict
    at = clock.now()
    if sent_since(nomination, purpose, at - PAUSE):
        return refused(_("A link was sent a moment ago. Wait five minutes before you send another."))
    if sent_since(nomination, purpose, at - timedelta(days=1)) >= MOST_A_DAY:
        return refused(_("Five links were sent in the last 24 hours. Try again tomorrow."))
    return ALLOWED


def may_enter(link: Link) -> Verdict:
    """A link is good once, until its last day, unless a newer one was sent or the nomination has moved on."""
    if not (verdict := is_open_for(link.nomination, link.purpose)):
        return verdict
    if link.entered_at is not None:
        return refused(_("This link has been used. Ask for a new one to come back to your answers."))
    if link.revoked_at is not None:
        return refused(_("A newer link was sent. Use the link in the newest email, or ask for another."))
    if clock.now() >= link.expires_at:
        return refused(_("This link is too old. Ask for a new one."))
    return ALLOWED
