"""`manage.py load_agreements`: publish the texts that people with a place are asked for. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from cohorts.services.onboarding import load_agreements
from core import clock


class Command(BaseCommand):
    help = "Publish every version of the agreements that comes with the product and is not there yet."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        count = load_agreements(by=None, today=clock.today())
        self.stdout.write(f"Agreements published: {count}")
