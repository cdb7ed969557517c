"""Verbs about a person's e-mail addresses by somebody else: the way back in when the work address is lost."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.audit import record
from core.verdicts import refused, require
from messaging import outbox
from people import emails, rules
from people.models import User
from people.queries.people import person_by_address


@transaction.atomic
def record_address(*, person: User, email: str, make_primary: bool, by: User | None, today: date) -> EmailAddress:
    """Record a further address that the programme team has checked; with `make_primary` letters go there from now on.

    Every address known before is told, so that nobody's account moves away in silence. Raises NotAllowed unless `by`
    may (not for oneself: one's own addresses are verified by code), or when the address is somebody else's.
    """
    require(rules.may_record_address(by, person=person, today=today))
    email = email.strip().lower()
    owner = person_by_address(email)
    if owner is not None and owner.pk != person.pk:
        require(refused(_("This address belongs to somebody else already.")))
    User.objects.select_for_update().get(pk=person.pk)
    told = list(EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True))
    EmailAddress.objects.filter(email__iexact=email, verified=False).exclude(user=person).delete()
    address, _created = EmailAddress.objects.update_or_create(
        user=person, email=email, defaults={"verified": True}, create_defaults={"verified": True, "primary": False}
    )
    if make_primary and not address.primary:
        address.set_as_primary()
        person.email = email
    record("address.recorded", about=person, by=by, address=email, primary=make_primary)
    outbox.queue_many(emails.address_added(person, to=old, new=email, on=today) for old in told if old != email)
    return address
