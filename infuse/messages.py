"""What messaging is handed from above: the reminders there are, who may be written to today, and when."""

from collections.abc import Collection, Mapping

from correspondence.kinds import KINDS
from correspondence.queries.preferences import rhythms, stop_address
from correspondence.reminders import SOURCES
from messaging.mail import Recipient
from messaging.models import Message
from messaging.recheck import Checks
from people.models import User
from people.queries.people import recipient


def active_recipients(references: Collection[str]) -> Mapping[str, Recipient]:
    """Those of these people who are active, by reference, as they may be written to now."""
    people = User.objects.filter(reference__in=references, is_active=True)
    return {person.reference: recipient(person) for person in people}


def unsubscribe(message: Message) -> str:
    """Where the reader of this message declines its kind with one click; "" where that may not be."""
    return stop_address(message.person, message.kind, message.language)


CHECKS = Checks(sources=SOURCES, recipients=active_recipients, unsubscribe=unsubscribe, kinds=KINDS, rhythms=rhythms)
