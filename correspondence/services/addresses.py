"""Mending an address that a mail server does not know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from core.audit import record
from core.verdicts import require
from correspondence import rules
from correspondence.queries.waiting import held_for
from messaging import decisions
from messaging.enums import MessageState
from messaging.models import BadAddress
from people.models import User
from people.services.addresses import record_address


@transaction.atomic
def mend_person_address(*, bad: BadAddress, email: str, by: User, today: date) -> None:
    """Say that the address works after all, or write down the person's right one, which letters go to from now on.

    Sends nothing: what was held is looked at first. Raises NotAllowed unless `by` may, or when the new address is
    somebody else's; writes audit.
    """
    person = User.objects.filter(reference=bad.person).first() if bad.person else None
    require(rules.may_mend_address(by, bad, person, today))
    email = email.strip().lower()
    if email != bad.address.lower():
        require(rules.has_an_account(person))
        assert person is not None
        # A coordinator may, who may not record any address: the rule above asked what the verb below cannot know.
        record_address(person=person, email=email, make_primary=True, by=None, today=today)
        record("address.corrected", about=person, by=by, address=email)
    decisions.mend_address(bad=bad, by=by)


@transaction.atomic
def send_held_for(*, bad: BadAddress, keys: Iterable[int], by: User, today: date) -> int:
    """Send those of the messages held for a mended address that somebody picked, to the address that the person has
    now. Returns how many; raises NotAllowed; writes audit."""
    require(rules.may_decide(by, today))
    person = User.objects.filter(reference=bad.person).first() if bad.person else None
    address = person.email if person else bad.address
    picked = list(held_for(bad.address).filter(pk__in=list(keys)))
    for message in picked:
        if message.state == MessageState.HELD:
            decisions.release_message(message=message, by=by, today=today, address=address)
        else:
            decisions.send_message_again(message=message, by=by, today=today, address=address)
    return len(picked)
