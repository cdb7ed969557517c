"""Everything that messaging keeps; where each model lives is nobody else's business."""

from messaging.models.machinery import Heartbeat, NightRun
from messaging.models.outbox import AGAIN, BadAddress, Message
from messaging.models.people import Preference
from messaging.models.rules import Approval, MessageRule, Wording

__all__ = [
    "AGAIN",
    "Approval",
    "BadAddress",
    "Heartbeat",
    "Message",
    "MessageRule",
    "NightRun",
    "Preference",
    "Wording",
]
