"""The Welsh report: texts in data that are missing, old or unconfirmed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import Verdict
from core.views import PageView
from people.queries.roles import roles_on
from reports import rules
from reports.queries.welsh import HERE, LABELS, WORST_FIRST, WelshText, open_texts


def is_in(state: str, text: WelshText) -> bool:
    """Whether the text is in that state."""
    return text.state == state


class WelshReportView(PageView):
    """Every text to look at, the worst first, with the page where it is changed."""

    template_name = "reports/welsh.html"
    page_title = _("Welsh texts")

    def get_verdict(self) -> Verdict:
        return rules.may_view_welsh(self.request.user, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_edit_programme = roles_on(self.request.user, self.today).is_manager
        texts = open_texts(may_edit_programme=may_edit_programme)
        tests: dict[str, Callable[[WelshText], bool]] = {state: partial(is_in, state) for state in WORST_FIRST}
        tests[HERE] = lambda text: bool(text.url)
        wanted = self.request.GET.get("state", "")
        wanted = wanted if wanted in tests else ""
        kwargs.update(
            texts=[text for text in texts if not wanted or tests[wanted](text)],
            wanted=wanted,
            choices=[
                (name, LABELS.get(name, _("Can be changed here")), count)
                for name, test in tests.items()
                if (count := sum(map(test, texts)))
            ],
            total=len(texts),
        )
        return super().get_context_data(**kwargs)
