"""Closed lists about messages: the states of an outbox row, with the table of its moves, and why it is in one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class MessageState(models.TextChoices):
    """Where a message stands. messaging.claims is the one place that changes it (docs/adr/0016)."""

    QUEUED = "queued", pgettext_lazy("message", "Waiting to be sent")
    HELD = "held", pgettext_lazy("message", "Held until somebody decides")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", pgettext_lazy("message", "Not delivered")
    UNCERTAIN = "uncertain", pgettext_lazy("message", "Not known whether it arrived")
    CANCELLED = "cancelled", pgettext_lazy("message", "Cancelled")

    @classmethod
    def moves(cls) -> dict[MessageState, set[MessageState]]:
        """State → the states that may follow it."""
        return {
            # What is in a daily summary ends as the summary does.
            cls.QUEUED: {cls.SENDING, cls.HELD, cls.CANCELLED, cls.SENT, cls.FAILED, cls.UNCERTAIN},
            cls.HELD: {cls.QUEUED, cls.CANCELLED},
            # Back to queued only while the mail server cannot have the message, or has said that it does not.
            cls.SENDING: {cls.SENT, cls.QUEUED, cls.HELD, cls.FAILED, cls.UNCERTAIN, cls.CANCELLED},
            # What a sender that was thought dead had to say.
            cls.UNCERTAIN: {cls.SENT, cls.QUEUED, cls.FAILED},
            cls.SENT: set(),
            cls.FAILED: set(),
            cls.CANCELLED: set(),
        }

    @classmethod
    def needing_a_person(cls) -> list[MessageState]:
        """The states that somebody should look at, the most urgent first."""
        return [cls.UNCERTAIN, cls.HELD, cls.FAILED]

    @property
    def colour(self) -> str:
        """The colour of its label."""
        return {"sent": "green", "queued": "yellow", "sending": "yellow", "cancelled": "grey"}.get(self, "red")


class StateReason(models.TextChoices):
    """Why a message is in its state, where that is not plain."""

    # How long is TRY_AGAIN_AFTER of messaging.claims.
    PUT_OFF = "put_off", pgettext_lazy("message", "The mail server put it off. It is tried again, for up to 27 hours.")
    CHECK_FAILED = (
        "check_failed",
        pgettext_lazy("message", "The check before sending failed. It is tried again, for up to 27 hours."),
    )
    LATE = "late", pgettext_lazy("message", "It is too late to send it without asking.")
    FIRST_USE = "first_use", pgettext_lazy("message", "It is the first of its kind here. Somebody must approve it.")
    MANY = "many", pgettext_lazy("message", "It would go to many people. Somebody must approve it.")
    OFF = "off", pgettext_lazy("message", "Messages of this kind are switched off here.")
    DECLINED = "declined", pgettext_lazy("message", "The person does not want messages of this kind.")
    QUIET = "quiet", pgettext_lazy("message", "It waits for hours and days that suit the person.")
    DIGEST = "digest", pgettext_lazy("message", "It belongs in the person’s daily summary.")
    EXPIRED = "expired", pgettext_lazy("message", "It was of use for a short time only, and that is over.")
    NOT_TRUE = "not_true", pgettext_lazy("message", "What it says was no longer so.")
    INACTIVE = "inactive", pgettext_lazy("message", "The person is no longer active.")
    NO_ADDRESS = "no_address", pgettext_lazy("message", "There is no email address.")
    ADDRESS = "address", pgettext_lazy("message", "The mail server does not know the email address.")
    REFUSED = "refused", pgettext_lazy("message", "The mail server refused it for good.")
    GAVE_UP = "gave_up", pgettext_lazy("message", "The mail server put it off for 27 hours. It is not tried again.")
    UNCHECKED = (
        "unchecked",
        pgettext_lazy("message", "The check before sending failed for 27 hours. It is not tried again."),
    )
    UNWRITABLE = "unwritable", pgettext_lazy("message", "It cannot be written as an email, or not to this address.")
    NO_ANSWER = "no_answer", pgettext_lazy("message", "The mail server took the words and did not answer.")
    STOPPED = "stopped", pgettext_lazy("message", "Sending was interrupted after the words were handed over.")
    ARRIVED = "arrived", pgettext_lazy("message", "Somebody says that it arrived.")
    DISCARDED = "discarded", pgettext_lazy("message", "Somebody decided not to send it.")
    PAST = "past", pgettext_lazy("message", "It belongs to a time before Infuse sent messages.")
