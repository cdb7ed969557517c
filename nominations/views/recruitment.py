"""The recruitment page: window and places for the programme team, one's own organisation for coordinators."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts import rules as cohort_rules
from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from cohorts.queries.cohorts import places_left
from cohorts.queries.phases import PlannedPhase, phases_of, stamp
from cohorts.services.cohorts import change_dates
from cohorts.views.base import CohortMixin, actor, add_problems
from core.verdicts import Verdict, require
from core.views import ConfirmPageView, FormPageView, Text
from nominations.forms.places import ONE_DAY, PlacesForm, WindowForm
from nominations.models import Places
from nominations.queries.nominations import used_by
from nominations.queries.places import OrganisationPlaces, by_organisation
from nominations.rules import nominations as rules
from nominations.services import places as verbs
from nominations.views.base import ForCohortMixin
from people.models import Organisation
from people.queries.roles import roles_on


class RecruitmentView(CohortMixin, FormPageView):
    """Window, places and who said “none”. Coordinators see their own organisations only, and change nothing here."""

    template_name = "nominations/recruitment.html"
    page_title = _("Recruitment")
    done_message = _("The places were saved.")

    def get_verdict(self) -> Verdict:
        return rules.may_view_recruitment(self.request.user, self.today)

    @cached_property
    def team(self) -> bool:
        return roles_on(actor(self.request), self.today).runs_programme

    @cached_property
    def lines(self) -> list[OrganisationPlaces]:
        lines = by_organisation(self.cohort, self.today)
        if self.team:
            return lines
        own = roles_on(actor(self.request), self.today).organisation_ids
        return [line for line in lines if line.organisation.pk in own]

    @cached_property
    def change(self) -> Verdict:
        return rules.may_set_places(self.request.user, self.cohort, self.today)

    def get_form(self, form_class: Any = None) -> PlacesForm:  # noqa: ARG002
        return PlacesForm(self.request.POST or None, lines=self.lines)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only whoever sees the boxes may send them."""
        require(self.change)
        return super().post(request, *args, **kwargs)

    def act(self, form: Any) -> Any:
        numbers = form.numbers()
        return verbs.set_places(cohort=self.cohort, numbers=numbers, by=actor(self.request), today=self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, cohort, today = self.request.user, self.cohort, self.today
        own = [
            {
                "line": line,
                "nominate": rules.may_nominate(user, cohort, line.organisation, today),
                "none": rules.may_say_no_nominees(user, cohort, line.organisation, today, nominated=line.nominated),
            }
            for line in (() if self.team else self.lines)
        ]
        context = super().get_context_data(
            team=self.team,
            lines=self.lines,
            own=own,
            change=self.change,
            is_open=rules.is_open(cohort, today),
            opens=cohort_rules.may_open_recruitment(user, cohort, today),
            closes=cohort_rules.may_close_recruitment(user, cohort, today),
            is_recruiting=cohort.status == CohortStatus.RECRUITING,
            last_day=cohort.recruitment_until and cohort.recruitment_until - ONE_DAY,
            left=places_left(cohort),
            totals={
                "indicative": sum(line.indicative for line in self.lines),
                "nominated": sum(line.nominated for line in self.lines),
                "accepted": sum(line.accepted for line in self.lines),
            },
            earlier=[past for past, _used in self.lines[0].earlier] if self.lines else [],
            **kwargs,
        )
        if not self.change:
            del context["form"]  # the frame's toggle sends the page's form, and here there is none
        return context

    def get_success_url(self) -> str:
        return self.request.path


class WindowUpdateView(CohortMixin, FormPageView):
    """The recruitment window."""

    page_title = _("Recruitment window")
    form_class = WindowForm
    done_message = _("Saved.")

    def get_verdict(self) -> Verdict:
        return rules.may_set_places(self.request.user, self.cohort, self.today)

    def get_cancel_url(self) -> str:
        return reverse("nominations:recruitment", args=[self.cohort.slug])

    get_success_url = get_cancel_url

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "cohort": self.cohort}

    def act(self, form: Any) -> Cohort | None:
        phases = [PlannedPhase(phase.kind, phase.starts_on, phase.until) for phase in phases_of(self.cohort)]
        try:
            return change_dates(
                cohort=self.cohort,
                phases=phases,
                recruitment_opens_on=form.cleaned_data["recruitment_opens_on"],
                recruitment_until=form.cleaned_data["recruitment_last_day"] + ONE_DAY,
                seen=stamp(self.cohort),
                tell_associates=False,
                by=actor(self.request),
                today=self.today,
            )
        except ValidationError as problems:
            add_problems(form, problems, recruitment_until="recruitment_last_day")
            return None


class OneOrganisationMixin(ForCohortMixin):
    """A page about one organisation that the reader acts for."""

    organisation: Organisation

    def load(self) -> None:
        super().load()
        found = next((row for row in self.organisations if row.code == self.kwargs["code"]), None)
        if found is None:
            raise Http404
        self.organisation = found

    def get_cancel_url(self) -> str:
        return reverse("nominations:recruitment", args=[self.cohort.slug])

    get_success_url = get_cancel_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organisation=self.organisation, **kwargs)


class NoNomineesView(OneOrganisationMixin, ConfirmPageView):
    """“No nominees this time”."""

    page_title = _("No nominees this time")
    submit_label = _("We nominate nobody this time")
    intro = _("You get no more reminders about nominations for this cohort. You can take this back while it recruits.")
    done_message = _("Noted: no nominees this time.")

    def get_verdict(self) -> Verdict:
        nominated = used_by(self.cohort, self.organisation)
        return rules.may_say_no_nominees(
            self.request.user, self.cohort, self.organisation, self.today, nominated=nominated
        )

    def act(self, form: Any) -> Places:  # noqa: ARG002
        return verbs.say_no_nominees(
            cohort=self.cohort, organisation=self.organisation, by=actor(self.request), today=self.today
        )


class NomineesAfterAllView(OneOrganisationMixin, ConfirmPageView):
    """Taking “none” back."""

    page_title = _("Nominate after all")
    submit_label = _("We may nominate after all")
    intro = _("Reminders about nominations for this cohort come again.")
    done_message: Text = _("Taken back: you can nominate, and are reminded again.")

    def get_verdict(self) -> Verdict:
        return rules.may_nominate(self.request.user, self.cohort, self.organisation, self.today)

    def act(self, form: Any) -> bool:  # noqa: ARG002
        verbs.take_back_no_nominees(
            cohort=self.cohort, organisation=self.organisation, by=actor(self.request), today=self.today
        )
        return True
