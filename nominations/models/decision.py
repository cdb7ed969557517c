"""Decisions, prepared quietly and released together, and the frozen record of a selection."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nominations.enums import DecisionReason, Outcome
from nominations.models.nomination import Nomination


class Decision(models.Model):
    """What is going to be said to one nominee. Until `released_at` it may be changed or taken back; then it is history.

    Somebody else than the one who prepared it releases it.
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="decisions")
    outcome = models.CharField(_("Decision"), max_length=20, choices=Outcome)
    reason = models.CharField(_("Reason"), max_length=20, choices=DecisionReason)
    note = models.TextField(_("Note"), blank=True, max_length=2000)
    reserve_until = models.DateField(_("Reserve until"), null=True, blank=True)
    answer_by = models.DateField(_("Answer by"), null=True, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(released_at__isnull=True),
                name="one_prepared_decision_per_nomination",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="a_release_has_its_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("prepared_by")),
                name="a_second_person_releases",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="reserve") | Q(reserve_until__isnull=False), name="a_reserve_knows_until_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.get_outcome_display()}"


class SelectionRecord(models.Model):
    """A selection as it stood when frozen: criteria, scores, conflicts, decisions, who and when. Never changed."""

    cohort = models.ForeignKey("cohorts.Cohort", models.PROTECT, related_name="selection_records")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField()
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ("-frozen_at",)

    def __str__(self) -> str:
        return f"{self.cohort}: {self.frozen_at:%Y-%m-%d %H:%M}"
