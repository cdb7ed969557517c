"""Who may complete a phase for an associate, and when."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from cohorts.enums import AssociateStatus
from cohorts.models import Associate
from cohorts.rules import Someone, runs_programme
from core.verdicts import ALLOWED, Verdict, refused
from people.models import User
from progress.queries.conditions import PhaseProgress


def may_complete_phase(user: Someone, associate: Associate, progress: PhaseProgress, today: date) -> Verdict:
    """The programme team, for somebody else who takes part, once, and when nothing is missing; else the reason says
    what is."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if isinstance(user, User) and associate.person_id == user.pk:
        return refused(_("Nobody decides on themselves. Please ask a colleague."))
    if progress.is_complete:
        return refused(_("This phase is completed already."))
    if associate.status != AssociateStatus.ACTIVE:
        return refused(_("Only somebody who takes part can complete a phase."))
    if progress.missing:
        what = "; ".join(condition.label for condition in progress.missing)
        return refused(_("This phase cannot be completed yet. Still open: %(what)s") % {"what": what})
    return ALLOWED
