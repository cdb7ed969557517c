"""People about to be put forward: what is known of them already, in a few queries however many they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from challenges.models import Theme
from cohorts.enums import AssociateStatus
from cohorts.models import Associate, Cohort
from cohorts.queries.enrolment import known_people
from nominations.enums import NominationStatus
from nominations.models import Nomination
from nominations.queries.nominations import called, plain_name
from people.models import Organisation, User


@dataclass(frozen=True)
class Proposal:
    """One person to be nominated, read and checked. No themes means either. Addresses are in small letters."""

    first_name: str
    last_name: str
    email: str
    job_title: str
    line_manager_name: str
    line_manager_email: str
    reason: str
    directorate: str = ""
    themes: tuple[Theme, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Facts:
    """What is known about some proposals for one cohort and organisation."""

    organisation: Organisation
    people: dict[str, User] = field(default_factory=dict)
    standing: dict[int, Nomination] = field(default_factory=dict)
    elsewhere: dict[int, Associate] = field(default_factory=dict)
    namesakes: dict[str, list[Nomination]] = field(default_factory=dict)

    def person(self, address: str) -> User | None:
        """Who has this address."""
        return self.people.get(address.lower())

    def nomination_of(self, address: str) -> Nomination | None:
        """The nomination in this cohort, by any organisation, of whoever has this address."""
        person = self.person(address)
        return self.standing.get(person.pk) if person else None

    def place_elsewhere(self, address: str) -> Associate | None:
        """The place in another cohort of whoever has this address."""
        person = self.person(address)
        return self.elsewhere.get(person.pk) if person else None

    def same_name(self, name: str, address: str) -> Nomination | None:
        """The organisation's nomination of somebody with this name and another address: perhaps the same person."""
        person = self.person(address)
        for nomination in self.namesakes.get(plain_name(name), ()):
            if person is None or nomination.person_id != person.pk:
                return nomination
        return None


def facts_about(
    cohort: Cohort, organisation: Organisation, addresses: Collection[str], names: Collection[str] = ()
) -> Facts:
    """What is known of the people with these addresses (nominees and line managers alike). Six queries.

    Of the organisation's nominations those are noted, too, whose person has one of these `names`: two more.
    """
    people = known_people(sorted({address.lower() for address in addresses if address}))
    keys = {person.pk for person in people.values()}
    here = Nomination.objects.filter(cohort=cohort, status__in=NominationStatus.standing())
    merged = Nomination.objects.filter(
        cohort=cohort, person__in=keys, status=NominationStatus.MERGED, merged_into__in=here
    ).select_related("merged_into__person", "merged_into__organisation")
    standing: dict[int, Nomination] = {row.person_id: row.merged_into for row in merged if row.merged_into}
    standing |= {row.person_id: row for row in here.filter(person__in=keys).select_related("person", "organisation")}
    namesakes = called(here.filter(organisation=organisation), names)
    return Facts(organisation, people, standing, places_elsewhere(keys, cohort), namesakes)


def places_elsewhere(people: Collection[int], cohort: Cohort) -> dict[int, Associate]:
    """Person → their place in another cohort that is going on or was completed: the latest one. One query."""
    rows = (
        Associate.objects.filter(person__in=people, status__in=TAKEN_PART)
        .exclude(cohort=cohort)
        .select_related("cohort")
        .order_by("cohort__order")
    )
    return {row.person_id: row for row in rows}


TAKEN_PART = (AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED, AssociateStatus.COMPLETED)


def addresses_in(proposals: Sequence[Proposal]) -> set[str]:
    """Every address that the proposals name."""
    return {proposal.email for proposal in proposals} | {proposal.line_manager_email for proposal in proposals}
