"""Who may nominate whom, when; what is a warning and what is a refusal."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from cohorts.rules import runs_programme
from core.clock import Window
from core.lifecycle import may_move
from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import NominationStatus
from nominations.models import Nomination
from nominations.queries import nominations as queries
from nominations.queries import places as place_queries
from people.models import Organisation, User
from people.queries.roles import roles_on

Someone = User | AnonymousUser | None


def acts_for(user: Someone, organisation: Organisation, today: date) -> Verdict:
    """The programme team, and the coordinators of that organisation."""
    if user is None or runs_programme(user, today):
        return ALLOWED
    if isinstance(user, User) and organisation.pk in roles_on(user, today).organisation_ids:
        return ALLOWED
    return refused(_("You are not a coordinator of this organisation."))


def may_set_places(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Indicative places and the window belong to the programme team, until the cohort starts."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if cohort.status not in CohortStatus.before_start():
        return refused(_("This cohort has started, so its places stay as they are."))
    return ALLOWED


def is_open(cohort: Cohort, today: date) -> Verdict:
    """Whether nominations are taken: recruitment was opened by a manager, and today is inside its window (if any)."""
    if cohort.status != CohortStatus.RECRUITING:
        return refused(_("Nominations for this cohort are closed."))
    if cohort.recruitment_opens_on and today not in Window(cohort.recruitment_opens_on, cohort.recruitment_until):
        return refused(_("Today is outside this cohort’s recruitment window."))
    return ALLOWED


def may_nominate(user: Someone, cohort: Cohort, organisation: Organisation, today: date) -> Verdict:
    """Coordinators nominate for their own organisation while recruitment is open; the programme team for any."""
    return acts_for(user, organisation, today) and is_open(cohort, today)


def may_say_no_nominees(user: Someone, cohort: Cohort, organisation: Organisation, today: date) -> Verdict:
    """“None this time” can be said while recruitment is open, and when nobody is nominated."""
    if not (verdict := may_nominate(user, cohort, organisation, today)):
        return verdict
    if queries.used_by(cohort, organisation):
        return refused(_("Your organisation has nominations in this cohort. Withdraw them first."))
    return ALLOWED


def is_not_oneself(user: Someone, addresses: set[str], line_manager_email: str) -> Verdict:
    """Nobody nominates themselves, and nobody is their own line manager. `addresses` are in small letters."""
    if line_manager_email.strip().lower() in addresses:
        return refused(_("The line manager has the nominee’s own email address. Give somebody else."))
    if isinstance(user, User) and user.email.lower() in addresses:
        return refused(_("You cannot nominate yourself. Use “Apply yourself”, or ask another coordinator."))
    return ALLOWED


def is_within_places(cohort: Cohort, organisation: Organisation, more: int = 1) -> Verdict:
    """Not a refusal but a warning: above the indicative number, a reason is asked for and kept."""
    places = place_queries.of(cohort, organisation)
    used = queries.used_by(cohort, organisation)
    if used + more <= places.indicative:
        return ALLOWED
    return refused(
        _(
            "This is more than your organisation’s indicative places. Places: %(places)s. Nominations with this: %(used)s."
        )
        % {"places": places.indicative, "used": used + more}
    )


def is_new_to_the_programme(person: User, cohort: Cohort) -> Verdict:
    """Not a refusal but a warning: somebody who has a place in another cohort needs a reason for a second one."""
    elsewhere = queries.associate_elsewhere(person, cohort)
    if elsewhere is None:
        return ALLOWED
    return refused(
        _("This person already has a place in another cohort: %(cohort)s.") % {"cohort": elsewhere.cohort.name_en}
    )


def may_withdraw(user: Someone, nomination: Nomination, today: date) -> Verdict:
    """Until a place is accepted: the nominee, the organisation's coordinators, the programme team."""
    own = isinstance(user, User) and nomination.person_id == user.pk
    if not own and not (verdict := acts_for(user, nomination.organisation, today)):
        return verdict
    return may_move(nomination, NominationStatus.WITHDRAWN)
