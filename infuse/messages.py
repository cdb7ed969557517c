"""What messaging is handed from above: the reminders there are, who may be written to today, and when."""

from collections.abc import Collection, Mapping
from datetime import date

from django.conf import settings

from correspondence.kinds import KINDS
from correspondence.queries.preferences import stop_address
from correspondence.reminders import SOURCES
from messaging.mail import Recipient
from messaging.models import Message
from messaging.moments import USUAL, WEEKDAYS, Rhythm
from messaging.recheck import Checks
from people.models import User
from people.queries.people import recipient, working_days_of


def active_recipients(references: Collection[str]) -> Mapping[str, Recipient]:
    """Those of these people who are active, by reference, as they may be written to now."""
    people = User.objects.filter(reference__in=references, is_active=True)
    return {person.reference: recipient(person) for person in people}


def rhythms(references: Collection[str], day: date) -> Mapping[str, Rhythm]:
    """When these people work, as far as they told; without settings.MESSAGES_WAIT nothing waits for the usual hours."""
    told = working_days_of(references, day)
    hours = USUAL if settings.MESSAGES_WAIT else None
    return {reference: Rhythm(hours, told.get(reference, WEEKDAYS)) for reference in references}


def unsubscribe(message: Message) -> str:
    """Where the reader of this message declines its kind with one click; "" where that may not be."""
    return stop_address(message.person, message.kind, message.language)


CHECKS = Checks(
    sources=SOURCES, recipients=active_recipients, unsubscribe=unsubscribe, kinds=KINDS, rhythms=rhythms
)
