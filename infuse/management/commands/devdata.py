"""Load the demo: the programme's public facts and an invented, lively cast."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from infuse.devdata.build import RealDataError, load


class Command(BaseCommand):
    help = "Loads the demo into an empty database, once. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on", type=date.fromisoformat, help="the day on which cohort five experiments (default: today)"
        )

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:  # noqa: ARG002 (Django's signature)
        """Load, and say what happened."""
        try:
            loaded = load(on or clock.today())
        except RealDataError as found:
            raise CommandError(
                f"This database holds data that the demo did not make ({found}). Nothing was changed. "
                "Point DATABASE_URL to an empty database to load the demo."
            ) from None
        self.stdout.write("The demo is loaded." if loaded else "The demo is there already. Nothing was changed.")
