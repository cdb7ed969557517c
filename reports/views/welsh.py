"""The Welsh report: texts in data that are missing, old or unconfirmed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import Verdict
from core.views import PageView
from people.queries.roles import roles_on
from reports import rules
from reports.queries.welsh import COLOURS, LABELS, WORST_FIRST, open_texts


class WelshReportView(PageView):
    """Every text to look at, the worst first, with the page where it is changed."""

    template_name = "reports/welsh.html"
    page_title = _("Welsh texts")

    def get_verdict(self) -> Verdict:
        return rules.may_view_welsh(self.request.user, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_edit_programme = roles_on(self.request.user, self.today).is_manager
        texts = open_texts(may_edit_programme=may_edit_programme)
        wanted = self.request.GET.get("state", "")
        kwargs.update(
            texts=[text for text in texts if wanted not in LABELS or text.state == wanted],
            wanted=wanted if wanted in LABELS else "",
            states=[
                (state, LABELS[state], COLOURS[state], count)
                for state in WORST_FIRST
                if (count := sum(text.state == state for text in texts))
            ],
            total=len(texts),
        )
        return super().get_context_data(**kwargs)
