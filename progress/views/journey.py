"""The journey of one associate, and completing a phase of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from cohorts.enums import AssociateStatus
from cohorts.phases import PhaseKind
from cohorts.queries import associates as queries
from cohorts.queries.onboarding import steps_for
from cohorts.queries.phases import current_phase, next_phase
from cohorts.queries.timeline import NARROW, timeline
from cohorts.rules import may_view_history, runs_programme
from cohorts.services.cohorts import ONE_DAY
from cohorts.views.associates import AssociateMixin, actions_for
from cohorts.views.base import actor
from cohorts.views.onboarding import task_of
from core import clock
from core.verdicts import Verdict
from core.views import ConfirmPageView, PageView, Text
from labs.queries.sessions import invitations_of, upcoming
from progress.models import PhaseCompletion
from progress.queries.conditions import PhaseProgress, phase_progress, progress_of
from progress.queries.history import history_of
from progress.rules.phases import may_complete_phase
from progress.services.phases import complete_phase

# How much of what happened is shown without asking.
SHOWN = 12


class AssociateJourneyView(AssociateMixin, PageView):
    """Where somebody is, what is due and what comes next; for the person, the programme team and own coordinators."""

    template_name = "progress/associate_journey.html"

    def get_page_title(self) -> Text:
        return _("My journey") if self.is_own else self.associate.person.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        associate, cohort, today, user = self.associate, self.cohort, self.today, self.request.user
        following = next_phase(cohort, today)
        in_full = bool(may_view_history(user, associate, today))
        phases = progress_of(associate, today)
        history = history_of(associate, phases, in_full=in_full)
        status = AssociateStatus(associate.status)
        ended = status in queries.ENDED
        last_move = queries.history_of(associate).first() if ended else None
        ended_on = last_move.effective_on if last_move else None
        # Whoever is no longer in the cohort is shown where they were when it ended for them.
        marked = min(ended_on, cohort.until) if ended_on else today
        lines, narrow = timeline(cohort, marked), timeline(cohort, marked, NARROW)
        to_do = [] if ended else to_do_now(phases)
        moment = clock.now()
        session = None if ended else upcoming(invitations_of(associate), moment).first()
        opened = session is not None and self.is_own and moment >= session.link_opens_at
        kwargs.update(
            session=session,
            session_link=session.link if session and opened else "",
            associate=associate,
            spell=queries.spell_of(associate),
            person=associate.person,
            is_own=self.is_own,
            still_in=not ended,
            ended_on=ended_on,
            marker=status.label if ended else "",
            timeline=lines,
            timeline_narrow=narrow,
            steps=[
                {
                    "bar": bar,
                    "progress": progress,
                    "may_complete": may_complete_phase(user, associate, progress, today) if self.team else None,
                    "has_begun": progress.phase.starts_on <= today,
                }
                for bar, progress in zip(lines.bars, phases, strict=True)
            ],
            to_do=to_do,
            current=current_phase(cohort, today),
            next=following,
            days_to_next=(following.starts_on - today).days if following else None,
            last_day=cohort.until - ONE_DAY,
            is_over=today >= cohort.until,
            history=history[:SHOWN],
            earlier=history[SHOWN:],
            team=self.team,
            actions=actions_for(user, associate, today),
            onboarding=self.get_onboarding(),
        )
        return super().get_context_data(**kwargs)

    def get_onboarding(self) -> list[dict[str, Any]]:
        """One’s own list before the first day; afterwards while something is missing."""
        if not self.is_own:
            return []
        found = steps_for(self.associate, self.today)
        if self.today >= self.cohort.starts_on and all(step.done for step in found):
            return []
        return [task_of(step, self.associate.person) for step in found]

    @property
    def team(self) -> bool:
        """Whether the reader runs the programme."""
        return bool(runs_programme(self.request.user, self.today))


def to_do_now(phases: Sequence[PhaseProgress]) -> list[dict[str, Any]]:
    """What waits for the associate in the phases that have begun, what is due first at the top."""
    rows = [
        {"standing": row, "overdue": row.is_overdue(phase.today), "phase": phase.phase}
        for phase in phases
        if phase.phase.starts_on <= phase.today
        for row in phase.standings
        if row.is_to_do
    ]
    return sorted(rows, key=lambda row: (row["standing"].milestone.due_on, row["standing"].milestone.order))


class PhaseCompleteView(AssociateMixin, ConfirmPageView):
    """Somebody of the programme team says that the associate completed the phase."""

    template_name = "progress/phase_complete.html"
    submit_label = _("Complete the phase")
    done_message = _("The phase is completed.")
    progress: PhaseProgress

    def load(self) -> None:
        super().load()
        if self.kwargs["kind"] not in PhaseKind.values:
            raise Http404
        phase = next(row for row in self.cohort.phases.all() if row.kind == self.kwargs["kind"])
        self.progress = phase_progress(self.associate, phase, self.today)
        self.page_caption = self.associate.person.name

    def get_verdict(self) -> Verdict:
        return may_complete_phase(self.request.user, self.associate, self.progress, self.today)

    def get_page_title(self) -> Text:
        return _("Complete the phase: %(phase)s") % {"phase": self.progress.phase.get_kind_display()}

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (self.associate.person.name, self.journey_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(progress=self.progress, associate=self.associate)
        return super().get_context_data(**kwargs)

    def get_cancel_url(self) -> str:
        return self.journey_url()

    get_success_url = get_cancel_url

    def act(self, form: Any) -> PhaseCompletion:  # noqa: ARG002
        return complete_phase(
            associate=self.associate, phase=self.progress.phase, by=actor(self.request), today=self.today
        )
