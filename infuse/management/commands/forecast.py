"""What will be sent within a cohort, at a terminal: `manage.py forecast --cohort five [--json]`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from cohorts.models import Cohort
from core import clock
from correspondence.queries.forecast import Line, forecast
from infuse.messages import SOURCES


class Command(BaseCommand):
    help = (
        "Prints every reminder and announcement of a cohort from today to its end, day by day, as the facts stand "
        "today, with what becomes of each and why. Nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cohort", required=True, metavar="SLUG", help="the cohort’s word in the address")
        parser.add_argument("--json", action="store_true", help="one JSON object, for a program")
        parser.add_argument("--language", choices=("en", "cy"), default="en", help="the language of what is said")

    def handle(self, *_args: Any, **options: Any) -> None:
        cohort = Cohort.objects.prefetch_related("phases").filter(slug=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort “{options['cohort']}”.")
        with override(options["language"]):
            today = clock.today()
            lines = forecast(cohort, today, SOURCES)
            if options["json"]:
                found = {"cohort": cohort.slug, "today": today.isoformat(), "messages": [as_data(one) for one in lines]}
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            else:
                self.say(lines)

    def say(self, lines: Sequence[Line]) -> None:
        """A line for each occasion, under its day."""
        on = None
        for line in lines:
            if line.on != on:
                on = line.on
                self.stdout.write(f"{on:%Y-%m-%d}")
            whom = f"{line.to.name} <{line.to.address}>  {line.to.language or 'cy+en'}"
            reason = f": {line.reason}" if line.reason else ""
            self.stdout.write(f"  {line.kind.slug}  {whom}  {line.status.label}{reason}")
        self.stdout.write(f"{sum(line.is_said for line in lines)} / {len(lines)}")


def as_data(line: Line) -> dict[str, Any]:
    """One occasion for a program: words only where a person would read them."""
    policy = line.occasion.slot.policy
    return {
        "key": line.occasion.mail.key,
        "kind": line.kind.slug,
        "on": line.on.isoformat(),
        "to": {
            "name": line.to.name,
            "address": line.to.address,
            "language": line.to.language,
            "reference": line.to.reference,
        },
        "status": str(line.status.value),
        "goes": line.is_said,
        "reason": line.reason,
        "event_on": line.occasion.event_on.isoformat(),
        "working_days": line.occasion.slot.offset,
        "rule_since": policy.since.isoformat() if policy.since else None,
    }
