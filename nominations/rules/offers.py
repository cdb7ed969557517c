"""Who may answer an offer."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import NominationStatus
from nominations.models import Nomination
from nominations.queries.offers import offer_of
from nominations.rules.nominations import Someone
from people.models import User


def is_nominee(user: Someone, nomination: Nomination) -> Verdict:
    """The nominee alone (None: came by the link that only the nominee was sent)."""
    if isinstance(user, User) and user.pk != nomination.person_id:
        return refused(_("Only the person who was offered the place can answer."))
    return ALLOWED


def may_answer(user: Someone, nomination: Nomination, today: date) -> Verdict:
    """The nominee alone, while the offer stands and is in time."""
    if not (verdict := is_nominee(user, nomination)):
        return verdict
    if nomination.status != NominationStatus.OFFERED:
        return refused(_("There is no offer to answer any more."))
    offer = offer_of(nomination)
    if offer and offer.answer_by and today > offer.answer_by:
        return refused(_("The day by which to answer has passed. Ask the programme team."))
    return ALLOWED
