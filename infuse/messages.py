"""What messaging is handed from above: the reminders there are, and who may be written to today."""

from collections.abc import Collection, Mapping

from cohorts import reminders as cohorts
from messaging.mail import Recipient
from messaging.recheck import Checks
from messaging.reminders import Source
from nominations import reminders as nominations
from people.models import User
from people.queries.people import recipient

# Every reminder of the product, in the order in which a night computes them.
SOURCES: tuple[Source, ...] = (*cohorts.SOURCES, *nominations.SOURCES)


def active_recipients(references: Collection[str]) -> Mapping[str, Recipient]:
    """Those of these people who are active, by reference, as they may be written to now."""
    people = User.objects.filter(reference__in=references, is_active=True)
    return {person.reference: recipient(person) for person in people}


CHECKS = Checks(sources=SOURCES, recipients=active_recipients)
