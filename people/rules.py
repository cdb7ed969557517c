"""May they, and if not, why. `user` None is the system: a nightly run, a command, the demo's builder.

Each takes the day from its caller, reads, and answers with a Verdict; verbs ask again inside their transaction.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.verdicts import ALLOWED, Verdict, refused
from people.enums import RoleKind
from people.models import Employment, Organisation, Role, SecondStepReset, User
from people.queries import organisations as organisation_queries
from people.queries import people as people_queries
from people.queries.roles import leaves_no_coordinator, roles_on

Actor = User | AnonymousUser | None

TEAM_ONLY = _("Only the programme team can do this.")
APPOINTED_BY_MANAGERS = frozenset({RoleKind.MANAGER, RoleKind.ADMINISTRATOR, RoleKind.AUDITOR})


def may_manage_people(user: Actor, today: date) -> Verdict:
    """Add people and organisations, change them, give and end roles: the programme team."""
    if user is None or roles_on(user, today).runs_programme:
        return ALLOWED
    return refused(TEAM_ONLY)


def may_view_person(user: User | AnonymousUser, person: User, today: date) -> Verdict:
    """The twin of queries.people.visible_to."""
    if people_queries.visible_to(user, today).filter(pk=person.pk).exists():
        return ALLOWED
    return refused(_("This person is not one of yours."))


def may_view_contact(user: User | AnonymousUser, person: User, today: date) -> Verdict:
    """Know where and in which language letters reach this person. The twin of queries.people.in_touch_with."""
    if people_queries.in_touch_with(user, today).filter(pk=person.pk).exists():
        return ALLOWED
    return refused(_("This person is not one of yours."))


def may_view_organisation(user: User | AnonymousUser, organisation: Organisation, today: date) -> Verdict:
    """The twin of queries.organisations.visible_to."""
    if organisation_queries.visible_to(user, today).filter(pk=organisation.pk).exists():
        return ALLOWED
    return refused(_("This organisation is not one of yours."))


def may_list_people(user: User | AnonymousUser, today: date) -> Verdict:
    """Open the lists of people and organisations: the programme team, auditors, and coordinators for their own."""
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_coordinator or roles.is_auditor:
        return ALLOWED
    return refused(_("Only the programme team, coordinators and auditors can open this list."))


def may_record_needs(user: Actor, *, person: User) -> Verdict:
    """What somebody needs in sessions is theirs to say (None: they came by a link of their own)."""
    if user is None or user.pk == person.pk:
        return ALLOWED
    return refused(_("Only the person themselves can say what they need."))


def may_read_log(user: Actor, today: date) -> Verdict:
    """Read what happened to a person or an organisation: the programme team and auditors."""
    if user is None:
        return ALLOWED
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return ALLOWED
    return refused(_("Only the programme team and auditors can read this."))


def may_add_person(user: Actor, today: date) -> Verdict:
    """Record a person: the programme team, or a coordinator, who names people of the own organisation."""
    if user is None:
        return ALLOWED
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_coordinator:
        return ALLOWED
    return refused(_("Only the programme team and coordinators can add people."))


def may_employ(user: Actor, organisation: Organisation, today: date) -> Verdict:
    """Record where somebody works: the programme team, or a coordinator of that organisation."""
    if user is None:
        return ALLOWED
    roles = roles_on(user, today)
    if roles.runs_programme or organisation.pk in roles.organisation_ids:
        return ALLOWED
    return refused(_("You can record people of your own organisation only."))


def employment_fits(
    person: User, organisation: Organisation, starts_on: date, until: date | None = None, exclude: int | None = None
) -> Verdict:
    """Whether a spell from `starts_on` leaves the others at that organisation alone (they may not overlap)."""
    overlapping = Employment.objects.filter(person=person, organisation=organisation).filter(
        Q(until__isnull=True) | Q(until__gt=starts_on)
    )
    if until is not None:
        overlapping = overlapping.filter(starts_on__lt=until)
    if exclude is not None:
        overlapping = overlapping.exclude(pk=exclude)
    if overlapping.exists():
        return refused(_("These dates overlap with another spell at the same organisation."))
    return ALLOWED


def may_end(thing: Employment | Role, until: date) -> Verdict:
    """Whether a dated row can end on `until`, its first day no longer: after its start, and only once."""
    if thing.until is not None and thing.until <= until:
        return refused(_("This has already ended."))
    if until <= thing.starts_on:
        return refused(_("The end must be after the first day."))
    return ALLOWED


def may_give_role(user: Actor, *, person: User, kind: str, today: date) -> Verdict:
    """Give `person` the role `kind`: the programme team, never to oneself; who runs or audits it, a manager only."""
    if user is None:
        return ALLOWED
    roles = roles_on(user, today)
    if not roles.runs_programme:
        return refused(TEAM_ONLY)
    if user.pk == person.pk:
        return refused(_("Nobody gives a role to themselves. Ask somebody else in the programme team."))
    if kind in APPOINTED_BY_MANAGERS and not roles.is_manager:
        return refused(_("Only a programme manager can give or end this role."))
    return ALLOWED


def may_end_role(user: Actor, *, role: Role, today: date) -> Verdict:
    """End a role: as for giving it; not one's own, so that a programme manager always remains."""
    if user is None:
        return ALLOWED
    if user.pk == role.person_id:
        return refused(_("Nobody ends their own role. Ask somebody else in the programme team."))
    return may_give_role(user, person=role.person, kind=role.kind, today=today)


