"""Who may nominate whom, when; what is a warning and what is a refusal."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cohorts.enums import CohortStatus
from cohorts.models import Associate, Cohort
from cohorts.rules import runs_programme
from core.bilingual import pick
from core.clock import Window
from core.lifecycle import may_move
from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import NominationStatus
from nominations.models import Nomination
from nominations.queries import nominations as queries
from nominations.queries import places as place_queries
from nominations.queries.proposals import Facts
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


def may_say_no_nominees(
    user: Someone, cohort: Cohort, organisation: Organisation, today: date, *, nominated: int
) -> Verdict:
    """“None this time” can be said while recruitment is open, and when nobody is nominated.

    `nominated` is how many there are (queries.nominations.used_by, or a line of queries.places), so that a page of
    several organisations counts them once.
    """
    if not (verdict := may_nominate(user, cohort, organisation, today)):
        return verdict
    if nominated:
        return refused(_("Your organisation has nominations in this cohort. Withdraw them first."))
    return ALLOWED


def faults_of(user: Someone, facts: Facts, email: str, line_manager_email: str) -> dict[str, str]:
    """Why this person cannot be put forward by `user`: field → sentence; empty when they can.

    Nobody nominates themselves, nobody is their own line manager, whichever of their addresses is given, and one
    organisation at a time puts a person forward for a cohort.
    """
    faults = {}
    person, manager = facts.person(email), facts.person(line_manager_email)
    if line_manager_email and (line_manager_email.lower() == email.lower() or (person and person == manager)):
        faults["line_manager_email"] = _("The line manager has the nominee’s own email address. Give somebody else.")
    if isinstance(user, User) and (user == person or user.email.lower() == email.lower()):
        faults["email"] = _("You cannot nominate yourself. Use “Apply yourself”, or ask another coordinator.")
    there = facts.nomination_of(email)
    if there and there.organisation_id != facts.organisation.pk:
        faults["email"] = _("Another organisation has already put this person forward for this cohort.")
    return faults


def is_within_places(cohort: Cohort, organisation: Organisation, more: int = 1) -> Verdict:
    """Not a refusal but a warning: above the indicative number, a reason is asked for and kept."""
    places = place_queries.of(cohort, organisation)
    used = queries.used_by(cohort, organisation)
    if used + more <= places.indicative:
        return ALLOWED
    return refused(
        _(
            "This is more than the organisation’s indicative places. "
            "Places: %(places)s. Nominations with this: %(used)s."
        )
        % {"places": places.indicative, "used": used + more}
    )


def is_new_to_the_programme(elsewhere: Associate | None) -> Verdict:
    """Not a refusal but a warning: somebody who has a place in another cohort needs a reason for a second one."""
    if elsewhere is None:
        return ALLOWED
    return refused(
        _("This person already has a place in another cohort: %(cohort)s.") % {"cohort": pick(elsewhere.cohort, "name")}
    )


def may_view_nomination(user: User | AnonymousUser, nomination: Nomination, today: date) -> Verdict:
    """The twin of queries.nominations.visible_to, for one nomination."""
    if queries.visible_to(user, today).filter(pk=nomination.pk).exists():
        return ALLOWED
    return refused(_("This nomination is not among those that you can see."))


def may_view_list(user: Someone, today: date) -> Verdict:
    """The list of nominations: the programme team, auditors, and coordinators for their own organisation."""
    if isinstance(user, User):
        roles = roles_on(user, today)
        if roles.runs_programme or roles.is_auditor or roles.is_coordinator:
            return ALLOWED
    return refused(_("Only the programme team, coordinators and auditors can open this list."))


def may_view_recruitment(user: Someone, today: date) -> Verdict:
    """The recruitment page: the programme team with every organisation, coordinators with their own."""
    if isinstance(user, User):
        roles = roles_on(user, today)
        if roles.runs_programme or roles.is_coordinator:
            return ALLOWED
    return refused(_("Only the programme team and coordinators can open this page."))


def may_nominate_for_some(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Whether there is any organisation that `user` may nominate for now."""
    if isinstance(user, User) and not roles_on(user, today).is_coordinator:
        return runs_programme(user, today) and is_open(cohort, today)
    return is_open(cohort, today)


def may_apply(cohort: Cohort, today: date) -> Verdict:
    """Anybody may apply while recruitment is open."""
    return is_open(cohort, today)


def may_merge(user: Someone, kept: Nomination, other: Nomination, today: date) -> Verdict:
    """Two nominations of one organisation in one cohort, both before any decision, that mean one person."""
    if not (verdict := acts_for(user, kept.organisation, today)):
        return verdict
    if kept.pk == other.pk or (kept.cohort_id, kept.organisation_id) != (other.cohort_id, other.organisation_id):
        return refused(_("Only two nominations of the same organisation and cohort can be merged."))
    early = (NominationStatus.INVITED, NominationStatus.COMPLETE)
    if kept.status not in early or other.status not in early:
        return refused(_("One of the two is no longer before its decision, so they stay as they are."))
    return ALLOWED


def may_revive(user: Someone, nomination: Nomination, today: date) -> Verdict:
    """What lapsed, until the cohort starts: the organisation's coordinators; an offer that lapsed, the programme team.

    Not when the person was put forward for the cohort anew.
    """
    if not (verdict := acts_for(user, nomination.organisation, today)):
        return verdict
    if not (verdict := may_move(nomination, NominationStatus.INVITED)):
        return verdict
    if nomination.cohort.status not in CohortStatus.before_start():
        return refused(_("This cohort has started, so nobody can be put forward for it any more."))
    if queries.standing(nomination.cohort, nomination.person):
        return refused(_("This person was put forward for this cohort again, and that nomination stands."))
    if nomination.moves.latest().from_status == NominationStatus.OFFERED and not runs_programme(user, today):
        return refused(_("An offer of a place lapsed. Only the programme team can take it up again."))
    return ALLOWED


def may_withdraw(user: Someone, nomination: Nomination, today: date) -> Verdict:
    """Until a place is accepted: the nominee, the organisation's coordinators, the programme team."""
    own = isinstance(user, User) and nomination.person_id == user.pk
    if not own and not (verdict := acts_for(user, nomination.organisation, today)):
        return verdict
    return may_move(nomination, NominationStatus.WITHDRAWN)
