"""How each kind of message is sent: rules that count from a day on, and what a person has approved."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class MessageRule(models.Model):
    """How messages of one kind are sent within one scope, from the day `from_on` until a later rule begins.

    `scope` is what messages are filed under (`Message.about`), such as `cohorts.cohort:two`; "" is the programme, whose
    rules count for every scope that has none of its own. Rules are added, not changed: what was sent under one stays
    explained. messaging.policies says which one counts.
    """

    scope = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=60)
    from_on = models.DateField()
    is_on = models.BooleanField(default=True)
    # Working days from the event that the kind names: negative before it, positive after it.
    offsets = ArrayField(models.SmallIntegerField(), default=list)
    audience = models.CharField(max_length=40, blank=True)
    stop = models.CharField(max_length=40, blank=True)
    # Further days in which it still goes; null: as long as it is news, which the mail itself says.
    late_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # To more people than this at once it waits for somebody to approve it.
    approve_above = models.PositiveIntegerField()
    set_at = models.DateTimeField()
    # The reference of the person; "" is the system.
    set_by = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ("scope", "kind", "from_on")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "kind", "from_on"], name="one_rule_begins_on_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "scope"], name="message_rule_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} {self.from_on:%Y-%m-%d}"


class Approval(models.Model):
    """Somebody has looked at messages of this kind within this scope before the first of them went."""

    scope = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=60)
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "kind"], name="a_kind_is_approved_once_in_a_scope"),
            models.CheckConstraint(condition=~Q(kind=""), name="an_approval_names_its_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}"
