"""The programme, its partners, and the template that new cohorts start from."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.phases import PhaseKind
from core.bilingual import Bilingual


class Programme(Bilingual):
    """The programme itself: who leads it, whom to ask, and who pays."""

    bilingual_fields = ("name", "funder")

    slug = models.SlugField(unique=True)
    name_en = models.CharField(max_length=120)
    name_cy = models.CharField(max_length=120)
    lead = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    contact_email = models.EmailField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    target_associates = models.PositiveIntegerField(null=True, blank=True)
    funder_en = models.CharField(_("Funder in English"), max_length=200, blank=True)
    funder_cy = models.CharField(_("Funder in Welsh"), max_length=200, blank=True)
    # The acknowledgement stands on every page and mail up to and including this day (null: for good).
    funder_ends_on = models.DateField(_("Last day of the funder’s acknowledgement"), null=True, blank=True)

    def __str__(self) -> str:
        return self.name_en

    def acknowledges_funder_on(self, day: date) -> bool:
        """Whether pages and mails carry the funder's acknowledgement on that day."""
        return bool(self.funder_en) and (self.funder_ends_on is None or day <= self.funder_ends_on)


class Partner(models.Model):
    """An organisation's part in running the programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    leads = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="one_row_per_partner"),
            models.UniqueConstraint(fields=["programme"], condition=Q(leads=True), name="one_lead_partner"),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class TemplatePhase(models.Model):
    """Where a phase lies in a new cohort, in whole weeks from its first day; `until_week` is exclusive."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="template")
    kind = models.CharField(max_length=20, choices=PhaseKind)
    from_week = models.PositiveSmallIntegerField()
    until_week = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("from_week",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "kind"], name="template_has_each_phase_once"),
            models.CheckConstraint(
                condition=Q(until_week__gt=F("from_week")), name="template_phase_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.from_week}–{self.until_week}"
