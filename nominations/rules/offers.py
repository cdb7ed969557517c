"""Who may answer an offer."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import NominationStatus
from nominations.models import Nomination
from nominations.rules.nominations import Someone
from people.models import User


def may_answer(user: Someone, nomination: Nomination, today: date) -> Verdict:
    """The nominee alone (None: came by the link that only the nominee was sent), while the offer stands and is in time."""
    if isinstance(user, User) and user.pk != nomination.person_id:
        return refused(_("Only the person who was offered the place can answer."))
    if nomination.status != NominationStatus.OFFERED:
        return refused(_("There is no offer to answer any more."))
    offer = nomination.decisions.filter(released_at__isnull=False).order_by("-released_at").first()
    if offer and offer.answer_by and today > offer.answer_by:
        return refused(_("The day by which to answer has passed. Ask the programme team."))
    return ALLOWED
