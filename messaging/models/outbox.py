"""The outbox, and the addresses that do not work."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now, Upper

from messaging.enums import MessageState, StateReason

# Between the key of a message and the number of its repetition: "welcome:817#2".
AGAIN = "#"


class Message(models.Model):
    """One message to one person: the queue, the ledger of what was said, and the evidence.

    `state` is changed by messaging.claims only. `key` is unique for good, so nobody is told the same thing twice.
    Moments of business (`queued_at`, `sent_at`) come from core.clock; those of the machinery (`next_attempt_at`,
    `claimed_at`, `handed_over_at`) from the database, which is one clock for every worker.
    """

    key = models.CharField(max_length=250, unique=True)
    kind = models.CharField(max_length=60)
    # The recipient, as last known: `person` is the reference of a person of ours, `language` "" when not asked yet.
    address = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, blank=True)
    person = models.CharField(max_length=10, blank=True)
    template = models.CharField(max_length=120)
    about = models.CharField(max_length=100, blank=True)
    due_on = models.DateField()
    late_after = models.DateField()
    secret = models.BooleanField(default=False)
    # Put into the words on sending, in place of render.DOTS; empty once that is over.
    secret_word = models.CharField(max_length=100, blank=True)
    # A past day that an operator ran again: judged by the facts of that day, not of the day of sending.
    replay = models.BooleanField(default=False)

    # {"cy": {"subject": …, "body": …}, "en": …}: both until it is sent, then what was sent; nothing of a secret one.
    words = models.JSONField(default=dict)
    languages = models.CharField(max_length=5, blank=True)

    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    state_reason = models.CharField(max_length=20, choices=StateReason, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    claim = models.BigIntegerField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # The first message with these words, which did not get through; the key is the same but for its end (AGAIN).
    again_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="repeated_as")
    # When somebody decided about it as it stands (let it go, sent it again, saw it): nobody need look any more.
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_is_known"),
            models.CheckConstraint(
                condition=Q(state_reason__in=["", *StateReason.values]), name="message_reason_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True)),
                name="only_a_sent_message_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING) | Q(claim__isnull=False, claimed_at__isnull=False),
                name="a_message_being_sent_has_its_claim",
            ),
            # What the mail server may have is never sent again: it cannot even stand in the queue.
            models.CheckConstraint(
                condition=~Q(state__in=[MessageState.QUEUED, MessageState.HELD]) | Q(handed_over_at__isnull=True),
                name="a_waiting_message_was_never_handed_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MessageState.SENT, MessageState.UNCERTAIN]) | Q(handed_over_at__isnull=False),
                name="a_sent_message_was_handed_over",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-secret", "next_attempt_at", "id"],
                condition=Q(state=MessageState.QUEUED),
                name="message_to_send",
            ),
            models.Index(fields=["claim"], condition=Q(state=MessageState.SENDING), name="message_being_sent"),
            models.Index(fields=["state", "-id"], name="message_by_state"),
            models.Index(fields=["kind", "-id"], name="message_by_kind"),
            models.Index(fields=["about", "-id"], name="message_by_thing"),
            models.Index(fields=["person", "-id"], name="message_by_person"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="message_by_part_of_name"),
            GinIndex(OpClass(Upper("address"), name="gin_trgm_ops"), name="message_by_part_of_address"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def first_key(self) -> str:
        """The key as the rules know it: that of the first message, when a person sent this one again."""
        return self.key.rpartition(AGAIN)[0] if self.again_of_id else self.key


class BadAddress(models.Model):
    """An address that a mail server does not know. Until it is mended, messages to it are held for a person."""

    address = models.EmailField()
    # The reference of the person of ours whom the refused message was for.
    person = models.CharField(max_length=10, blank=True)
    # What the mail server said, and since when.
    said = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField()
    mended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("address"), condition=Q(mended_at__isnull=True), name="an_address_is_bad_once_at_a_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="bad_address_by_person")]

    def __str__(self) -> str:
        return self.address
