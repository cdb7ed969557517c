"""May they, and if not, why? Every answer is a Verdict; `today` is handed in; nothing here writes.

`user` None is the system (commands, the demo's builder), which the role questions let through; the facts (full,
finished, too late) hold for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.enums import AgreementKind, AssociateStatus, CohortStatus
from cohorts.kinds import COORDINATORS_ONLY, LEFT
from cohorts.models import Associate, Cohort
from cohorts.queries import associates as associate_queries
from cohorts.queries import cohorts as cohort_queries
from cohorts.queries import onboarding as onboarding_queries
from core.lifecycle import may_move
from core.verdicts import ALLOWED, Verdict, refused
from people.models import User
from people.queries.roles import roles_on

Someone = User | AnonymousUser | None


def runs_programme(user: Someone, today: date) -> Verdict:
    """Programme managers and administrators set cohorts up and keep them."""
    if user is None or (isinstance(user, User) and roles_on(user, today).runs_programme):
        return ALLOWED
    return refused(_("Only the programme team can do this."))


def may_view_cohort(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """The twin of cohorts.queries.cohorts.visible_to, for one cohort."""
    if user is None or cohort_queries.visible_to(user, today).filter(pk=cohort.pk).exists():
        return ALLOWED
    return refused(_("This cohort is not among those that you can see."))


def may_view_associate(user: Someone, associate: Associate, today: date) -> Verdict:
    """The twin of cohorts.queries.associates.visible_to, for one associate."""
    if user is None or associate_queries.visible_to(user, today).filter(pk=associate.pk).exists():
        return ALLOWED
    return refused(_("This person is not among those that you can see."))


def may_view_history(user: Someone, associate: Associate, today: date) -> Verdict:
    """Reasons for leaving and their notes are for the programme team and the person."""
    if isinstance(user, User) and associate.person_id == user.pk:
        return ALLOWED
    return runs_programme(user, today)


def may_edit_programme(user: Someone, today: date) -> Verdict:
    """Only a manager changes the programme's own facts."""
    if user is None or (isinstance(user, User) and roles_on(user, today).is_manager):
        return ALLOWED
    return refused(_("Only a programme manager can change the programme’s details."))


def may_create_cohort(user: Someone, today: date) -> Verdict:
    """The programme team creates cohorts."""
    return runs_programme(user, today)


