"""Closed lists about what is foreseen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Prospect(models.TextChoices):
    """What becomes of an occasion that is not in the outbox; what is there has its MessageState."""

    GOES = "goes", pgettext_lazy("message", "Will be sent")
    WAITS = "waits", pgettext_lazy("message", "Will wait for somebody")
    NOT = "not", pgettext_lazy("message", "Will not be sent")
    MISSED = "missed", pgettext_lazy("message", "Was not sent")

    @property
    def colour(self) -> str:
        """The colour of its label."""
        return {"goes": "teal", "waits": "orange"}.get(self, "grey")
