"""Putting a person forward, taking a nomination back, and joining two that mean one person.

Lock order: cohort before places before nomination before person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Theme
from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.lifecycle import begin, move
from core.verdicts import require
from nominations.enums import LinkPurpose, NominationStatus, Route
from nominations.models import Nomination, Places
from nominations.queries import nominations as queries
from nominations.rules import nominations as rules
from nominations.services.links import revoke_links, send_link
from people.models import Organisation, User
from people.queries.people import person_by_address
from people.services.people import add_person


@transaction.atomic
def nominate(
    *,
    cohort: Cohort,
    organisation: Organisation,
    first_name: str,
    last_name: str,
    email: str,
    job_title: str,
    directorate: str = "",
    line_manager_name: str,
    line_manager_email: str,
    themes: Sequence[Theme] = (),
    reason: str,
    over_places_reason: str = "",
    elsewhere_reason: str = "",
    by: User | None,
    today: date,
) -> Nomination:
    """Nominate a person for a cohort, once: the same organisation's second call returns the first nomination.

    No `themes` means either. Sends the nominee and the line manager their links. Somebody who applied themselves is
    joined: the route becomes “both”. `by` None is an application by the person (Route.SELF). Above the indicative places `over_places_reason`
    is needed, for an associate of another cohort `elsewhere_reason`; both are kept and audited.
    Raises NotAllowed (who, closed, oneself) and ValidationError (per field).
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    Places.objects.select_for_update().filter(cohort=cohort, organisation=organisation).first()
    require(rules.may_nominate(by, cohort, organisation, today))
    email = email.strip().lower()
    known = person_by_address(email)
    addresses = {email} | ({known.email.lower()} if known else set())
    require(rules.is_not_oneself(by, addresses, line_manager_email))
    if known and (there := queries.standing(cohort, known)):
        return _arrived_again(there, organisation, reason=reason, by=by, today=today)
    over = _reason_needed(rules.is_within_places(cohort, organisation), over_places_reason, "over_places_reason")
    if known:
        _reason_needed(rules.is_new_to_the_programme(known, cohort), elsewhere_reason, "elsewhere_reason")
    person = add_person(name=f"{first_name.strip()} {last_name.strip()}", email=email, by=by, today=today)
    nomination = Nomination.objects.create(
        cohort=cohort,
        person=person,
        organisation=organisation,
        route=Route.COORDINATOR if by else Route.SELF,
        nominated_by=by,
        submitted_at=clock.now(),
        submitted_on=today,
        job_title=job_title.strip(),
        directorate=directorate.strip(),
        line_manager_name=line_manager_name.strip(),
        line_manager_email=line_manager_email.strip().lower(),
        reason=reason.strip(),
        over_places_reason=over_places_reason.strip(),
        elsewhere_reason=elsewhere_reason.strip(),
    )
    nomination.themes.set(themes)
    begin(nomination, by=by, on=today)
    details = {"over_places": over, "over_places_reason": over_places_reason.strip()} if over else {}
    record("nomination.submitted", about=nomination, by=by, organisation=organisation.code, **details)
    for purpose in (LinkPurpose.NOMINEE, LinkPurpose.MANAGER):
        send_link(nomination=nomination, purpose=purpose, by=None, today=today)
    return nomination


def _reason_needed(verdict: object, reason: str, field: str) -> str:
    """The warning's sentence when there is one and a reason was given; a field error when none was."""
    if verdict:
        return ""
    sentence = str(verdict.reason)  # type: ignore[attr-defined]
    if not reason.strip():
        raise ValidationError({field: f"{sentence} {_('Give a reason to go on.')}"})
    return sentence


def _arrived_again(
    nomination: Nomination, organisation: Organisation, *, reason: str, by: User | None, today: date
) -> Nomination:
    """A person arrives a second time: the same route changes nothing, the other one joins."""
    if nomination.organisation_id != organisation.pk:
        raise ValidationError({"email": _("Another organisation has already put this person forward for this cohort.")})
    came_again_the_same_way = (nomination.route == Route.SELF) == (by is None) or nomination.route == Route.BOTH
    if came_again_the_same_way:
        return nomination
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    nomination.route, nomination.nominated_by = Route.BOTH, nomination.nominated_by or by
    if by:
        nomination.reason = f"{nomination.reason}\n\n{reason.strip()}".strip()
    nomination.save(update_fields=["route", "nominated_by", "reason"])
    record("nomination.joined", about=nomination, by=by, on=today.isoformat())
    return nomination


@transaction.atomic
def complete_if_ready(*, nomination: Nomination, today: date) -> Nomination:
    """The nominee has consented and the line manager has endorsed: the nomination can be reviewed."""
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    part = getattr(nomination, "nominee_part", None)
    endorsement = getattr(nomination, "endorsement", None)
    ready = part is not None and part.consents and endorsement is not None and endorsement.endorsed
    if ready and nomination.status == NominationStatus.INVITED:
        move(nomination, NominationStatus.COMPLETE, by=None, on=today)
        record("nomination.completed", about=nomination, by=None)
    return nomination


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, reason: str, by: User | None, today: date) -> Nomination:
    """Take a nomination back; its links stop working. Raises NotAllowed."""
    Cohort.objects.select_for_update().get(pk=nomination.cohort_id)
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    require(rules.may_withdraw(by, nomination, today))
    move(nomination, NominationStatus.WITHDRAWN, by=by, on=today, note=reason)
    revoke_links(nomination=nomination)
    record("nomination.withdrawn", about=nomination, by=by, reason=reason)
    return nomination
