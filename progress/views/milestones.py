"""What a cohort's milestones are: the list, and the programme team's changes to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.queries.phases import phases_of
from cohorts.rules import runs_programme
from cohorts.views.base import CohortMixin, actor
from core.bilingual import pick
from core.verdicts import Verdict
from core.views import ConfirmPageView, FormPageView, PageView, Text
from progress.forms.milestones import MilestoneForm, ReasonForm
from progress.models import Milestone
from progress.queries.milestones import by_phase, every_milestone_of, from_template
from progress.rules import milestones as rules
from progress.services import milestones as verbs


class MilestoneListView(CohortMixin, PageView):
    """What is asked in each phase; the programme team changes it from here."""

    template_name = "progress/milestone_list.html"
    page_title = _("Milestones")

    def get_verdict(self) -> Verdict:
        return rules.may_view_milestones(self.request.user, self.cohort, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, self.today
        every = list(every_milestone_of(self.cohort))
        kwargs.update(
            phases=by_phase(self.cohort, [one for one in every if one.retired_on is None]),
            retired=[one for one in every if one.retired_on is not None],
            none_yet=not every,
            team=bool(runs_programme(user, today)),
            may_edit=rules.may_edit_milestones(user, self.cohort, today),
            may_take=rules.may_take_template(user, self.cohort, today) if not every else None,
        )
        return super().get_context_data(**kwargs)


class MilestonesMixin(CohortMixin):
    """Pages below the list."""

    def list_url(self) -> str:
        return reverse("progress:milestone-list", args=[self.cohort.slug])

    def get_cancel_url(self) -> str:
        return self.list_url()

    get_success_url = get_cancel_url

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (_("Milestones"), self.list_url()))


class MilestoneTemplateView(MilestonesMixin, ConfirmPageView):
    """Start with the programme's milestones."""

    template_name = "progress/milestone_template.html"
    page_title = _("Start with the programme’s milestones")
    submit_label = _("Use these milestones")
    done_message = _("The cohort has its milestones. Change what is different this time.")

    def get_verdict(self) -> Verdict:
        return rules.may_take_template(self.request.user, self.cohort, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(phases=by_phase(self.cohort, from_template(self.cohort)))
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> int:  # noqa: ARG002
        return verbs.take_template(cohort=self.cohort, by=actor(self.request), today=self.today)


class MilestoneCreateView(MilestonesMixin, FormPageView):
    """Ask one more thing of everybody."""

    page_title = _("Add a milestone")
    submit_label = _("Add the milestone")
    form_class = MilestoneForm
    done_message = _("The milestone is added.")

    def get_verdict(self) -> Verdict:
        return rules.may_edit_milestones(self.request.user, self.cohort, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "phases": phases_of(self.cohort)}

    def act(self, form: Any) -> Milestone:
        return verbs.add_milestone(**form.cleaned_data, by=actor(self.request), today=self.today)


class MilestoneMixin(MilestonesMixin):
    """Finds one milestone of the cohort, for the programme team."""

    milestone: Milestone
    page_caption: Text = ""

    def load(self) -> None:
        super().load()
        rows = Milestone.objects.select_related("phase__cohort").filter(phase__cohort=self.cohort)
        self.milestone = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.page_caption = pick(self.milestone, "title")

    def get_verdict(self) -> Verdict:
        return rules.may_change_milestone(self.request.user, self.milestone, self.today)


class MilestoneUpdateView(MilestoneMixin, FormPageView):
    """Change what a milestone says or when it is due."""

    page_title = _("Change a milestone")
    submit_label = _("Save the change")
    form_class = MilestoneForm
    done_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.milestone, name) for name in verbs.EDITABLE}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "phases": (), "milestone": self.milestone}

    def act(self, form: Any) -> Milestone:
        return verbs.change_milestone(
            milestone=self.milestone, **form.cleaned_data, by=actor(self.request), today=self.today
        )


class MilestoneRetireView(MilestoneMixin, FormPageView):
    """Ask it of nobody any more."""

    page_title = _("Retire a milestone")
    submit_label = _("Retire the milestone")
    intro = _("It is asked of nobody any more, and no phase waits for it. What was done about it stays.")
    form_class = ReasonForm
    done_message = _("The milestone is retired.")

    def act(self, form: Any) -> Milestone:
        return verbs.retire_milestone(
            milestone=self.milestone, **form.cleaned_data, by=actor(self.request), today=self.today
        )
