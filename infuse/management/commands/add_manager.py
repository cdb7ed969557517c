"""The first programme manager of a new installation: nobody is there yet who could invite one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from core import clock
from people.enums import Language, RoleKind
from people.services.invitations import invite_person


class Command(BaseCommand):
    """`manage.py add_manager --name "Mair Morgan" --email mair@example.gov.wales [--language cy]`."""

    help = "Records a programme manager and invites them by e-mail. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the name used")
        parser.add_argument("--email", required=True, help="where the codes for signing in go")
        parser.add_argument("--language", choices=[Language.WELSH, Language.ENGLISH], default="", help="cy or en")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 (Django calls it so)
        try:
            validate_email(options["email"].strip())
        except ValidationError:
            raise CommandError(f"{options['email']} is no e-mail address.") from None
        person = invite_person(
            name=options["name"],
            email=options["email"],
            language=options["language"],
            role=RoleKind.MANAGER,
            by=None,
            today=clock.today(),
        )
        self.stdout.write(f"{person.name} <{person.email}> is a programme manager, and is told so by e-mail.")
