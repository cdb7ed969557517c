"""The list of cohorts, one cohort's page, its details and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.forms.associates import NOT_ASKED, AssociateFilterForm
from cohorts.forms.cohorts import CohortDetailsForm, ReasonForm, StartForm
from cohorts.models import Associate, Cohort
from cohorts.queries import associates as associate_queries
from cohorts.queries import cohorts as cohort_queries
from cohorts.queries.phases import current_phase, next_phase, standing
from cohorts.queries.timeline import NARROW, timeline
from cohorts.services import cohorts as verbs
from cohorts.services.associates import start_everyone
from cohorts.views.base import CohortMixin, actor, add_problems
from core.bilingual import pick
from core.forms import FilterForm, Form
from core.verdicts import Verdict
from core.views import Column, FormPageView, TablePageView, Text
from people.models import Organisation
from people.queries.roles import roles_on

NO_ORGANISATION = "none"


class CohortListView(TablePageView):
    """The cohorts this person may know of, with where each stands today."""

    template_name = "cohorts/cohort_list.html"
    page_title = _("Cohorts")
    caption = _("Cohorts")
    default_sort = "-order"

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        name = "name_cy" if (get_language() or "en").startswith("cy") else "name_en"
        return (
            Column("name", _("Cohort"), (name,)),
            Column("status", _("Status"), ("status",)),
            Column("order", _("Dates"), ("starts_on", "order")),
            Column("phase", _("Phase today")),
            Column("people", _("Associates"), numeric=True),
        )

    def get_rows(self) -> QuerySet[Cohort]:
        return cohort_queries.visible_to(self.request.user, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        seen = associate_queries.visible_to(self.request.user, self.today).filter(cohort__in=context["rows"])
        filled = Count("pk", filter=Q(status__in=AssociateStatus.fills_a_place()))
        counts = dict(seen.order_by().values_list("cohort").annotate(filled=filled))
        phases = standing(context["rows"], self.today)
        shows_list, shows_places = sees_list(self), sees_places(self)
        context["lines"] = []
        for cohort in context["rows"]:
            (current, upcoming), people = phases.get(cohort.pk, (None, None)), counts.get(cohort.pk, 0)
            # Without the list on the cohort's page the number would not be true, and its link would lead nowhere.
            numbers = f"{people} / {cohort.capacity}" if shows_places else str(people) if shows_list else ""
            line = {"cohort": cohort, "phase": current, "next": upcoming, "people": people, "numbers": numbers}
            context["lines"].append(line)
        context["may_create"] = rules.may_create_cohort(self.request.user, self.today)
        return context


def sees_places(view: Any) -> bool:
    """Whether the reader sees how many places are taken: whoever sees all associates."""
    roles = roles_on(view.request.user, view.today)
    return roles.runs_programme or roles.is_auditor


def sees_list(view: Any) -> bool:
    """Whether a cohort's page lists associates for the reader: all of them, or the own organisation's people."""
    return sees_places(view) or roles_on(view.request.user, view.today).is_coordinator


@dataclass(frozen=True)
class Step:
    """One step of a cohort's life as the page offers it: its address word, its button and its rule's answer."""

    name: str
    label: Text
    verdict: Verdict


class CohortDetailView(CohortMixin, TablePageView):
    """One cohort: timeline, dates, and as many of its associates as the reader may see."""

    template_name = "cohorts/cohort_detail.html"
    caption = _("Associates")
    default_sort = "name"
    columns = (
        Column("name", _("Name"), ("person__name",)),
        Column("organisation", _("Organisation"), ("person__name",)),
        Column("job", _("Job title"), ("person__name",)),
        Column("status", _("Status"), ("status", "person__name")),
        Column("enrolled", _("Enrolled"), ("enrolled_on", "person__name")),
    )

    def get_page_title(self) -> Text:
        return pick(self.cohort, "name")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return ((_("Cohorts"), reverse("cohorts:cohort-list")),)

    @cached_property
    def seen(self) -> dict[int, associate_queries.Seen]:
        """This cohort's associates, as far as the reader may see them."""
        rows = associate_queries.seen_in(self.cohort, self.request.user, self.today)
        return {row.pk: row for row in rows}

    @cached_property
    def tally(self) -> associate_queries.Tally:
        return associate_queries.tally(list(self.seen.values()))

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        return {found.pk: found for found, _count in self.tally.by_organisation if found}

    def get_rows(self) -> QuerySet[Associate]:
        return Associate.objects.filter(pk__in=list(self.seen)).select_related("person")

    def get_filter_form(self) -> FilterForm:
        choices = [
            (found.code, pick(found, "short")) if found else (NO_ORGANISATION, str(_("None known")))
            for found, _count in self.tally.by_organisation
        ]
        return AssociateFilterForm(self.request.GET or None, organisations=choices)

    def narrow(self, rows: QuerySet[Associate], values: Mapping[str, Any]) -> QuerySet[Associate]:
        if code := values.get("organisation"):
            wanted = next((pk for pk, found in self.organisations.items() if found.code == code), None)
            rows = rows.filter(pk__in=[row.pk for row in self.seen.values() if row.organisation_id == wanted])
        if status := values.get("status"):
            rows = rows.filter(status=status)
        if language := values.get("language"):
            rows = rows.filter(person__language="" if language == NOT_ASKED else language)
        return rows

    def get_list(self) -> Any:
        """In the order asked for; by organisation or job title it is put in order here, from what was counted."""
        rows = super().get_list()
        name, descending = self.get_sort()
        if name not in ("organisation", "job"):
            return rows
        column = self.organisation_of if name == "organisation" else self.job_title_of
        known = [row for row in rows if column(row)]
        known.sort(key=lambda row: column(row).casefold(), reverse=descending)
        return [*known, *(row for row in rows if not column(row))]

    def organisation_of(self, associate: Associate) -> str:
        """The short name of whose people they are; empty when it is not known."""
        found = self.organisations.get(self.seen[associate.pk].organisation_id or 0)
        return pick(found, "short") if found else ""

    def job_title_of(self, associate: Associate) -> str:
        return self.seen[associate.pk].job_title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, cohort, today = self.request.user, self.cohort, self.today
        team = rules.runs_programme(user, today)
        roles = roles_on(user, today)
        current = current_phase(cohort, today)
        context.update(
            lines=[(row, self.organisation_of(row), self.job_title_of(row)) for row in context["rows"]],
            timeline=timeline(cohort, today),
            timeline_narrow=timeline(cohort, today, NARROW),
            current=current,
            next=next_phase(cohort, today),
            days_to_start=(cohort.starts_on - today).days if today < cohort.starts_on else None,
            week=(today - cohort.starts_on).days // 7 + 1 if cohort.starts_on <= today < cohort.until else None,
            weeks=-(-(cohort.until - cohort.starts_on).days // 7),
            tally=self.tally,
            statuses=[
                (AssociateStatus(status), self.tally.by_status[status])
                for status in AssociateStatus
                if status in self.tally.by_status
            ],
            taken=sum(self.tally.by_status.get(status, 0) for status in AssociateStatus.fills_a_place()),
            recruitment_last_day=cohort.recruitment_until and cohort.recruitment_until - verbs.ONE_DAY,
            last_day=cohort.until - verbs.ONE_DAY,
            before_start=cohort.status in CohortStatus.before_start(),
            team=team,
            sees_all=sees_places(self),
            is_coordinator=roles.is_coordinator and not sees_places(self),
            shows_list=sees_list(self),
            own=any(row.person_id == user.pk for row in self.seen.values()),
        )
        if team:
            context.update(self.get_actions())
        return context

    def get_actions(self) -> dict[str, Any]:
        """What the programme team can do here, each with its rule's answer."""
        user, cohort, today = self.request.user, self.cohort, self.today
        left = cohort.capacity - sum(self.tally.by_status.get(status, 0) for status in AssociateStatus.fills_a_place())
        enrol = rules.may_enrol_at_all(user, cohort, today)
        if enrol and left <= 0:
            enrol = rules.is_full(cohort)
        return {
            "enrol": enrol,
            "left": max(left, 0),
            "change_dates": rules.may_change_dates(user, cohort, today),
            "change_details": rules.may_change_details(user, cohort, today),
            "steps": [
                Step(name, step.label, step.may(user, cohort, today))
                for name, step in STEPS.items()
                if step.to in CohortStatus.moves()[CohortStatus(cohort.status)]
            ],
        }


class CohortUpdateView(CohortMixin, FormPageView):
    """A cohort's names and places."""

    page_title = _("Name and places")
    form_class = CohortDetailsForm
    done_message = _("Saved.")

    def get_verdict(self) -> Verdict:
        return rules.may_change_details(self.request.user, self.cohort, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "cohort": self.cohort}

    def act(self, form: Any) -> Any:
        try:
            return verbs.change_details(
                cohort=self.cohort, **form.cleaned_data, by=actor(self.request), today=self.today
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None

    def get_success_url(self) -> str:
        return self.cohort_url()


@dataclass(frozen=True)
class LifeStep:
    """A step of a cohort's life: words, rule, verb, form."""

    to: CohortStatus
    label: Text
    intro: Text
    done: Text
    may: Callable[..., Verdict]
    verb: Callable[..., Cohort]
    form: type[Form] = Form
    warning: bool = False


STEPS = {
    "recruit": LifeStep(
        CohortStatus.RECRUITING,
        _("Open recruitment"),
        _("Every coordinator is told by email that recruitment is open, with the dates."),
        _("Recruitment is open. The coordinators are being told by email."),
        rules.may_open_recruitment,
        verbs.open_recruitment,
    ),
    "select": LifeStep(
        CohortStatus.SELECTING,
        _("Close recruitment"),
        _("Recruitment ends, and people are chosen."),
        _("Recruitment is closed."),
        rules.may_close_recruitment,
        verbs.close_recruitment,
    ),
    "start": LifeStep(
        CohortStatus.RUNNING,
        _("Start the cohort"),
        _("The cohort runs from today."),
        _("The cohort has started."),
        rules.may_start_cohort,
        verbs.start_cohort,
        StartForm,
    ),
    "finish": LifeStep(
        CohortStatus.FINISHED,
        _("Finish the cohort"),
        _("After this, its dates and people stay as they are."),
        _("The cohort is finished."),
        rules.may_finish_cohort,
        verbs.finish_cohort,
    ),
    "cancel": LifeStep(
        CohortStatus.CANCELLED,
        _("Cancel the cohort"),
        _("It will not take place. Its people get no more reminders. This cannot be taken back."),
        _("The cohort is cancelled."),
        rules.may_cancel_cohort,
        verbs.cancel_cohort,
        ReasonForm,
        warning=True,
    ),
}


class CohortStatusView(CohortMixin, FormPageView):
    """One step of a cohort's life: says what will happen, then does it."""

    step: LifeStep

    def load(self) -> None:
        super().load()
        try:
            self.step = STEPS[self.kwargs["step"]]
        except KeyError:
            raise Http404 from None
        self.page_title = self.submit_label = self.step.label
        self.intro, self.done_message = self.step.intro, self.step.done

    def get_verdict(self) -> Verdict:
        return self.step.may(self.request.user, self.cohort, self.today)

    def get_form_class(self) -> type[Form]:
        return self.step.form

    def get_form(self, form_class: Any = None) -> Any:
        form: Any = super().get_form(form_class)
        form.warning = self.step.warning
        return form

    def act(self, form: Any) -> Any:
        values = dict(form.cleaned_data)
        everyone = values.pop("everyone", False)
        cohort = self.step.verb(cohort=self.cohort, **values, by=actor(self.request), today=self.today)
        if everyone:
            start_everyone(cohort=cohort, on=cohort.starts_on, by=actor(self.request), today=self.today)
        return cohort

    def get_success_url(self) -> str:
        return self.cohort_url()
