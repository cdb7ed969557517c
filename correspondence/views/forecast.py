"""What will be sent within a cohort: as a calendar, as a list, and person by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohorts.views.base import CohortMixin
from core.bilingual import pick
from core.forms import FilterForm
from core.verdicts import Verdict
from core.views import Column, PageView, TablePageView, Text
from correspondence import rules
from correspondence.forms.forecast import ForecastFilterForm
from correspondence.queries.forecast import ForPerson, Line, by_person, forecast, grouped
from correspondence.queries.months import months
from correspondence.reminders import SOURCES


class ForecastMixin(CohortMixin):
    """One cohort’s messages to come, in one of three shapes."""

    def get_page_title(self) -> Text:
        return _("Messages to come")

    def get_verdict(self) -> Verdict:
        return rules.may_view_messages(self.request.user, self.today)

    @cached_property
    def lines(self) -> list[Line]:
        return forecast(self.cohort, self.today, SOURCES)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = self.request.resolver_match.view_name  # type: ignore[union-attr]
        shapes = (
            ("correspondence:forecast", _("Calendar")),
            ("correspondence:forecast-list", pgettext_lazy("shape", "List")),
            ("correspondence:forecast-people", _("Person by person")),
        )
        kwargs["shapes"] = [(reverse(url, args=[self.cohort.slug]), label, url == name) for url, label in shapes]
        return super().get_context_data(page_caption=pick(self.cohort, "name"), **kwargs)


class ForecastView(ForecastMixin, PageView):
    """The months of messages to come, and the table that says the same."""

    template_name = "correspondence/forecast.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = grouped(self.lines)
        counts = Counter(line.on for line in self.lines if line.is_said)
        kwargs.update(groups=groups, months=months(counts, self.today), total=counts.total())
        return super().get_context_data(**kwargs)


class ForecastListView(ForecastMixin, TablePageView):
    """Every occasion, one by one, also those on which nobody will be told."""

    template_name = "correspondence/forecast_list.html"
    caption = _("Messages to come")
    columns = (
        Column("on", _("Day")),
        Column("kind", _("Kind")),
        Column("to", _("To")),
        Column("status", _("What becomes of it")),
    )

    def get_filter_form(self) -> FilterForm:
        return ForecastFilterForm(self.request.GET or None, kinds={line.kind.slug: line.kind for line in self.lines})

    def get_rows(self) -> list[Line]:  # type: ignore[override]
        return self.lines

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        words = (values.get("q") or "").casefold()
        return [
            line
            for line in rows
            if (not values.get("on") or line.on == values["on"])
            and values.get("kind", "") in ("", line.kind.slug)
            and values.get("status", "") in ("", line.status)
            and (words in line.to.name.casefold() or words in line.to.address.casefold())
        ]


class ForecastPeopleView(ForecastMixin, TablePageView):
    """Everybody whom it concerns: how many messages are to come, and the next one."""

    template_name = "correspondence/forecast_people.html"
    caption = _("People")
    columns = (
        Column("name", _("Name")),
        Column("next", _("Next message")),
        Column("count", _("Messages to come"), numeric=True),
        Column("why", _("Why, or why not")),
    )

    def get_rows(self) -> list[ForPerson]:  # type: ignore[override]
        return by_person(self.lines)
