"""Inviting somebody: the person, where they work and what they do, in one step."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from people.enums import LanguageSource, RoleKind
from people.models import Organisation, User
from people.services.people import add_person, employ
from people.services.roles import give_role


@transaction.atomic
def invite_person(
    *,
    name: str,
    email: str,
    language: str = "",
    organisation: Organisation | None = None,
    job_title: str = "",
    role: str = "",
    by: User | None,
    today: date,
) -> User:
    """Record a person (or find the known one), their employer from today, and a role, of which they are told.

    Raises NotAllowed when one of the three is refused; then nothing is kept.
    """
    person = add_person(name=name, email=email, language=language, source=LanguageSource.STAFF, by=by, today=today)
    if organisation is not None:
        employ(person=person, organisation=organisation, starts_on=today, job_title=job_title, by=by, today=today)
    if role:
        coordinated = organisation if role == RoleKind.COORDINATOR else None
        give_role(person=person, kind=role, organisation=coordinated, tell=True, by=by, today=today)
    return person
