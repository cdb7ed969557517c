"""Enrolling from a file: upload, check (nothing is saved yet), confirm."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts import rules
from cohorts.forms.enrolment import HEADINGS, ConfirmForm, ReadFile, ReadRow, UploadForm, as_people, pack, unpack
from cohorts.queries.enrolment import known_people
from cohorts.services.enrolment import enrol_from_file
from cohorts.views.base import CohortMixin, actor
from core.verdicts import Verdict
from core.views import FormPageView, PageView
from people.models import Organisation
from people.queries.organisations import active_on


class AssociateImportView(CohortMixin, FormPageView):
    """Upload a file, look at what was read, then enrol everybody or nobody.

    Between the two steps the rows travel through the page, signed: nothing is stored before it is confirmed.
    """

    page_title = gettext_lazy("Enrol people from a file")

    def get_verdict(self) -> Verdict:
        return rules.may_enrol_at_all(self.request.user, self.cohort, self.today)

    @cached_property
    def organisations(self) -> list[Organisation]:
        return list(active_on(self.today))

    @property
    def is_confirming(self) -> bool:
        """Whether the checked rows came back; also when the other language of the check page is asked for."""
        return "rows" in getattr(self.request, "typed", self.request.POST)

    def get_form_class(self) -> type[forms.BaseForm]:
        return ConfirmForm if self.is_confirming else UploadForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if not self.is_confirming:
            kwargs["organisations"] = self.organisations
        return kwargs

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = unpack(getattr(request, "typed", {}).get("rows", ""))
        if rows:
            return self.check_page(rows, ())
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["cohorts/associate_import.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("headings", HEADINGS)
        kwargs.setdefault("organisations", self.organisations)
        return super().get_context_data(**kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if isinstance(form, ConfirmForm):
            return super().form_valid(form)
        read: ReadFile = form.read
        if read.faults:
            context = self.get_context_data(form=form, read=read, faulty_rows=len({fault.row for fault in read.faults}))
            return self.render_to_response(context)
        return self.check_page(read.rows, read.not_used)

    def check_page(self, rows: list[ReadRow], not_used: Any) -> HttpResponse:
        """What would happen, row by row."""
        by_id = {organisation.pk: organisation for organisation in self.organisations}
        people = known_people([row.email for row in rows])
        inside = set(self.cohort.associates.filter(person__in=people.values()).values_list("person", flat=True))
        lines = []
        for row in rows:
            person = people.get(row.email)
            lines.append(
                {
                    "row": row,
                    "organisation": by_id.get(row.organisation),
                    "person": person,
                    "is_in": person is not None and person.pk in inside,
                }
            )
        new = sum(not line["is_in"] for line in lines)
        form = ConfirmForm(initial={"rows": pack(rows)})
        form.cancel_url = self.cohort_url()
        context = self.get_context_data(
            form=form,
            lines=lines,
            new=new,
            there=len(lines) - new,
            not_used=not_used,
            verdict=rules.has_places_for(self.cohort, new),
            page_title=_("Check before anything is saved"),
        )
        response: Any = self.render_to_response(context)
        response.template_name = ["cohorts/associate_import_check.html"]
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if isinstance(form, ConfirmForm):
            for errors in form.errors.values():
                for error in errors:
                    messages.error(self.request, str(error))
            return HttpResponseRedirect(self.request.path)
        return super().form_invalid(form)

    def act(self, form: Any) -> Any:
        by_id = {organisation.pk: organisation for organisation in self.organisations}
        return enrol_from_file(
            cohort=self.cohort,
            people=as_people(form.cleaned_data["rows"], by_id),
            by=actor(self.request),
            today=self.today,
        )

    def get_done_message(self) -> str:
        return _("Enrolled: %(added)s. Already in this cohort: %(there)s.") % {
            "added": len(self.done.added),
            "there": len(self.done.already_there),
        }

    def get_success_url(self) -> str:
        return self.cohort_url()


class EnrolmentTemplateView(CohortMixin, PageView):
    """An empty file with the headings in the reader's language, ready for a spreadsheet program."""

    def get_verdict(self) -> Verdict:
        return rules.may_enrol_at_all(self.request.user, self.cohort, self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        line = ",".join(heading.label for heading in HEADINGS) + "\r\n"
        # The mark tells spreadsheet programs that the letters are UTF-8.
        response = HttpResponse("\ufeff" + line, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.cohort.slug}.csv"'
        return response
