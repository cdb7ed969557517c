"""The people that /demo/ offers for a one-click sign-in. Their keys are fixed (docs/architecture.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import record
from infuse.devdata.sources import address, people_with_keys
from people.enums import RoleKind
from people.models import Employment, Organisation, User

# Key → (role, what this person comes for), in the order in which they are listed.
KEYS: dict[str, tuple[str | Promise, str | Promise]] = {
    "manager": (
        RoleKind.MANAGER.label,
        _("Sets cohorts up, runs the plan, and sees what is sent to whom and why."),
    ),
    "administrator": (
        RoleKind.ADMINISTRATOR.label,
        _("Keeps cohorts, people and organisations in order beside the manager."),
    ),
    "lab-lead": (RoleKind.LAB_LEAD.label, _("Leads one of the three labs.")),
    "coach": (RoleKind.COACH.label, _("Coaches associates while they try experiments at work.")),
    "coordinator-torfaen": (
        RoleKind.COORDINATOR.label,
        _("Answers for one organisation’s places and follows its people, and nobody else’s."),
    ),
    "coordinator-cardiff": (
        RoleKind.COORDINATOR.label,
        _("The same for another organisation; was an associate in Cohort Alpha, and reviews others’ nominees."),
    ),
    "associate": (
        _("Associate"),
        _("Takes part in Cohort Five: where am I, what comes next, and when?"),
    ),
    "nominee": (_("Nominee"), _("Was chosen for Cohort Six, and has an offer of a place to answer.")),
}


@dataclass(frozen=True)
class DemoPerson:
    """One of them, with what the list says."""

    key: str
    person: User
    role: str | Promise
    line: str | Promise
    organisation: Organisation | None


def demo_people(today: date) -> list[DemoPerson]:
    """Those of the keys whose people are in this database, in order. Two queries."""
    rows = people_with_keys()
    addresses = {key: address(rows[key]["name"], rows[key]["at"]) for key in KEYS}
    found = {person.email: person for person in User.objects.filter(email__in=addresses.values(), is_active=True)}
    spells = Employment.objects.on(today).filter(person__in=found.values()).select_related("organisation")
    works_at = {spell.person_id: spell.organisation for spell in spells.order_by("starts_on")}
    return [
        DemoPerson(key, person, role, line, works_at.get(person.pk))
        for key, (role, line) in KEYS.items()
        if (person := found.get(addresses[key]))
    ]


def sign_in_as(request: HttpRequest, demo_person: DemoPerson) -> None:
    """Sign the reader in as this person, instead of whoever was signed in before; the audit log says how."""
    login(request, demo_person.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record("demo.signed_in", about=demo_person.person, by=None, key=demo_person.key)
