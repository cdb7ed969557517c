"""How many nominations an organisation is asked for, and whether it has said "none this time"."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Places(models.Model):
    """An organisation's share of one cohort. The number warns; only the capacity blocks, at acceptance."""

    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, related_name="places")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="places")
    indicative = models.PositiveSmallIntegerField(_("Indicative places"), default=0)
    no_nominees_on = models.DateField(null=True, blank=True)
    no_nominees_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("organisation__short_en",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cohort", "organisation"], name="one_row_of_places_per_organisation"),
            models.CheckConstraint(
                condition=Q(no_nominees_on__isnull=True, no_nominees_by__isnull=True)
                | Q(no_nominees_on__isnull=False, no_nominees_by__isnull=False),
                name="no_nominees_has_its_day_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.indicative}"
