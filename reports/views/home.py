"""The first page after signing in: what needs doing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.views import PageView
from reports.queries.home import home


class HomeView(PageView):
    """What needs doing, for each role of this person."""

    template_name = "reports/home.html"
    page_title = _("What needs doing")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = home(self.request.user, self.today)  # type: ignore[arg-type]
        return super().get_context_data(parts=parts, several=len(parts) > 1, **kwargs)
