"""Does the machinery that sends messages run? For the programme team, in words; monitors ask /health/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.verdicts import Verdict
from core.views import PageView, Text
from correspondence import rules
from messaging import health
from messaging.queries import needing_a_person

# Part → what it is, and what it means for people when it is not well.
PARTS: dict[str, tuple[Text, Text]] = {
    "database": (_("Database"), _("Nothing can be saved.")),
    "broker": (_("Broker"), _("Messages are late: they wait until the worker looks by itself.")),
    "worker": (_("Worker, which sends"), _("Messages are saved, and none is sent.")),
    "beat": (_("Timetable, which wakes the worker"), _("Reminders are not computed, and messages wait.")),
    "night": (_("Last night’s run"), _("Reminders of this day have not been written yet.")),
    "outbox": (_("Outbox"), _("A message has been waiting longer than it should.")),
}


@dataclass(frozen=True)
class PartLine:
    """One part of the machinery in words."""

    name: Text
    is_well: bool
    meaning: Text
    facts: Sequence[tuple[Text, object]]


class HealthView(PageView):
    """Each part of the machinery, well or not, and what that means for people."""

    template_name = "correspondence/health.html"
    page_title = _("Does sending work?")

    def get_verdict(self) -> Verdict:
        return rules.may_view_messages(self.request.user, self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Messages"), reverse("correspondence:message-list"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        well, parts = health.facts()
        lines = [
            PartLine(name, parts[part]["ok"], "" if parts[part]["ok"] else meaning, facts_of(parts[part]))
            for part, (name, meaning) in PARTS.items()
        ]
        return super().get_context_data(well=well, lines=lines, waiting=sum(needing_a_person().values()), **kwargs)


def facts_of(part: dict[str, Any]) -> list[tuple[Text, object]]:
    """What is known of a part, as (label, value); times are rounded to minutes."""
    facts: list[tuple[Text, object]] = []
    if part.get("seconds_since_heartbeat") is not None:
        facts.append((_("Minutes since its last sign of life"), part["seconds_since_heartbeat"] // 60))
    if part.get("last_complete_on"):
        facts.append((_("Last complete night"), part["last_complete_on"]))
    if part.get("seconds_oldest_due") is not None:
        facts.append((_("Minutes that the oldest message has waited"), part["seconds_oldest_due"] // 60))
    return facts
