"""Closed lists about nominations, each status with the table of its moves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NominationStatus(models.TextChoices):
    INVITED = "invited", _("Waiting for answers")
    COMPLETE = "complete", _("Complete")
    OFFERED = "offered", _("Place offered")
    RESERVE = "reserve", _("On the reserve list")
    ACCEPTED = "accepted", _("Place accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    NOT_SELECTED = "not_selected", _("Not selected")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged into another")

    @classmethod
    def moves(cls) -> dict[NominationStatus, set[NominationStatus]]:
        """Status → the statuses that may follow it."""
        released = {cls.OFFERED, cls.RESERVE, cls.NOT_SELECTED, cls.NOT_ELIGIBLE}
        ended_early = {cls.WITHDRAWN, cls.MERGED}
        return {
            cls.INVITED: {cls.COMPLETE, cls.DECLINED, cls.LAPSED, cls.NOT_ELIGIBLE, *ended_early},
            cls.COMPLETE: {cls.DECLINED, *released, *ended_early},
            cls.OFFERED: {cls.ACCEPTED, cls.DECLINED, cls.LAPSED, cls.RESERVE, cls.WITHDRAWN},
            cls.RESERVE: {cls.OFFERED, cls.NOT_SELECTED, cls.DECLINED, cls.WITHDRAWN},
            cls.LAPSED: {cls.INVITED},
            cls.ACCEPTED: set(),
            cls.DECLINED: set(),
            cls.NOT_SELECTED: set(),
            cls.NOT_ELIGIBLE: set(),
            cls.WITHDRAWN: set(),
            cls.MERGED: set(),
        }

    @classmethod
    def standing(cls) -> set[NominationStatus]:
        """Statuses in which a nomination stands: a person has at most one such per cohort."""
        return {cls.INVITED, cls.COMPLETE, cls.OFFERED, cls.RESERVE, cls.ACCEPTED}

    @classmethod
    def uses_a_place(cls) -> set[NominationStatus]:
        """Statuses that count against an organisation's indicative places."""
        return {cls.INVITED, cls.COMPLETE, cls.OFFERED, cls.RESERVE, cls.ACCEPTED}


class Route(models.TextChoices):
    COORDINATOR = "coordinator", _("Nominated by a coordinator")
    SELF = "self", _("Applied themselves")
    BOTH = "both", _("Nominated, and applied themselves")


class LinkPurpose(models.TextChoices):
    NOMINEE = "nominee", _("The nominee’s part")
    MANAGER = "manager", _("The line manager’s endorsement")
    OFFER = "offer", _("The answer to an offer")


class ReviewStatus(models.TextChoices):
    ASSIGNED = "assigned", _("To do")
    SUBMITTED = "submitted", _("Scored")
    ABSTAINED = "abstained", _("Abstained")
    RECUSED = "recused", _("Recused")

    @classmethod
    def moves(cls) -> dict[ReviewStatus, set[ReviewStatus]]:
        """Status → the statuses that may follow it."""
        return {
            cls.ASSIGNED: {cls.SUBMITTED, cls.ABSTAINED, cls.RECUSED},
            cls.SUBMITTED: {cls.RECUSED},
            cls.ABSTAINED: set(),
            cls.RECUSED: set(),
        }


class SteppedBack(models.TextChoices):
    """Why somebody was taken off a review by the system; a person says why in words."""

    CONFLICT = "conflict", _("A conflict was found")
    LEFT_PANEL = "left_panel", _("Left the panel")


class Outcome(models.TextChoices):
    """What a decision may say. The values are those of the status it becomes when released."""

    OFFER = "offered", _("Offer a place")
    RESERVE = "reserve", _("Reserve list")
    NOT_SELECTED = "not_selected", _("Not selected")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")


class DecisionReason(models.TextChoices):
    """Why; a closed list, so that decisions can be explained and counted."""

    STRONG = "strong", _("Among the strongest")
    BALANCE = "balance", _("Keeps the cohort balanced")
    PLACES = "places", _("More good nominations than places")
    SCORE = "score", _("Others scored higher")
    RELEASE = "release", _("The time is not released")
    DATES = "dates", _("Cannot attend enough of the dates")
    NOT_PUBLIC_SERVICE = "not_public_service", _("Does not work in public service in the region")
    OTHER = "other", _("Another reason, in the note")
