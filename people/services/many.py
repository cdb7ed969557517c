"""Recording many people at once, for files of a thousand rows: the same facts as `add_person`, in a few queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from core.audit import record_many
from core.verdicts import require
from people import rules
from people.models import User
from people.services.people import add_person


@transaction.atomic
def add_new_people(*, names: Mapping[str, str], by: User | None, today: date) -> dict[str, User]:
    """Record a person for each address (in small letters) → name; returns address → person.

    The caller has looked and found nobody under these addresses. When somebody else adds one of them at the same
    moment, each is added by itself instead, which finds them. Raises NotAllowed unless `by` may add people.
    """
    require(rules.may_add_person(by, today))
    if not names:
        return {}
    people = [User(name=name.strip(), email=address) for address, name in names.items()]
    for person in people:
        person.set_unusable_password()
    try:
        with transaction.atomic():
            User.objects.bulk_create(people, 1000)
            # Whoever still waits to verify one of these addresses elsewhere does not own it.
            EmailAddress.objects.filter(email__in=list(names), verified=False).delete()
            EmailAddress.objects.bulk_create(
                [EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people], 1000
            )
            record_many((("person.added", person, {}) for person in people), by=by)
    except IntegrityError:
        return {address: add_person(name=name, email=address, by=by, today=today) for address, name in names.items()}
    return {person.email: person for person in people}
