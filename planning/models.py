"""What was moved, so that it can be taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from planning.enums import Pivot


class Replan(models.Model):
    """One move of a cohort's plan, kept whole: every date before and after. Rows are never changed but to be undone.

    `edits` is a list of {"table", "pk", "before": {column: text}, "after": {column: text}}; `stamp` the plan's stamp
    after it (planning.queries.plans.stamp): while it is still that, nothing has been moved since.
    """

    cohort = models.ForeignKey("cohorts.Cohort", models.PROTECT, related_name="replans")
    pivot = models.CharField(max_length=10, choices=Pivot)
    days = models.SmallIntegerField()
    reason = models.CharField(max_length=500)
    edits = models.JSONField()
    stamp = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(days=0), name="a_replan_moves_something"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True) | Q(undone_at__isnull=False),
                name="only_what_is_undone_has_its_undoer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.days:+d}"
