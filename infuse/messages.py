"""What messaging is handed from above: the reminders there are, and who may be written to today."""

from collections.abc import Collection, Mapping

from correspondence.reminders import SOURCES
from messaging.mail import Recipient
from messaging.recheck import Checks
from people.models import User
from people.queries.people import recipient


def active_recipients(references: Collection[str]) -> Mapping[str, Recipient]:
    """Those of these people who are active, by reference, as they may be written to now."""
    people = User.objects.filter(reference__in=references, is_active=True)
    return {person.reference: recipient(person) for person in people}


CHECKS = Checks(sources=SOURCES, recipients=active_recipients)
