"""Who may say what a cohort's milestones are."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cohorts.enums import CohortStatus
from cohorts.models import Cohort, Phase
from cohorts.rules import Someone, is_in_both_languages, may_view_cohort, runs_programme
from core.verdicts import ALLOWED, Verdict, refused
from progress.models import Milestone
from progress.queries.milestones import every_milestone_of


def may_view_milestones(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Whoever may know of the cohort may know what is asked in it."""
    return may_view_cohort(user, cohort, today)


def may_edit_milestones(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """The programme team, until the cohort is over."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if cohort.status in (CohortStatus.FINISHED, CohortStatus.CANCELLED):
        return refused(_("This cohort is over, so its milestones stay as they are."))
    return ALLOWED


def may_take_template(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Once: a cohort that has milestones of its own, retired ones too, keeps those."""
    if not (verdict := may_edit_milestones(user, cohort, today)):
        return verdict
    if every_milestone_of(cohort).exists():
        return refused(_("This cohort has its milestones already."))
    return ALLOWED


def may_change_milestone(user: Someone, milestone: Milestone, today: date) -> Verdict:
    """One that is still asked for."""
    if not (verdict := may_edit_milestones(user, milestone.phase.cohort, today)):
        return verdict
    if milestone.retired_on is not None:
        return refused(_("This milestone was retired, so it stays as it is."))
    return ALLOWED


def is_in_phase(phase: Phase, due_on: date) -> Verdict:
    """A milestone is due on a day of its phase."""
    if due_on in phase.window:
        return ALLOWED
    return refused(
        _("The day must lie in the phase: %(first)s to %(last)s.")
        % {
            "first": date_format(phase.starts_on, "j F Y"),
            "last": date_format(phase.until - timedelta(days=1), "j F Y"),
        }
    )


def is_said_in_both_languages(title_en: str, title_cy: str, explanation_en: str, explanation_cy: str) -> Verdict:
    """A title in both languages; an explanation in both, or in neither."""
    if explanation_en.strip() or explanation_cy.strip():
        return is_in_both_languages(title_en, title_cy, explanation_en, explanation_cy)
    return is_in_both_languages(title_en, title_cy)


def has_reason(reason: str) -> Verdict:
    """What others must be able to understand later needs a reason."""
    return ALLOWED if reason.strip() else refused(_("Say why. It is kept with the change."))
