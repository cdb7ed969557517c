"""The invented people: found or added, employed, given their roles."""

from __future__ import annotations

from datetime import date
from typing import Any

from infuse.devdata.sources import address, invented
from people.enums import LanguageSource, RoleKind
from people.models import Employment, Organisation, User
from people.queries.people import person_by_address
from people.services.people import add_person, employ, end_employment
from people.services.roles import give_role


class Cast:
    """Everybody in the demo. `organisations` is code → organisation."""

    def __init__(self, organisations: dict[str, Organisation]) -> None:
        self.organisations = organisations

    def organisation(self, handle: str) -> Organisation:
        """The organisation behind one of demo.toml's short handles."""
        return self.organisations[invented()["organisations"][handle]]

    @property
    def manager(self) -> User:
        """The programme manager, on whose word the cohorts' verbs act."""
        return self.with_key("manager")

    @property
    def administrator(self) -> User:
        """The programme administrator, who releases what the manager prepared."""
        return self.with_key("administrator")

    def with_key(self, key: str) -> User:
        """Somebody of demo.toml whom /demo/ offers."""
        row = next(row for row in invented()["person"] if row.get("key") == key)
        return User.objects.get(email=address(row["name"], row["at"]))

    def add_staff(self) -> None:
        """Whoever is in demo.toml outside the cohorts, with their roles."""
        for row in invented()["person"]:
            person = self.add(row, since=row["since"], today=row["since"])
            self.give_roles(row, person)

    def add(self, row: dict[str, Any], *, since: date, today: date, line_manager: str = "") -> User:
        """One person of demo.toml, employed since `since`; the language was asked on `today`."""
        person = add_person(
            name=row["name"],
            email=address(row["name"], row["at"]),
            language=row["language"],
            source=LanguageSource.PERSON if row["language"] else "",
            by=None,
            today=today,
        )
        employ(
            person=person,
            organisation=self.organisation(row["at"]),
            starts_on=since,
            job_title=row["title"],
            line_manager_name=line_manager,
            line_manager_email=address(line_manager, row["at"]) if line_manager else "",
            by=None,
            today=today,
        )
        return person

    def give_roles(self, row: dict[str, Any], person: User) -> None:
        """The roles of a row, each from its own first day."""
        for kind, starts_on in row.get("roles", ()):
            give_role(
                person=person,
                kind=kind,
                organisation=self.organisation(row["at"]) if kind == RoleKind.COORDINATOR else None,
                starts_on=starts_on,
                by=None,
                today=starts_on,
            )

    def change_employers(self) -> None:
        """Those who work elsewhere by now."""
        for row in invented()["moved"]:
            person = person_by_address(address(row["name"], row["at"]))
            assert person is not None, row
            until = row["until"]
            spell = Employment.objects.get(person=person, organisation=self.organisation(row["at"]))
            end_employment(employment=spell, until=until, by=None, today=until)
            employ(
                person=person,
                organisation=self.organisation(row["to"]),
                starts_on=until,
                job_title=row["title"],
                by=None,
                today=until,
            )
