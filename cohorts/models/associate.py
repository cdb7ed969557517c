"""An associate: a person in a cohort, once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cohorts.enums import AssociateStatus
from cohorts.models.cohort import Cohort
from core.models import Move


class Associate(models.Model):
    """A person's place in a cohort. `status` changes through core.lifecycle.move only; the past is in `moves`."""

    Status = AssociateStatus

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="associates")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="associates")
    status = models.CharField(max_length=20, choices=AssociateStatus, default=AssociateStatus.ENROLLED)
    enrolled_on = models.DateField()

    class Meta:
        ordering = ("person__name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cohort", "person"], name="a_person_is_in_a_cohort_once"),
            models.CheckConstraint(condition=Q(status__in=AssociateStatus.values), name="associate_status_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["cohort", "status"], name="associate_by_cohort_status")]

    def __str__(self) -> str:
        return f"{self.person} ({self.cohort})"


class AssociateMove(Move):
    """A dated change of an associate's status."""

    thing = models.ForeignKey(Associate, models.CASCADE, related_name="moves")

    class Meta(Move.Meta):
        indexes: ClassVar = [models.Index(fields=["thing", "effective_on"], name="associate_move_by_day")]
