"""Closed lists about progress, the status with the table of its moves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MilestoneKind(models.TextChoices):
    ATTEND = "attend", pgettext_lazy("kind of milestone", "Attend")
    SUBMIT = "submit", pgettext_lazy("kind of milestone", "Hand in")
    REFLECT = "reflect", pgettext_lazy("kind of milestone", "Reflect")
    SELF_ASSESS = "self_assess", pgettext_lazy("kind of milestone", "Assess yourself")
    AGREE = "agree", pgettext_lazy("kind of milestone", "Agree")
    PRESENT = "present", pgettext_lazy("kind of milestone", "Present")

    @classmethod
    def needs_evidence(cls) -> set[MilestoneKind]:
        """Kinds that nobody can confirm without seeing something."""
        return {cls.SUBMIT, cls.REFLECT, cls.PRESENT}


class Confirmer(models.TextChoices):
    LAB_LEAD = "lab_lead", _("Lab lead")
    COACH = "coach", _("Coach")
    ADMINISTRATOR = "administrator", _("Programme team")


class CompletionStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("milestone", "To do")
    READY = "ready", pgettext_lazy("milestone", "Waits for confirmation")
    ASKED_AGAIN = "asked_again", pgettext_lazy("milestone", "Something is missing")
    CONFIRMED = "confirmed", pgettext_lazy("milestone", "Confirmed")
    OVERRIDDEN = "overridden", pgettext_lazy("milestone", "Counted without evidence")
    EXEMPT = "exempt", pgettext_lazy("milestone", "Exempt")
    BEFORE_JOINING = "before_joining", pgettext_lazy("milestone", "Before joining")

    @classmethod
    def moves(cls) -> dict[CompletionStatus, set[CompletionStatus]]:
        """Status → the statuses that may follow it."""
        decided = {cls.OVERRIDDEN, cls.EXEMPT}
        return {
            cls.OPEN: {cls.READY, cls.BEFORE_JOINING, *decided},
            cls.READY: {cls.CONFIRMED, cls.ASKED_AGAIN, *decided},
            cls.ASKED_AGAIN: {cls.READY, *decided},
            cls.CONFIRMED: {cls.OPEN},
            cls.OVERRIDDEN: {cls.OPEN},
            cls.EXEMPT: {cls.OPEN},
            cls.BEFORE_JOINING: {cls.READY, cls.OPEN, *decided},
        }

    @property
    def colour(self) -> str:
        """Of its label on a page."""
        return COLOURS[self]

    @property
    def is_met(self) -> bool:
        """Whether a milestone with this status stands in nobody's way."""
        return self in CompletionStatus.met()

    @classmethod
    def met(cls) -> set[CompletionStatus]:
        """Statuses in which a milestone stands in nobody's way."""
        return {cls.CONFIRMED, cls.OVERRIDDEN, cls.EXEMPT, cls.BEFORE_JOINING}

    @classmethod
    def with_the_associate(cls) -> set[CompletionStatus]:
        """Statuses in which the next step is the associate's."""
        return {cls.OPEN, cls.ASKED_AGAIN}


COLOURS = {
    CompletionStatus.OPEN: "grey",
    CompletionStatus.READY: "yellow",
    CompletionStatus.ASKED_AGAIN: "orange",
    CompletionStatus.CONFIRMED: "green",
    CompletionStatus.OVERRIDDEN: "teal",
    CompletionStatus.EXEMPT: "purple",
    CompletionStatus.BEFORE_JOINING: "purple",
}


class EvidenceKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("evidence", "Text")
    LINK = "link", pgettext_lazy("evidence", "Link")
    FILE = "file", pgettext_lazy("evidence", "File")
