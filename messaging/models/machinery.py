"""The nights that were run, and the signs of life of worker and beat."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class NightRun(models.Model):
    """One run of infuse.nightly for the day `on`. A day is done when one of its runs is complete."""

    on = models.DateField()
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    complete = models.BooleanField(default=False)
    # An operator ran a past day again: no sign that the nights are running.
    replay = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(complete=False) | Q(finished_at__isnull=False), name="a_complete_night_has_finished"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["on"], name="night_by_day")]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"


class Heartbeat(models.Model):
    """When a part of the machinery last showed that it lives: "worker", "beat"."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
