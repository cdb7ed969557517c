"""Nominating from a file: upload, look at every row, mend what is wrong, and only then save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cohorts.forms.spreadsheet import Table
from cohorts.views.base import actor, add_problems
from core.bilingual import pick
from core.verdicts import NotAllowed, Verdict
from core.views import FormPageView, PageView
from nominations import exports
from nominations.forms.imports import (
    HEADINGS,
    MOST_MENDED_ON_SCREEN,
    Checked,
    CheckForm,
    UploadForm,
    addresses_of,
    check_rows,
    mended,
    names_of,
    pack,
    unpack,
)
from nominations.queries.proposals import facts_about
from nominations.rules import nominations as rules
from nominations.services.nominations import nominate_many
from nominations.views.base import ForCohortMixin
from people.models import Organisation

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: ("text/csv; charset=utf-8", exports.as_csv),
    XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exports.as_xlsx),
}


class NominationImportView(ForCohortMixin, FormPageView):
    """Three doors in one: the upload, the checked table with its boxes, and the last button, which alone saves.

    Between the steps the rows travel through the page, signed.
    """

    template_name = "nominations/nomination_import.html"
    page_title = gettext_lazy("Nominate from a file")
    form_class = UploadForm

    def get_verdict(self) -> Verdict:
        return rules.may_nominate_for_some(self.request.user, self.cohort, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organisations": self.organisations}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("needed", HEADINGS)
        kwargs.setdefault("themes", [pick(theme, "name") for theme in self.themes])
        return super().get_context_data(**kwargs)

    @cached_property
    def typed(self) -> Any:
        """What was sent; by the language toggle, too."""
        return getattr(self.request, "typed", self.request.POST)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "rows" in self.typed and (table := unpack(self.typed["rows"])):
            # The language toggle: what was typed into the boxes goes along, as part of the rows.
            table = self.mended(table)
            typed = self.typed.copy()
            typed["rows"] = pack(table.rows, table.not_used)
            request.typed = typed  # type: ignore[attr-defined]
            return self.check_page(table, self.organisation_sent())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "rows" not in self.typed:
            return super().post(request, *args, **kwargs)
        table = unpack(self.typed["rows"])
        if table is None:
            messages.error(request, _("This check is too old. Upload the file again."))
            return HttpResponseRedirect(request.path)
        organisation = self.organisation_sent()
        if (kind := self.typed.get("download")) in TYPES:
            return self.errors_file(self.mended(table), organisation, kind)
        if "save" in self.typed:
            return self.save(table, organisation)
        return self.check_page(self.mended(table), organisation)

    def form_valid(self, form: Any) -> HttpResponse:
        return self.check_page(form.table, form.chosen_organisation)

    # --- The steps ---------------------------------------------------------------------------------------------------
    def organisation_sent(self) -> Organisation:
        """The organisation that the check was for, if the reader acts for it."""
        code = self.typed.get("organisation", "")
        organisation = next((row for row in self.organisations if row.code == code), None)
        if organisation is None:
            raise Http404
        return organisation

    def mended(self, table: Table) -> Table:
        return Table(mended(table.rows, self.typed), table.not_used)

    def checked(self, table: Table, organisation: Organisation) -> Checked:
        facts = facts_about(self.cohort, organisation, addresses_of(table.rows), names_of(table.rows))
        return Checked(check_rows(table.rows, self.themes, facts, actor(self.request)), list(table.not_used))

    def check_page(
        self, table: Table, organisation: Organisation, form: CheckForm | None = None, checked: Checked | None = None
    ) -> HttpResponse:
        """What would happen, row by row. Nothing is saved."""
        checked = checked or self.checked(table, organisation)
        over = rules.is_within_places(self.cohort, organisation, len(checked.new))
        if form is None:
            initial = {
                "rows": pack(table.rows, table.not_used),
                "organisation": organisation.code,
                "over_places_reason": self.typed.get("over_places_reason", ""),
                "elsewhere_reason": self.typed.get("elsewhere_reason", ""),
            }
            form = CheckForm(initial=initial, over=bool(checked.new) and not over, elsewhere=bool(checked.elsewhere))
        context = self.get_context_data(
            form=form,
            checked=checked,
            organisation=organisation,
            over=over if checked.new else None,
            can_mend=len(checked.wrong) <= MOST_MENDED_ON_SCREEN,
            page_title=_("Check before anything is saved"),
        )
        response: Any = self.render_to_response(context)
        response.template_name = ["nominations/nomination_import_check.html"]
        return response

    def save(self, table: Table, organisation: Organisation) -> HttpResponse:
        """The last button: checks everything once more, then saves all of it or nothing."""
        checked = self.checked(table, organisation)
        over = not rules.is_within_places(self.cohort, organisation, len(checked.new)) and bool(checked.new)
        form = CheckForm(self.typed, over=over, elsewhere=bool(checked.elsewhere))
        if checked.faults or not form.is_valid():
            return self.check_page(table, organisation, form, checked)
        try:
            done = nominate_many(
                cohort=self.cohort,
                organisation=organisation,
                proposals=checked.proposals,
                over_places_reason=form.cleaned_data["over_places_reason"],
                elsewhere_reason=form.cleaned_data["elsewhere_reason"],
                by=actor(self.request),
                today=self.today,
            )
        except NotAllowed as refusal:
            form.add_error(None, refusal.reason)
            return self.check_page(table, organisation, form)
        except ValidationError as problems:
            add_problems(form, problems)
            return self.check_page(table, organisation, form)
        messages.success(
            self.request,
            _("Nominated: %(added)s. Nominated before: %(there)s.")
            % {"added": len(done.added), "there": len(done.there)},
        )
        return HttpResponseRedirect(self.list_url())

    def errors_file(self, table: Table, organisation: Organisation, kind: str) -> HttpResponse:
        """The rows as they stand, with a last column that says what to do."""
        checked = self.checked(table, organisation)
        headings = [*(heading.label for heading in HEADINGS), _("What to do")]
        lines = [
            [
                *(line.row.values[heading.name] for heading in HEADINGS),
                "; ".join(f"{fault.column}: {fault.message}" for fault in line.faults),
            ]
            for line in checked.lines
        ]
        return a_file(headings, lines, kind, f"{self.cohort.slug}-{slugify(_('errors'))}")


def a_file(headings: list[str], lines: list[list[str]], kind: str, name: str) -> HttpResponse:
    """A download."""
    content_type, write = TYPES[kind]
    response = HttpResponse(write(headings, lines), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


class NominationTemplateView(ForCohortMixin, PageView):
    """An empty file with the headings in either language, ready for a spreadsheet program."""

    def get_verdict(self) -> Verdict:
        return rules.may_nominate_for_some(self.request.user, self.cohort, self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        kind, language = self.kwargs["kind"], self.kwargs["language"]
        if kind not in TYPES or language not in ("cy", "en"):
            raise Http404
        with override(language):
            return a_file([heading.label for heading in HEADINGS], [], kind, f"{self.cohort.slug}-{language}")