def is_warned_about_last_coordinator(role: Role, until: date) -> Verdict:
    """Refused, with the warning to show first, when the organisation would have no coordinator left."""
    if leaves_no_coordinator(role, until):
        return refused(
            _("This is the organisation’s last coordinator. Without one, nobody there can nominate or follow people.")
        )
    return ALLOWED


def may_change_language(user: Actor, *, person: User, today: date) -> Verdict:
    """Record the language for correspondence: the person, the programme team, or a coordinator.

    A coordinator does so for those who work today at an organisation they coordinate, and its other coordinators.
    """
    if user is None or user.pk == person.pk:
        return ALLOWED
    roles = roles_on(user, today)
    if roles.runs_programme or (roles.is_coordinator and may_view_contact(user, person, today)):
        return ALLOWED
    return refused(_("Only the person and the programme team can change this."))


def may_record_address(user: Actor, *, person: User, today: date) -> Verdict:
    """Record an address for somebody who lost theirs: the programme team, not for themselves.

    Whoever runs the programme is helped by a manager only, so that no administrator can take over a manager's account.
    """
    verdict = _may_help(user, person=person, today=today)
    if not verdict or user is None:
        return verdict
    if roles_on(person, today).kinds & APPOINTED_BY_MANAGERS and not roles_on(user, today).is_manager:
        return refused(_("Only a programme manager can do this for a person with this role."))
    return ALLOWED


def may_ask_second_step_reset(user: Actor, *, person: User, today: date) -> Verdict:
    """Ask for somebody's second step to be taken away: the programme team, not for themselves."""
    return _may_help(user, person=person, today=today)


def may_confirm_second_step_reset(user: Actor, *, reset: SecondStepReset, today: date) -> Verdict:
    """Confirm it: another member of the programme team than the one who asked, and once."""
    if reset.confirmed_at is not None:
        return refused(_("This has been done already."))
    if user is not None and user.pk == reset.asked_by_id:
        return refused(_("Somebody else in the programme team must confirm this."))
    return _may_help(user, person=reset.person, today=today)


def _may_help(user: Actor, *, person: User, today: date) -> Verdict:
    if user is None:
        return ALLOWED
    if not roles_on(user, today).runs_programme:
        return refused(TEAM_ONLY)
    if user.pk == person.pk:
        return refused(_("Ask somebody else in the programme team to do this for you."))
    return ALLOWED
