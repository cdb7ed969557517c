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


class Audience(models.TextChoices):
    """To whom an announcement goes, within its cohort."""

    ASSOCIATES = "associates", pgettext_lazy("audience", "Associates who have a place or take part")
    COORDINATORS = "coordinators", pgettext_lazy("audience", "Coordinators")
    NOMINEES = "nominees", pgettext_lazy("audience", "Nominees without a decision")


class AnnouncementState(models.TextChoices):
    """Where an announcement stands; worked out from its columns and the outbox."""

    DRAFT = "draft", pgettext_lazy("announcement", "Draft")
    WAITING = "waiting", pgettext_lazy("announcement", "Somebody else must approve it")
    SCHEDULED = "scheduled", pgettext_lazy("announcement", "Scheduled")
    MISSED = "missed", pgettext_lazy("announcement", "Its day has passed")
    OUT = "out", pgettext_lazy("announcement", "Handed to the outbox")
    CANCELLED = "cancelled", pgettext_lazy("announcement", "Cancelled")

    @property
    def colour(self) -> str:
        """The colour of its label."""
        colours = {"draft": "grey", "waiting": "orange", "scheduled": "blue", "missed": "red", "out": "green"}
        return colours.get(self, "grey")
