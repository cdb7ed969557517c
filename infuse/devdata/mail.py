"""What becomes of the mail that the verbs queued while the past was played."""

from datetime import date

from messaging.enums import MessageState, StateReason
from messaging.models import Message


def file_away_the_past(today: date) -> int:
    """Cancel every queued message that belongs to a day before `today`, so that none is sent; returns how many.

    They stay in the outbox with their words and say why. Runs in the transaction that wrote them, before the worker
    can see them.
    """
    past = Message.objects.filter(state=MessageState.QUEUED, due_on__lt=today)
    return past.update(state=MessageState.CANCELLED, state_reason=StateReason.PAST)
