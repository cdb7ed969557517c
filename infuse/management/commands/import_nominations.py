"""Nominate from a file: `manage.py import_nominations FILE --cohort SLUG --organisation CODE [--dry-run]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from challenges.models import Theme
from cohorts.forms.spreadsheet import Table, UnreadableFileError
from cohorts.models import Cohort
from core import clock
from core.verdicts import NotAllowed
from nominations.forms.imports import Checked, addresses_of, check_rows, names_of, read_file
from nominations.queries.proposals import facts_about
from nominations.rules import nominations as rules
from nominations.services.nominations import nominate_many
from people.models import Organisation, User
from people.queries.people import person_by_address
from people.queries.roles import coordinators_of


class Command(BaseCommand):
    help = (
        "Nominates the people of a file, all of them or nobody, with the checks and the sentences of the page. "
        "Ends with an error when anything has to be corrected. The same file again adds nobody twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV or spreadsheet file")
        parser.add_argument("--cohort", required=True, metavar="SLUG", help="the cohort’s word in the address")
        parser.add_argument("--organisation", required=True, metavar="CODE", help="the organisation’s code")
        parser.add_argument(
            "--by", default="", metavar="EMAIL", help="who nominates; without it, its first coordinator"
        )
        parser.add_argument(
            "--over-places-reason", default="", metavar="TEXT", help="why more than the indicative places"
        )
        parser.add_argument("--elsewhere-reason", default="", metavar="TEXT", help="why a place in a second cohort")
        parser.add_argument("--language", choices=("en", "cy"), default="en", help="the language of what is said")
        parser.add_argument("--dry-run", action="store_true", help="check the file and save nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        with override(options["language"]):
            self.work(options)

    def work(self, options: dict[str, Any]) -> None:
        """Read, check, say, and (unless it is a dry run) save."""
        today = clock.today()
        cohort = Cohort.objects.select_related("programme").filter(slug=options["cohort"]).first()
        organisation = Organisation.objects.filter(code=options["organisation"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort “{options['cohort']}”.")
        if organisation is None:
            raise CommandError(f"There is no organisation with the code “{options['organisation']}”.")
        by = self.who(options["by"], organisation)
        table = self.read(options["file"])
        facts = facts_about(cohort, organisation, addresses_of(table.rows), names_of(table.rows))
        checked = Checked(check_rows(table.rows, list(Theme.objects.all()), facts, by), list(table.not_used))
        self.say(checked)
        if checked.faults:
            raise CommandError(f"{_('Nothing was saved.')} {_('Rows to correct')}: {len(checked.wrong)}")
        if checked.new and not (over := rules.is_within_places(cohort, organisation, len(checked.new))):
            self.stdout.write(str(over.reason))
        if options["dry_run"]:
            new = f"{_('New nominations')}: {len(checked.new)}. {_('Nominated before')}: {len(checked.there)}."
            self.stdout.write(f"{_('Nothing was saved.')} {new}")
            return
        try:
            done = nominate_many(
                cohort=cohort,
                organisation=organisation,
                proposals=checked.proposals,
                over_places_reason=options["over_places_reason"],
                elsewhere_reason=options["elsewhere_reason"],
                by=by,
                today=today,
            )
        except NotAllowed as refusal:
            raise CommandError(refusal.reason) from refusal
        except ValidationError as problems:
            raise CommandError("\n".join(problems.messages)) from problems
        counts = {"added": len(done.added), "there": len(done.there)}
        self.stdout.write(_("Nominated: %(added)s. Nominated before: %(there)s.") % counts)

    def who(self, address: str, organisation: Organisation) -> User:
        """Every nomination has somebody who made it."""
        if address:
            person = person_by_address(address)
            if person is None:
                raise CommandError(f"Nobody has the address {address}.")
            return person
        role = coordinators_of(organisation, clock.today()).first()
        if role is None:
            raise CommandError("This organisation has no coordinator. Say who nominates, with --by EMAIL.")
        return role.person

    def read(self, path: Path) -> Table:
        """The rows; the size is looked at before anything is read."""
        try:
            with path.open("rb") as stream:
                return read_file(File(stream, name=path.name))
        except UnreadableFileError as trouble:
            raise CommandError(str(trouble)) from trouble
        except OSError as trouble:
            raise CommandError(f"{path}: {trouble.strerror}") from trouble

    def say(self, checked: Checked) -> None:
        """One line for each row: fine, there before, or what to do."""
        if checked.not_used:
            self.stdout.write(f"{_('Columns that are not used')}: {', '.join(checked.not_used)}")
        for line in checked.lines:
            if line.faults:
                for fault in line.faults:
                    self.stdout.write(str(fault))
                continue
            outcome = _("Nominated before: stays as it is") if line.there else _("Fine")
            notes = [outcome, line.elsewhere] if line.elsewhere else [outcome]
            self.stdout.write(f"{_('Row')} {line.row.number} · {line.person}: {' '.join(notes)}")
