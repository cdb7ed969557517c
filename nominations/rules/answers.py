"""Who may say the nominee's part and the line manager's, and until when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import LinkPurpose
from nominations.models import Nomination
from nominations.rules.links import is_open_for
from nominations.rules.nominations import Someone
from people.models import User
from people.queries.people import addresses_of


def is_nominee(user: Someone, nomination: Nomination) -> Verdict:
    """The nominee alone (None: came by the link that only the nominee was sent)."""
    if user is None or (isinstance(user, User) and user.pk == nomination.person_id):
        return ALLOWED
    return refused(_("Only the person who was nominated can answer this."))


def may_answer_as_nominee(user: Someone, nomination: Nomination) -> Verdict:
    """The nominee, until the nomination is decided."""
    return is_nominee(user, nomination) and is_open_for(nomination, LinkPurpose.NOMINEE)


def may_endorse(nomination: Nomination, user: Someone = None) -> Verdict:
    """The line manager, who came by the link, until the nomination is complete; never the nominee."""
    addresses = {nomination.person.email.lower()}
    addresses |= {address.email.lower() for address in addresses_of(nomination.person) if address.verified}
    signed_in_as_nominee = isinstance(user, User) and user.pk == nomination.person_id
    if signed_in_as_nominee or nomination.line_manager_email.lower() in addresses:
        return refused(_("Nobody endorses themselves. Ask your coordinator to name your line manager."))
    return is_open_for(nomination, LinkPurpose.MANAGER)
