"""A phase of a cohort: the dates that open its doors."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q

from cohorts.models.cohort import Cohort
from cohorts.phases import PhaseKind
from core.models import DatedRow, window_range


class Phase(DatedRow):
    """One of a cohort's five phases. The database holds: each kind once, no overlap, in order, all five there.

    The last two are a deferred trigger, `phases_are_five_in_order` (migration 0002), so
    one transaction may move several.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=20, choices=PhaseKind)
    until = models.DateField()

    class Meta(DatedRow.Meta):
        ordering = ("cohort", "starts_on")
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=PhaseKind.values), name="phase_kind_is_known"),
            models.UniqueConstraint(fields=["cohort", "kind"], name="each_phase_once_per_cohort"),
            ExclusionConstraint(
                name="phases_of_one_cohort_do_not_overlap",
                expressions=[(F("cohort"), RangeOperators.EQUAL), (window_range(), RangeOperators.OVERLAPS)],
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.get_kind_display()}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """Django's own works out the words of all kinds before it gives one; tables ask this for each row."""
        return str(PhaseKind(self.kind).label)

    @property
    def position(self) -> int:
        return PhaseKind(self.kind).position

    @property
    def purpose(self) -> str:
        return PhaseKind(self.kind).purpose
