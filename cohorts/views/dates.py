"""Creating a cohort from the template in two steps, and giving a cohort other dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.forms.cohorts import (
    ONE_DAY,
    CohortDatesForm,
    CohortPlanForm,
    CohortStartForm,
    DatesForm,
    as_shown,
)
from cohorts.models import Programme
from cohorts.phases import PhaseKind
from cohorts.queries.audiences import listening
from cohorts.queries.cohorts import the_programme
from cohorts.queries.phases import PlannedPhase, as_planned, plan_phases, stamp
from cohorts.services.cohorts import change_dates, create_cohort
from cohorts.views.base import CohortMixin, actor, add_problems
from core.bilingual import pick
from core.clock import Window
from core.forms import Button, read_day
from core.verdicts import Verdict
from core.views import FormPageView, Text

FIRST_STEP = ("name_en", "name_cy", "capacity", "starts_on")


class CohortCreateView(FormPageView):
    """Step one asks for the start date; its answer goes into the address, and step two shows the dates it gives.

    So both steps work without JavaScript, “back” and “reload” do what people expect, and nothing is kept anywhere
    before it is saved.
    """

    page_title = _("New cohort")
    done_message = _("The cohort is created. The programme team is being told by email.")
    programme: Programme
    starts_on: date | None

    def load(self) -> None:
        programme = the_programme()
        if programme is None:
            raise Http404
        self.programme = programme
        try:
            self.starts_on = read_day(self.request.GET.get("starts_on", ""))
        except ValueError:
            self.starts_on = None
        # “Change” on the second step leads back to the first, filled in.
        if "back" in self.request.GET:
            self.starts_on = None

    def get_verdict(self) -> Verdict:
        return rules.may_create_cohort(self.request.user, self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return ((_("Cohorts"), reverse("cohorts:cohort-list")),)

    def get_cancel_url(self) -> str:
        return reverse("cohorts:cohort-list")

    def get_template_names(self) -> list[str]:
        return ["cohorts/cohort_plan.html" if self.starts_on else "cohorts/cohort_start.html"]

    def get_form_class(self) -> type[forms.BaseForm]:
        return CohortPlanForm if self.starts_on else CohortStartForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs["initial"] = {name: self.request.GET[name] for name in FIRST_STEP if name in self.request.GET}
        if self.starts_on:
            kwargs["initial"].pop("starts_on")
            kwargs.update(plan=plan_phases(self.programme, self.starts_on), today=self.today)
        return kwargs

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.starts_on and "again" in request.POST:
            return self.first_day_changed()
        return super().post(request, *args, **kwargs)

    def first_day_changed(self) -> HttpResponse:
        """Work the dates out again from the first day that was typed for the first phase."""
        form = self.get_form()
        form.is_valid()
        first = form.cleaned_data.get(f"{PhaseKind.INSPIRE}_starts_on")
        if first is None:
            return self.form_invalid(form)
        values = {name: self.request.POST.get(name, "") for name in FIRST_STEP[:3]}
        return self.second_step({**values, "starts_on": first.isoformat()})

    def second_step(self, values: dict[str, Any]) -> HttpResponse:
        return HttpResponseRedirect(f"{self.request.path}?{urlencode(values)}")

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.starts_on:
            values = {**form.cleaned_data, "starts_on": form.cleaned_data["starts_on"].isoformat()}
            return self.second_step({name: values[name] for name in FIRST_STEP})
        if form.new_remarks():
            return self.form_invalid(form)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        if isinstance(form, DatesForm):
            form.remember_as_shown()
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.starts_on:
            form = context["form"]
            context["again"] = Button("again", "1", _("Work all dates out again from this first day"))
            context["remarks_are_new"] = form.is_bound and not form.errors
            query = {name: self.request.GET.get(name, "") for name in FIRST_STEP}
            context["back_url"] = f"{self.request.path}?{urlencode({**query, 'back': 1})}"
            context["breadcrumbs"] = ()
        return context

    def act(self, form: Any) -> Any:
        values, plan = form.cleaned_data, form.plan()
        try:
            return create_cohort(
                programme=self.programme,
                name_en=values["name_en"],
                name_cy=values["name_cy"],
                starts_on=plan[0].starts_on,
                capacity=values["capacity"],
                phases=plan,
                recruitment_opens_on=values["recruitment_opens_on"],
                recruitment_until=values["recruitment_until"],
                unusual_start_reason=values["reason"],
                by=actor(self.request),
                today=self.today,
            )
        except ValidationError as problems:
            add_problems(form, problems, unusual_start_reason="reason", recruitment_until="recruitment_last_day")
            return None

    def get_success_url(self) -> str:
        return reverse("cohorts:cohort-detail", args=[self.done.slug])


def label_on(plan: Sequence[PlannedPhase], day: date) -> str:
    """The name of the phase that the day lies in; empty when there is none."""
    return next((phase.label for phase in plan if day in Window(phase.starts_on, phase.until)), "")


@dataclass(frozen=True)
class Change:
    """One phase before and after, for the page that asks “is this what you mean?”."""

    before: PlannedPhase
    after: PlannedPhase


class CohortDatesView(CohortMixin, FormPageView):
    """Other dates: first what would change and for whom, then saving. Nobody's change is lost meanwhile."""

    template_name = "cohorts/cohort_dates.html"
    page_title = _("Change the dates")
    form_class = CohortDatesForm
    done_message = _("The dates are changed. Reminders follow the new dates by themselves.")

    def get_page_caption(self) -> Text:
        return pick(self.cohort, "name")

    def get_verdict(self) -> Verdict:
        return rules.may_change_dates(self.request.user, self.cohort, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        until = self.cohort.recruitment_until
        kwargs["initial"] = {
            "seen": stamp(self.cohort),
            "recruitment_opens_on": self.cohort.recruitment_opens_on,
            "recruitment_last_day": until and until - ONE_DAY,
        }
        return {**kwargs, "plan": as_planned(self.cohort), "today": self.today}

    def form_valid(self, form: Any) -> HttpResponse:
        checked = self.request.POST.get("checked") == as_shown(form.plan())
        if checked and not form.new_remarks():
            return super().form_valid(form)
        form.remember_as_shown()
        form.submit_label = _("Save the new dates")
        return self.render_to_response(self.get_context_data(form=form, preview=self.preview(form)))

    def form_invalid(self, form: Any) -> HttpResponse:
        form.remember_as_shown()
        # What was changed meanwhile is shown beside what was typed, and the next save starts from it.
        context = self.get_context_data(form=form)
        if form.cleaned_data.get("seen") != stamp(self.cohort):
            form.data = {**form.data, "seen": stamp(self.cohort)}
            context["meanwhile"] = as_planned(self.cohort)
        return self.render_to_response(context)

    def preview(self, form: Any) -> dict[str, Any]:
        """Who and what is affected, before anything is saved."""
        before, after = as_planned(self.cohort), form.plan()
        people = listening(self.cohort, self.today)
        return {
            "checked": as_shown(after),
            "changes": [Change(old, new) for old, new in zip(before, after, strict=True) if old != new],
            "people": people.count(),
            "now_before": label_on(before, self.today),
            "now_after": label_on(after, self.today),
        }

    def act(self, form: Any) -> Any:
        values = form.cleaned_data
        try:
            return change_dates(
                cohort=self.cohort,
                phases=form.plan(),
                recruitment_opens_on=values["recruitment_opens_on"],
                recruitment_until=values["recruitment_until"],
                seen=values["seen"],
                reason=values["reason"],
                tell_associates=values["tell_associates"],
                by=actor(self.request),
                today=self.today,
            )
        except ValidationError as problems:
            add_problems(form, problems, recruitment_until="recruitment_last_day")
            # What the page compares with must be what is stored now, not what this request read before.
            self.load()
            return None

    def get_success_url(self) -> str:
        return self.cohort_url()
