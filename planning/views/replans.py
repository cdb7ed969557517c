"""Moving a plan: what would change, saving it, what was moved, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import CohortMixin, actor, add_problems
from core import clock
from core.bilingual import pick
from core.verdicts import Verdict
from core.views import ConfirmPageView, FormPageView, PageView, Text
from planning import rules
from planning.forms.replans import ReplanForm
from planning.models import Replan
from planning.queries.plans import plan_of
from planning.services.replans import move_plan, preview_move, undo_move


class PlanMixin(CohortMixin):
    """What the pages about one cohort's plan share."""

    def get_page_caption(self) -> Text:
        return pick(self.cohort, "name")

    def get_verdict(self) -> Verdict:
        return rules.may_replan(self.request.user, self.cohort, self.today)

    def list_url(self) -> str:
        return reverse("planning:replan-list", args=[self.cohort.slug])


class ReplanView(PlanMixin, FormPageView):
    """What is to move; then everything that would change, with one button that saves it."""

    template_name = "planning/replan.html"
    page_title = _("Move the plan")
    form_class = ReplanForm
    done_message = _("The plan has moved. Everybody whom it concerns is told in one message.")

    def load(self) -> None:
        super().load()
        self.plan = plan_of(self.cohort)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "plan": self.plan}

    def form_valid(self, form: Any) -> HttpResponse:
        if form.cleaned_data["seen"] and form.cleaned_data["shown"] == form.as_text():
            return super().form_valid(form)
        return self.show(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """A save that was refused shows what would change now, and the next press saves that."""
        asked = "days" not in form.errors and "what" not in form.errors
        return self.show(form) if asked and form.cleaned_data.get("seen") else super().form_invalid(form)

    def show(self, form: Any) -> HttpResponse:
        """The page with everything that would change, which the next press saves."""
        try:
            preview = preview_move(cohort=self.cohort, shift=form.shift(), by=actor(self.request), today=self.today)
        except ValidationError as problems:
            add_problems(form, problems)
            return super().form_invalid(form)
        form.data = {**form.data.dict(), "seen": preview.seen, "shown": form.as_text()}
        form.fields["reason"].required = True
        form.submit_label = _("Move it")
        return self.render_to_response(self.get_context_data(form=form, preview=preview))

    def act(self, form: Any) -> Any:
        values = form.cleaned_data
        try:
            return move_plan(
                cohort=self.cohort,
                shift=form.shift(),
                seen=values["seen"],
                reason=values["reason"],
                by=actor(self.request),
                today=self.today,
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None

    def get_success_url(self) -> str:
        return self.list_url()


class ReplanListView(PlanMixin, PageView):
    """What was moved in this cohort, the newest first, each with its dates before and after."""

    template_name = "planning/replan_list.html"
    page_title = _("How the plan has moved")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.cohort.replans.select_related("made_by", "undone_by", "cohort"))
        plan, moment = plan_of(self.cohort), clock.now()
        newest = rows[0].pk if rows else None
        kwargs["lines"] = [
            (row, row.pk == newest and bool(rules.may_undo(self.request.user, row, plan, moment))) for row in rows
        ]
        return super().get_context_data(**kwargs)


class ReplanUndoView(PlanMixin, ConfirmPageView):
    """Asks before every date goes back."""

    page_title = _("Take the move back")
    submit_label = _("Take the move back")
    intro = _("Every date goes back to what it was before. Everybody who was told is told.")
    done_message = _("Every date is what it was before the move.")

    def load(self) -> None:
        super().load()
        self.replan = get_object_or_404(Replan, cohort=self.cohort, pk=self.kwargs["pk"])

    def get_verdict(self) -> Verdict:
        return rules.may_undo(self.request.user, self.replan, plan_of(self.cohort), clock.now())

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (_("How the plan has moved"), self.list_url()))

    def act(self, form: Any) -> Any:  # noqa: ARG002 (nothing is asked)
        return undo_move(replan=self.replan, by=actor(self.request), today=self.today)

    def get_cancel_url(self) -> str:
        return self.list_url()

    def get_success_url(self) -> str:
        return self.list_url()
