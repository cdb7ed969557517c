"""The frozen records of a selection: list, a new one, and the files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import CohortMixin, actor
from core.verdicts import Verdict
from core.views import ConfirmPageView, PageView, RuleRequiredMixin
from nominations.exports import record as files
from nominations.models import SelectionRecord
from nominations.queries.records import content_for, is_as_frozen
from nominations.rules import selection as rules
from nominations.services.records import freeze_record, note_export
from nominations.views.selection import SelectionMixin

KINDS = {
    "xlsx": (files.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (files.as_pdf, "application/pdf"),
}
FILES = (
    ("cy", "xlsx", _("XLSX in Welsh")),
    ("en", "xlsx", _("XLSX in English")),
    ("cy", "pdf", _("PDF in Welsh")),
    ("en", "pdf", _("PDF in English")),
)


class ReadersMixin(CohortMixin):
    """For the programme team and auditors."""

    def get_verdict(self) -> Verdict:
        return rules.may_read_record(self.request.user, self.today)


class RecordListView(ReadersMixin, PageView):
    """What was frozen, and when."""

    template_name = "nominations/record_list.html"
    page_title = _("Selection records")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        records = SelectionRecord.objects.filter(cohort=self.cohort).select_related("frozen_by")
        return super().get_context_data(
            records=[{"record": row, "is_as_frozen": is_as_frozen(row)} for row in records],
            files=FILES,
            may_freeze=rules.may_run_selection(self.request.user, self.today),
            **kwargs,
        )


class RecordCreateView(SelectionMixin, ConfirmPageView):
    """Freeze a record now."""

    page_title = _("Freeze a record")
    submit_label = _("Freeze")
    intro = _("The selection is kept as it stands now. Scores that are still hidden are left out.")
    done_message = _("The record was frozen.")

    def get_cancel_url(self) -> str:
        return reverse("nominations:record-list", args=[self.cohort.slug])

    get_success_url = get_cancel_url

    def act(self, form: Any) -> SelectionRecord:  # noqa: ARG002
        return freeze_record(cohort=self.cohort, by=actor(self.request), today=self.today)


class RecordDownloadView(ReadersMixin, RuleRequiredMixin):
    """One record as a file."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if kwargs["kind"] not in KINDS or kwargs["language"] not in ("en", "cy"):
            raise Http404
        rows = SelectionRecord.objects.filter(cohort=self.cohort).select_related("cohort")
        record = get_object_or_404(rows, pk=kwargs["pk"])
        write, content_type = KINDS[kwargs["kind"]]
        language, kind, reader = kwargs["language"], kwargs["kind"], actor(request)
        body = write(record, content_for(reader, record, self.today), language)
        note_export(of=record, language=language, kind=kind, by=reader, today=self.today)
        name = f"{self.cohort.slug}-selection-{record.frozen_at:%Y-%m-%d}-{language}.{kind}"
        return HttpResponse(
            body,
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"},
        )
