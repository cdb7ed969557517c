"""Words to people about nominations: one function per message, each returning a Mail."""

from __future__ import annotations

from datetime import date

from cohorts.emails import about
from core.clock import LONDON
from messaging.mail import Mail, Recipient
from nominations.enums import LinkPurpose
from nominations.models import Decision, Link, Nomination
from people.queries.people import recipient

LINK_TEMPLATES = {
    LinkPurpose.NOMINEE: "nominations/emails/nominee_invited",
    LinkPurpose.MANAGER: "nominations/emails/manager_asked",
    LinkPurpose.OFFER: "nominations/emails/offer_link",
}


def link_mail(link: Link, secret: str, today: date) -> Mail:
    """To the nominee or the line manager: the address where to answer, what for, and until when."""
    nomination = link.nomination
    return Mail(
        key=f"link:{link.pk}",
        kind=f"link-{link.purpose}",
        to=_manager(nomination) if link.purpose == LinkPurpose.MANAGER else recipient(nomination.person),
        template=LINK_TEMPLATES[LinkPurpose(link.purpose)],
        due_on=today,
        context={**_nomination(nomination), "secret": secret, "good_until": link.expires_at.astimezone(LONDON).date()},
        about=about(nomination.cohort),
        secret=True,
    )


def decision_released(decision: Decision, secret: str, today: date) -> Mail:
    """To the nominee: the decision, what it means, and what happens next. An offer carries the link to answer it."""
    nomination = decision.nomination
    return Mail(
        key=f"decision:{decision.pk}",
        kind="decision-released",
        to=recipient(nomination.person),
        template=f"nominations/emails/decision_{decision.outcome}",
        due_on=today,
        context={**_nomination(nomination), "decision": decision, "secret": secret},
        about=about(nomination.cohort),
        secret=bool(secret),
    )


def _manager(nomination: Nomination) -> Recipient:
    """A line manager has no account and was never asked for a language: both, Welsh first."""
    return Recipient(address=nomination.line_manager_email, name=nomination.line_manager_name, language="")


def _nomination(nomination: Nomination) -> dict[str, object]:
    return {
        "nomination": nomination,
        "person": nomination.person,
        "cohort": nomination.cohort,
        "programme": nomination.cohort.programme,
        "organisation": nomination.organisation,
        "nominator": nomination.nominated_by,
    }
