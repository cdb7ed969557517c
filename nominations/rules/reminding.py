"""Whether somebody is still to be reminded, and if not, why."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import NominationStatus
from nominations.kinds import ENOUGH, NO_NOMINEES, SOMEBODY
from nominations.models import Nomination
from nominations.queries.places import OrganisationPlaces
from people.models import User


def may_remind_nominee(nomination: Nomination) -> Verdict:
    """While the nomination waits and the nominee’s own part has not come."""
    if not nomination.person.is_active:
        return refused(_("The person’s account is closed."))
    if hasattr(nomination, "nominee_part"):
        return refused(_("The nominee has answered."))
    return _still_waits(nomination)


def may_remind_manager(nomination: Nomination) -> Verdict:
    """While the nomination waits and the line manager has not answered."""
    if hasattr(nomination, "endorsement"):
        return refused(_("The line manager has answered."))
    return _still_waits(nomination)


def may_remind_of_offer(nomination: Nomination) -> Verdict:
    """While the offer stands."""
    if not nomination.person.is_active:
        return refused(_("The person’s account is closed."))
    if nomination.status != NominationStatus.OFFERED:
        return refused(_("The offer has been answered, or is over."))
    return ALLOWED


def has_not_lapsed_by(day: date, lapses_on: date) -> Verdict:
    """Nobody is reminded of what the night of that day lapses, or has lapsed before: a forecast knows that, too."""
    if day >= lapses_on:
        return refused(_("By that day it has lapsed."))
    return ALLOWED


def is_awaited(line: OrganisationPlaces, stop: str = ENOUGH.slug) -> bool:
    """Whether an organisation is still reminded of recruitment, as the rule's stop condition (nominations.kinds) says.

    Never once it has said “no nominees this time”.
    """
    if stop == NO_NOMINEES.slug:
        return line.no_nominees_on is None
    if stop == SOMEBODY.slug:
        return line.no_nominees_on is None and not line.nominated
    return line.is_awaited


def may_hear_of_closing(cohort: Cohort, person: User, is_awaited: bool, stop: str = ENOUGH.slug) -> Verdict:
    """A coordinator hears while the cohort recruits and one of their organisations is still awaited."""
    if not person.is_active:
        return refused(_("The person’s account is closed."))
    if cohort.status != CohortStatus.RECRUITING:
        return refused(_("Recruitment is not open."))
    if is_awaited:
        return ALLOWED
    if stop == NO_NOMINEES.slug:
        return refused(_("The organisations have said that they have no nominees."))
    if stop == SOMEBODY.slug:
        return refused(_("The organisations have put forward somebody, or said that they have none."))
    return refused(_("The organisations have put forward enough people, or said that they have none."))


def _still_waits(nomination: Nomination) -> Verdict:
    if nomination.status != NominationStatus.INVITED:
        return refused(_("The nomination no longer waits for answers."))
    return ALLOWED
