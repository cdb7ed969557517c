"""People about to be enrolled: what is known of them already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from cohorts.models import Cohort
from people.models import Organisation, User


@dataclass(frozen=True)
class NewAssociate:
    """One person of an enrolment file, read and checked."""

    name: str
    email: str
    organisation: Organisation
    job_title: str = ""
    language: str = ""


def known_people(addresses: Sequence[str]) -> dict[str, User]:
    """Address in small letters → the person it belongs to, for any of a person's addresses. Two queries."""
    wanted = {address.lower() for address in addresses}
    people: dict[str, User] = {
        person.email.lower(): person
        for person in User.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=wanted)
    }
    others = EmailAddress.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=wanted, verified=True)
    for row in others.select_related("user"):
        people.setdefault(row.email.lower(), row.user)
    return people


def already_in(cohort: Cohort, addresses: Sequence[str]) -> set[str]:
    """Those of the addresses (in small letters) whose person has a row in this cohort, whatever its status."""
    people = known_people(addresses)
    inside = set(cohort.associates.filter(person__in=people.values()).values_list("person", flat=True))
    return {address for address, person in people.items() if person.pk in inside}


def places_needed(cohort: Cohort, addresses: Sequence[str]) -> int:
    """How many places these people would take: one for each who is not in the cohort already."""
    return len({address.lower() for address in addresses} - already_in(cohort, addresses))
