"""Organisations: the list, one page each, adding and changing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.clock import Window
from core.verdicts import Verdict
from core.views import Column, FormPageView, PageView, TablePageView, Text
from people import rules
from people.forms.organisations import OrganisationForm
from people.models import Organisation
from people.queries import organisations as queries
from people.queries.history import what_happened
from people.queries.people import working_at
from people.queries.roles import coordinators_of
from people.services.organisations import add_organisation, change_organisation
from people.views.base import OrganisationMixin, actor


class OrganisationListPageView(TablePageView):
    """The organisations this reader may see."""

    template_name = "people/organisation_list.html"
    page_title = _("Organisations")
    caption = _("Organisations")
    default_sort = "name"

    def load(self) -> None:
        if not rules.may_list_people(self.request.user, self.today):
            raise Http404
        # In the order of the names that the reader sees.
        name = "short_cy" if get_language() == "cy" else "short_en"
        self.columns = (
            Column("name", _("Name"), (name,)),
            Column("kind", _("Kind"), ("kind", name)),
            Column("people", _("People"), ("people_count", name), numeric=True),
            Column("coordinators", _("Coordinators"), ("coordinator_count", name), numeric=True),
            Column("active", _("Takes part until")),
        )

    def get_rows(self) -> QuerySet[Organisation]:
        return queries.with_counts(queries.visible_to(self.request.user, self.today), self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["many"] = queries.MANY
        kwargs["may_add"] = rules.may_manage_people(self.request.user, self.today)
        context = super().get_context_data(**kwargs)
        for row in context["rows"]:
            row.last_day = Window(self.today, row.active_until).last_day
        return context


class OrganisationDetailPageView(OrganisationMixin, PageView):
    """One organisation: its names, its coordinators, its people."""

    template_name = "people/organisation_detail.html"

    def get_page_title(self) -> str:
        return self.get_organisation_name()

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Organisations"), reverse("people:organisation-list"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        team = rules.may_manage_people(self.request.user, self.today)
        reads_log = rules.may_read_log(self.request.user, self.today)
        people = working_at(self.organisation, self.today)
        kwargs.update(
            organisation=self.organisation,
            last_day=Window(self.today, self.organisation.active_until).last_day,
            coordinators=list(coordinators_of(self.organisation, self.today)),
            people=list(people[:25]),
            people_count=people[: queries.MANY + 1].count(),
            many=queries.MANY,
            may_change=team,
            reads_log=reads_log,
            happenings=what_happened(self.organisation) if reads_log else [],
        )
        return super().get_context_data(**kwargs)


class OrganisationAddPageView(FormPageView):
    """Add an organisation."""

    form_class = OrganisationForm
    page_title = _("Add an organisation")
    done_message = _("The organisation has been added.")

    def get_verdict(self) -> Verdict:
        return rules.may_manage_people(self.request.user, self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Organisations"), reverse("people:organisation-list"))]

    def get_cancel_url(self) -> str:
        return reverse("people:organisation-list")

    def act(self, form: BaseForm) -> Organisation:
        return add_organisation(**form.cleaned_data, by=actor(self.request), today=self.today)

    def get_success_url(self) -> str:
        return reverse("people:organisation-detail", args=[self.done.code])


class OrganisationChangePageView(OrganisationMixin, FormPageView):
    """Change an organisation's names, kind or dates."""

    form_class = OrganisationForm
    page_title = _("Change this organisation")
    done_message = _("The organisation has been changed.")

    def load(self) -> None:
        super().load()
        self.page_caption = self.get_organisation_name()

    def get_verdict(self) -> Verdict:
        return rules.may_manage_people(self.request.user, self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        trail = [(_("Organisations"), reverse("people:organisation-list"))]
        return [*trail, (self.get_organisation_name(), self.get_organisation_url())]

    def get_cancel_url(self) -> str:
        return self.get_organisation_url()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organisation": self.organisation}

    def get_initial(self) -> dict[str, Any]:
        fields = ("code", "kind", "name_en", "name_cy", "short_en", "short_cy", "active_from")
        values = {name: getattr(self.organisation, name) for name in fields}
        return {**values, "last_day": Window(self.today, self.organisation.active_until).last_day}

    def act(self, form: BaseForm) -> Organisation:
        return change_organisation(
            organisation=self.organisation, **form.cleaned_data, by=actor(self.request), today=self.today
        )

    def get_success_url(self) -> str:
        return reverse("people:organisation-detail", args=[self.done.code])
