"""A lab in a cohort: when it runs, who leads it, who is in it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import DatedRow, window_range
from labs.models.lab import Lab


class LabRun(DatedRow):
    """One lab in one cohort, for some of its weeks."""

    cohort = models.ForeignKey("cohorts.Cohort", models.PROTECT, related_name="lab_runs")
    lab = models.ForeignKey(Lab, models.PROTECT, related_name="runs")
    min_size = models.PositiveSmallIntegerField(_("Fewest people"), default=1, validators=[MinValueValidator(1)])
    max_size = models.PositiveSmallIntegerField(_("Most people"), default=12, validators=[MinValueValidator(1)])

    class Meta(DatedRow.Meta):
        ordering = ("cohort", "lab__order")
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.UniqueConstraint(fields=["cohort", "lab"], name="a_lab_runs_once_in_a_cohort"),
            models.CheckConstraint(condition=Q(min_size__lte=F("max_size")), name="fewest_is_not_above_most"),
        ]

    def __str__(self) -> str:
        return f"{self.lab} ({self.cohort})"


class RunLead(DatedRow):
    """Who leads a lab in a cohort, from a day on."""

    run = models.ForeignKey(LabRun, models.CASCADE, related_name="leads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lab_leads")

    class Meta(DatedRow.Meta):
        ordering = ("starts_on", "pk")
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            ExclusionConstraint(
                name="a_person_leads_a_lab_once_at_a_time",
                expressions=[
                    (F("run"), RangeOperators.EQUAL),
                    (F("person"), RangeOperators.EQUAL),
                    (window_range(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.run}"


class Membership(DatedRow):
    """An associate in a lab, from a day on. Several at once are possible; `home` is the one they are counted in."""

    run = models.ForeignKey(LabRun, models.PROTECT, related_name="memberships")
    associate = models.ForeignKey("cohorts.Associate", models.CASCADE, related_name="lab_memberships")
    home = models.BooleanField(_("Home lab"), default=True)

    class Meta(DatedRow.Meta):
        ordering = ("starts_on", "pk")
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            ExclusionConstraint(
                name="an_associate_is_in_a_lab_once_at_a_time",
                expressions=[
                    (F("run"), RangeOperators.EQUAL),
                    (F("associate"), RangeOperators.EQUAL),
                    (window_range(), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="an_associate_has_one_home_lab_at_a_time",
                expressions=[(F("associate"), RangeOperators.EQUAL), (window_range(), RangeOperators.OVERLAPS)],
                condition=Q(home=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.associate}: {self.run}"
