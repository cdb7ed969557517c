"""What people want to be written to about, and when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from messaging.moments import Hours


class Preference(models.Model):
    """What one person chose; who has chosen nothing has no row.

    `declined` are kinds of messages, of those only that may be declined. `digest`: one summary a day instead of each
    message by itself. Without hours of their own the usual ones count.
    """

    # The reference of a person of ours.
    person = models.CharField(max_length=10, unique=True)
    declined = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    digest = models.BooleanField(default=False)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(person=""), name="a_preference_is_somebodys"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | (Q(opens__isnull=False, closes__isnull=False) & ~Q(opens=F("closes"))),
                name="own_hours_have_both_ends",
            ),
        ]
        indexes: ClassVar = [
            # The night asks for those who want a summary.
            models.Index(fields=["id"], condition=Q(digest=True), name="preference_with_digest"),
        ]

    def __str__(self) -> str:
        return self.person

    @property
    def hours(self) -> Hours | None:
        """The person's own hours; None: the usual ones."""
        return Hours(self.opens, self.closes) if self.opens is not None and self.closes is not None else None
