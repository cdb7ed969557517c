"""Closed lists about cohorts and associates, each status with the table of its moves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CohortStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RECRUITING = "recruiting", _("Recruiting")
    SELECTING = "selecting", _("Selecting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def moves(cls) -> dict[CohortStatus, set[CohortStatus]]:
        """Status → the statuses that may follow it."""
        return {
            cls.PLANNED: {cls.RECRUITING, cls.RUNNING, cls.CANCELLED},
            cls.RECRUITING: {cls.PLANNED, cls.SELECTING, cls.RUNNING, cls.CANCELLED},
            cls.SELECTING: {cls.RECRUITING, cls.RUNNING, cls.CANCELLED},
            cls.RUNNING: {cls.FINISHED},
            cls.FINISHED: set(),
            cls.CANCELLED: set(),
        }

    @property
    def colour(self) -> str:
        """Of its label on a page."""
        return COHORT_COLOURS.get(self, "")

    @classmethod
    def before_start(cls) -> set[CohortStatus]:
        return {cls.PLANNED, cls.RECRUITING, cls.SELECTING}


class AssociateStatus(models.TextChoices):
    ENROLLED = "enrolled", _("Has a place")
    ACTIVE = "active", _("Taking part")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Left")
    DID_NOT_START = "did_not_start", _("Did not start")

    @classmethod
    def moves(cls) -> dict[AssociateStatus, set[AssociateStatus]]:
        """Status → the statuses that may follow it."""
        return {
            cls.ENROLLED: {cls.ACTIVE, cls.DID_NOT_START},
            cls.ACTIVE: {cls.PAUSED, cls.COMPLETED, cls.WITHDRAWN},
            cls.PAUSED: {cls.ACTIVE, cls.WITHDRAWN},
            cls.COMPLETED: set(),
            cls.WITHDRAWN: set(),
            cls.DID_NOT_START: set(),
        }

    @property
    def colour(self) -> str:
        """Of its label on a page."""
        return ASSOCIATE_COLOURS.get(self, "")

    @classmethod
    def hears(cls) -> set[AssociateStatus]:
        """Statuses whose people get the cohort's reminders."""
        return {cls.ENROLLED, cls.ACTIVE}

    @classmethod
    def fills_a_place(cls) -> set[AssociateStatus]:
        """Statuses that count against capacity: once its associate has started, a place is not used again."""
        return {cls.ENROLLED, cls.ACTIVE, cls.PAUSED, cls.COMPLETED, cls.WITHDRAWN}


class LeavingReason(models.TextChoices):
    """Why someone left. There is no “unknown”."""

    NOT_RELEASED = "not_released", _("The employer could not release the time")
    WORKLOAD = "workload", _("Workload")
    LEFT_EMPLOYER = "left_employer", _("Left the employer")
    CHANGED_ROLE = "changed_role", _("Changed role")
    PERSONAL = "personal", _("Personal reasons")
    HEALTH = "health", _("Health")
    NOT_AS_EXPECTED = "not_as_expected", _("The programme was not what they expected")
    ORGANISATION_WITHDREW = "organisation_withdrew", _("The organisation withdrew")
    NO_CONTACT = "no_contact", _("No contact")


COHORT_COLOURS = {
    CohortStatus.PLANNED: "grey",
    CohortStatus.RECRUITING: "yellow",
    CohortStatus.SELECTING: "orange",
    CohortStatus.RUNNING: "green",
    CohortStatus.FINISHED: "teal",
    CohortStatus.CANCELLED: "red",
}
ASSOCIATE_COLOURS = {
    AssociateStatus.ENROLLED: "yellow",
    AssociateStatus.ACTIVE: "green",
    AssociateStatus.PAUSED: "orange",
    AssociateStatus.COMPLETED: "teal",
    AssociateStatus.WITHDRAWN: "grey",
    AssociateStatus.DID_NOT_START: "grey",
}


class AgreementKind(models.TextChoices):
    PRIVACY = "privacy", _("Privacy notice")
    COACHING = "coaching", _("Coaching agreement")
    IMAGE = "image", _("Consent for pictures")

    @classmethod
    def may_refuse(cls) -> set[AgreementKind]:
        """Kinds where “no” is an answer: a notice is read, a consent is given or not."""
        return {cls.IMAGE}


class OnboardingKind(models.TextChoices):
    PRIVACY = "privacy", _("Read the privacy notice")
    COACHING = "coaching", _("Agree how coaching works")
    IMAGE = "image", _("Say whether we may use pictures of you")
    LANGUAGE = "language", _("Say which language we should write to you in")
    NEEDS = "needs", _("Check your working days and what you need in sessions")
