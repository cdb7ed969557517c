"""List the demo people, one a line: key, name and role between tabs."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from infuse.demo.people import demo_people


class Command(BaseCommand):
    help = "Lists the people whom /demo/ offers for a one-click sign-in: key, name, role."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 (Django's signature)
        """Print those who are in this database."""
        for row in demo_people(clock.today()):
            role = (
                f"{row.role}, {row.organisation.short_en}"
                if row.key.startswith("coordinator") and row.organisation
                else row.role
            )
            self.stdout.write(f"{row.key}\t{row.person.name}\t{role}")
