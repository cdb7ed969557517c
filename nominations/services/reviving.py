"""Taking a nomination that lapsed up again.

Lock order: cohort before places before nomination.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from core.audit import record
from core.lifecycle import move
from core.verdicts import require
from nominations.enums import LinkPurpose, NominationStatus
from nominations.models import Nomination, Places
from nominations.rules import nominations as rules
from nominations.services.links import send_link
from nominations.services.nominations import complete_if_ready
from nominations.services.places import exceed_places, take_back_no_nominees
from people.models import User


@transaction.atomic
def revive_nomination(
    *, nomination: Nomination, reason: str, over_places_reason: str = "", by: User, today: date
) -> Nomination:
    """Wait for its answers once more, fifteen working days from today, with the reason kept in its history.

    Whoever has not answered (or, as line manager, said no) is sent a new link, within the limits of links; when all
    answers are there, because an offer had lapsed, it is complete at once and can be decided on again. Above the
    indicative places `over_places_reason` is needed, as for a new one. Raises NotAllowed (who, when, a link sent a
    moment ago) and ValidationError (per field).
    """
    cohort = Cohort.objects.select_for_update().get(pk=nomination.cohort_id)
    organisation = nomination.organisation
    places = Places.objects.select_for_update().filter(cohort=cohort, organisation=organisation).first()
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("person", "cohort", "organisation")
        .get(pk=nomination.pk)
    )
    require(rules.may_revive(by, nomination, today))
    nomination.over_places_reason = (
        exceed_places(
            cohort=cohort, organisation=organisation, nominations=1, reason=over_places_reason, by=by, today=today
        )
        or nomination.over_places_reason
    )
    move(nomination, NominationStatus.INVITED, by=by, on=today, note=reason.strip(), also=("over_places_reason",))
    record("nomination.revived", about=nomination, by=by, reason=reason.strip())
    if places and places.no_nominees_on and rules.may_nominate(by, cohort, organisation, today):
        take_back_no_nominees(cohort=cohort, organisation=organisation, by=by, today=today)
    for purpose in _missing(nomination):
        send_link(nomination=nomination, purpose=purpose, by=by, today=today)
    return complete_if_ready(nomination=nomination, by=by, today=today)


def _missing(nomination: Nomination) -> list[LinkPurpose]:
    part, endorsement = getattr(nomination, "nominee_part", None), getattr(nomination, "endorsement", None)
    answered = {
        LinkPurpose.NOMINEE: part is not None and part.consents,
        LinkPurpose.MANAGER: endorsement is not None and endorsement.endorsed,
    }
    return [purpose for purpose, is_in in answered.items() if not is_in]
