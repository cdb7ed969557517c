"""Closed lists about labs and sessions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SessionStatus(models.TextChoices):
    """Whether a session is to be. That it has been is a matter of its day, and of its register."""

    PLANNED = "planned", pgettext_lazy("session", "Planned")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")

    @classmethod
    def moves(cls) -> dict[SessionStatus, set[SessionStatus]]:
        """Status → the statuses that may follow it."""
        return {cls.PLANNED: {cls.CANCELLED}, cls.CANCELLED: set()}

    @property
    def colour(self) -> str:
        """Of its label on a page."""
        return {"planned": "green"}.get(self, "red")


class SessionKind(models.TextChoices):
    WORKSHOP = "workshop", _("Workshop")
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    PRESENTATION = "presentation", _("Presentation")


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    BOTH = "both", _("In person and online")

    @classmethod
    def has_place(cls) -> set[Mode]:
        """Modes that happen somewhere."""
        return {cls.IN_PERSON, cls.BOTH}

    @classmethod
    def has_link(cls) -> set[Mode]:
        """Modes that have an address to join by."""
        return {cls.ONLINE, cls.BOTH}


class ClashKind(models.TextChoices):
    """What may stand against a session's day or time."""

    DAY_OFF = "day_off", _("A weekend or bank holiday")
    AVOIDED = "avoided", _("Days to avoid")
    LEAD = "lead", _("Somebody who leads it leads another session")
    PEOPLE = "people", _("People who are invited have another session")
    PLACE = "place", _("The place is taken")
    NOT_WORKING = "not_working", _("People who are invited do not work on that day")
    OUTSIDE = "outside", _("Outside the cohort’s dates")
