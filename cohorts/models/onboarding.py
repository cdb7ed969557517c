"""What a new associate is asked to do and to agree to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.enums import AgreementKind, OnboardingKind
from cohorts.models.associate import Associate
from core.bilingual import Bilingual


class Agreement(Bilingual):
    """One version of a text that people accept. A new version is a new row; what was accepted is never edited."""

    bilingual_fields = ("title", "text")

    kind = models.CharField(max_length=10, choices=AgreementKind)
    version = models.PositiveSmallIntegerField()
    title_en = models.CharField(max_length=120)
    title_cy = models.CharField(max_length=120)
    text_en = models.TextField()
    text_cy = models.TextField()
    starts_on = models.DateField()

    class Meta:
        ordering = ("kind", "version")
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "version"], name="each_version_once")]

    def __str__(self) -> str:
        return f"{self.title_en}, {self.version}"


class AgreementAnswer(models.Model):
    """Who accepted (or refused) which version, in which language, and when. Rows are added, never changed."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="agreement_answers")
    accepted = models.BooleanField()
    answered_at = models.DateTimeField()
    language = models.CharField(max_length=2)

    class Meta:
        ordering = ("-answered_at",)

    def __str__(self) -> str:
        return f"{self.person}: {self.agreement}"


class OnboardingTask(models.Model):
    """One thing to be done before the cohort starts. `owner` does it; it is done when `done_at` is set."""

    associate = models.ForeignKey(Associate, models.CASCADE, related_name="onboarding")
    kind = models.CharField(max_length=20, choices=OnboardingKind)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="onboarding_tasks")
    due_on = models.DateField(_("Due"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["associate", "kind"], name="each_onboarding_task_once"),
        ]

    def __str__(self) -> str:
        return f"{self.associate}: {self.get_kind_display()}"
