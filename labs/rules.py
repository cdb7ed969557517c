"""Who plans sessions and lab runs, and why not. `user` None is the system."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from cohorts.rules import runs_programme
from core.verdicts import ALLOWED, Verdict, refused
from labs.enums import SessionStatus
from labs.models import LabRun, RunLead, Session
from labs.queries import sessions as queries
from people.models import User

Someone = User | AnonymousUser | None


def may_open_runs(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Which labs run in a cohort is for the programme team, until the cohort is over."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    return _goes_on(cohort)


def may_plan_sessions(user: Someone, cohort: Cohort, run: LabRun | None, today: date) -> Verdict:
    """The programme team plans every session, a lab's lead those of that lab."""
    leads = (
        run is not None and isinstance(user, User) and RunLead.objects.on(today).filter(run=run, person=user).exists()
    )
    if not leads and not (verdict := runs_programme(user, today)):
        return verdict
    return _goes_on(cohort)


def may_change_session(user: Someone, session: Session, today: date, moment: datetime) -> Verdict:
    """Whoever may plan it, while it lies ahead: what has begun stays as it was."""
    if not (verdict := may_plan_sessions(user, session.cohort, session.run, today)):
        return verdict
    if session.status == SessionStatus.CANCELLED:
        return refused(_("This session has been cancelled."))
    if session.starts_at <= moment:
        return refused(_("This session has begun, so it stays as it was."))
    return ALLOWED


def may_view_session(user: User | AnonymousUser, session: Session, today: date) -> Verdict:
    """The twin of queries.sessions.visible_to, for one session."""
    if queries.visible_to(user, today).filter(pk=session.pk).exists():
        return ALLOWED
    return refused(_("This session is not among those that you can see."))


def _goes_on(cohort: Cohort) -> Verdict:
    if cohort.status in (CohortStatus.FINISHED, CohortStatus.CANCELLED):
        return refused(_("This cohort is over."))
    return ALLOWED