def may_change_dates(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """The dates of a cohort that is over are its history."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if cohort.status in (CohortStatus.FINISHED, CohortStatus.CANCELLED):
        return refused(_("This cohort is over, so its dates stay as they are."))
    return ALLOWED


def may_change_details(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Names and places can be put right at any time, except after a cancellation."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if cohort.status == CohortStatus.CANCELLED:
        return refused(_("This cohort was cancelled."))
    return ALLOWED


def may_move_cohort(user: Someone, cohort: Cohort, to: CohortStatus, today: date) -> Verdict:
    """Whether the cohort can take the status now: the programme team, and the table of moves."""
    return runs_programme(user, today) and may_move(cohort, to)


def may_open_recruitment(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Recruitment opens before the cohort's first day."""
    if not (verdict := may_move_cohort(user, cohort, CohortStatus.RECRUITING, today)):
        return verdict
    if today >= cohort.starts_on:
        return refused(_("The first day has passed, so recruitment cannot open."))
    return ALLOWED


def may_close_recruitment(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Recruitment that is open can be closed at any time."""
    return may_move_cohort(user, cohort, CohortStatus.SELECTING, today)


def may_start_cohort(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """A cohort runs from its first day on, and with somebody in it."""
    if not (verdict := may_move_cohort(user, cohort, CohortStatus.RUNNING, today)):
        return verdict
    if today < cohort.starts_on:
        return refused(_("The cohort’s first day has not come yet."))
    if not cohort.associates.filter(status__in=AssociateStatus.fills_a_place()).exists():
        return refused(_("Nobody is enrolled in this cohort yet."))
    return ALLOWED


def may_cancel_cohort(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """A cohort that has not started can be cancelled."""
    return may_move_cohort(user, cohort, CohortStatus.CANCELLED, today)


def may_finish_cohort(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """A cohort is finished after its last day, when it is known of everybody how it ended."""
    if not (verdict := may_move_cohort(user, cohort, CohortStatus.FINISHED, today)):
        return verdict
    if today < cohort.until:
        return refused(_("The cohort’s last day has not passed yet."))
    still_open = {AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED}
    if count := cohort.associates.filter(status__in=still_open).count():
        return refused(_("First record for everyone how it ended. Still open: %(count)s") % {"count": count})
    return ALLOWED


def may_enrol(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """The programme team enrols people until the cohort is over, while there is a place."""
    if not (verdict := may_enrol_at_all(user, cohort, today)):
        return verdict
    if not cohort_queries.places_left(cohort):
        return is_full(cohort)
    return ALLOWED


def may_enrol_at_all(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """may_enrol without the question of places: for a person who is already in, or a file that says how many."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if cohort.status in (CohortStatus.FINISHED, CohortStatus.CANCELLED) or today >= cohort.until:
        return refused(_("This cohort is over, so nobody can be enrolled any more."))
    return ALLOWED


def is_full(cohort: Cohort) -> Verdict:
    """The refusal that names the number of places."""
    return refused(_("Every place in this cohort is taken. Places: %(places)s") % {"places": cohort.capacity})


def may_record(user: Someone, associate: Associate, to: AssociateStatus, today: date) -> Verdict:
    """Whether this associate can take the status now: the programme team (never for themselves), and the table."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if isinstance(user, User) and associate.person_id == user.pk:
        return refused(_("Nobody decides on themselves. Please ask a colleague."))
    if to == AssociateStatus.ACTIVE and today < associate.cohort.starts_on:
        return refused(_("The cohort starts on %(day)s.") % {"day": date_format(associate.cohort.starts_on, "j F Y")})
    return may_move(associate, to)


def leaving_status(associate: Associate) -> AssociateStatus:
    """What a person who leaves now becomes: someone who never started “did not start”, everybody else left."""
    if associate.status == AssociateStatus.ENROLLED:
        return AssociateStatus.DID_NOT_START
    return AssociateStatus.WITHDRAWN


def is_a_possible_day(associate: Associate, day: date, today: date) -> Verdict:
    """A change of status is recorded when it has happened, and not before the change that went before it."""
    if day > today:
        return refused(_("This day is in the future. Record the change when it has happened."))
    last = associate.moves.aggregate(last=Max("effective_on"))["last"]
    if last and day < last:
        return refused(
            _("This day is before the last recorded change (%(day)s).") % {"day": date_format(last, "j F Y")}
        )
    return ALLOWED


def has_places_for(cohort: Cohort, needed: int) -> Verdict:
    """Whether `needed` more people fit; the reason gives both numbers."""
    left = cohort_queries.places_left(cohort)
    if needed <= left:
        return ALLOWED
    return refused(
        _("There are not enough places. Places left: %(left)s. New people in the file: %(needed)s.")
        % {"left": left, "needed": needed}
    )


def has_onboarding(user: Someone, today: date) -> Verdict:  # noqa: ARG001 (a rule is asked about a day)
    """People with a place are asked to read, agree and say what they need; nobody else."""
    if isinstance(user, User) and onboarding_queries.tasks_of(user).exists():
        return ALLOWED
    return refused(_("Only people with a place in a cohort are asked this."))


def may_answer_agreement(user: Someone, kind: str, today: date) -> Verdict:
    """People with a place answer, while there is a version in force."""
    if not (verdict := has_onboarding(user, today)):
        return verdict
    if kind not in onboarding_queries.agreements_on(today):
        return refused(_("There is nothing to agree to yet."))
    return ALLOWED


def is_an_answer(kind: str, accepted: bool) -> Verdict:
    """A notice is read, an agreement made; only a consent can be refused, or taken back."""
    if accepted or kind in AgreementKind.may_refuse():
        return ALLOWED
    return refused(_("If you cannot agree, speak to the programme team."))


def may_publish_agreement(user: Someone, today: date) -> Verdict:
    """Texts that people agree to are a manager's business."""
    return may_edit_programme(user, today)


def is_in_both_languages(*texts: str) -> Verdict:
    """Nothing is published with one language missing."""
    if all(text.strip() for text in texts):
        return ALLOWED
    return refused(_("Both languages are needed."))


def may_follow_onboarding(user: Someone, cohort: Cohort, today: date) -> Verdict:  # noqa: ARG001 (any cohort)
    """Who is missing what: the programme team."""
    return runs_programme(user, today)


def may_hear(person: User, status: AssociateStatus | None, *, audience: str = "", stop: str = "") -> Verdict:
    """Whether an associate is reminded, as the rule's audience and stop condition (cohorts.kinds) say.

    Active people who have a place in the cohort or take part; paused ones when the rule says so. No status: not
    enrolled yet.
    """
    if not person.is_active:
        return refused(_("The person’s account is closed."))
    if audience == COORDINATORS_ONLY.slug:
        return refused(_("Here these messages go to coordinators only."))
    if status == AssociateStatus.PAUSED and stop == LEFT.slug:
        return ALLOWED
    if status not in AssociateStatus.hears():
        return refused(_("The person neither had a place nor took part on that day."))
    return ALLOWED


def may_hear_of_people(coordinator: User, people: Sequence[str]) -> Verdict:
    """A coordinator hears about a phase while one of the people they look after is concerned."""
    if not coordinator.is_active:
        return refused(_("The person’s account is closed."))
    if not people:
        return refused(_("None of the people they look after had a place or took part on that day."))
    return ALLOWED
