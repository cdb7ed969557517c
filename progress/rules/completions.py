"""Who may do what about one associate's milestone. Nobody decides on themselves."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.enums import AssociateStatus
from cohorts.models import Associate
from cohorts.rules import Someone, runs_programme
from core.lifecycle import may_move
from core.verdicts import ALLOWED, Verdict, refused
from people.models import User
from progress.enums import CompletionStatus, MilestoneKind
from progress.models import Completion, Milestone
from progress.queries.completions import Standing, confirms, may_be_asked, visible_to

STILL_IN = (AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED)


def may_view_completion(user: Someone, completion: Completion, today: date) -> Verdict:
    """The twin of progress.queries.completions.visible_to, for one row."""
    if user is None or visible_to(user, today).filter(pk=completion.pk).exists():
        return ALLOWED
    return refused(_("This person is not among those that you can see."))


def may_see_evidence(user: Someone, associate: Associate, standing: Standing, today: date) -> Verdict:
    """What was shown, and the words about it: the person, the programme team, and whoever was asked to confirm it.

    Coordinators and auditors see states and days.
    """
    if isinstance(user, User) and associate.person_id == user.pk:
        return ALLOWED
    if runs_programme(user, today) or _was_asked(user, standing, today):
        return ALLOWED
    return refused(_("What was shown for a milestone is for the person and whoever confirms it."))


def may_mark_ready(user: Someone, associate: Associate, standing: Standing, today: date) -> Verdict:
    """The associate alone, who takes part or has a place, once the phase has begun."""
    if user is not None and associate.person_id != user.pk:
        return refused(_("Only the person can mark this as ready."))
    if not (verdict := _is_asked_for(associate, standing.milestone)):
        return verdict
    if associate.status == AssociateStatus.PAUSED:
        return refused(_("You are taking a break. Nothing is asked of you until it is over."))
    begins = standing.milestone.phase.starts_on
    if today < begins:
        return refused(_("The phase starts on %(day)s.") % {"day": date_format(begins, "j F Y")})
    return _may_become(standing, CompletionStatus.READY)


def is_enough(milestone: Milestone, *, shown: bool) -> Verdict:
    """Some kinds cannot be confirmed without seeing anything."""
    if shown or milestone.kind not in MilestoneKind.needs_evidence():
        return ALLOWED
    return refused(_("Show something: write a text, give a link or choose a file."))


def may_be_sent_to(person: User, associate: Associate, milestone: Milestone, today: date) -> Verdict:
    """Somebody who holds the role today that confirms this milestone, and is not the associate."""
    if person.pk != associate.person_id and may_be_asked(milestone.confirmer, today).filter(pk=person.pk).exists():
        return ALLOWED
    return refused(_("This person does not confirm this milestone."))


def may_decide(user: Someone, associate: Associate, standing: Standing, to: CompletionStatus, today: date) -> Verdict:
    """Confirm, ask again, count without evidence: the programme team or whoever was asked; exempt, open again: the
    team."""
    if isinstance(user, User) and associate.person_id == user.pk:
        return refused(_("Nobody decides on themselves. Please ask a colleague."))
    team_only = to in (CompletionStatus.EXEMPT, CompletionStatus.OPEN)
    if not (verdict := runs_programme(user, today)) and (team_only or not _was_asked(user, standing, today)):
        return verdict
    if not (verdict := _is_asked_for(associate, standing.milestone)):
        return verdict
    return _may_become(standing, to)


def _was_asked(user: Someone, standing: Standing, today: date) -> bool:
    row = standing.completion
    return isinstance(user, User) and row is not None and row.asked_of_id == user.pk and confirms(user, today)


def _is_asked_for(associate: Associate, milestone: Milestone) -> Verdict:
    if milestone.retired_on is not None:
        return refused(_("This milestone was retired, so it is asked of nobody any more."))
    if associate.status not in STILL_IN:
        return refused(_("The person is no longer in this cohort."))
    return ALLOWED


def _may_become(standing: Standing, to: CompletionStatus) -> Verdict:
    return may_move(standing.completion or Completion(status=standing.status), to)


def may_confirm_anything(user: Someone, today: date) -> Verdict:
    """The page of what waits: the programme team, lab leads and coaches."""
    if isinstance(user, User) and confirms(user, today):
        return ALLOWED
    return runs_programme(user, today)
