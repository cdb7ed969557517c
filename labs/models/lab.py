"""The labs as the programme knows them, and what people would like to learn."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.bilingual import Bilingual


class Lab(Bilingual):
    """One of the programme's labs and what it teaches."""

    bilingual_fields = ("name", "teaches")

    slug = models.SlugField(unique=True)
    name_en = models.CharField(max_length=80)
    name_cy = models.CharField(max_length=80)
    teaches_en = models.CharField(max_length=300)
    teaches_cy = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name_en


class LabPreference(models.Model):
    """A person's wish for a cohort's labs: rank 1 is the lab they want most. No rows means no preference."""

    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, related_name="lab_preferences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lab_preferences")
    lab = models.ForeignKey(Lab, models.PROTECT, related_name="preferences")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("rank",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cohort", "person", "lab"], name="each_lab_ranked_once"),
            models.UniqueConstraint(fields=["cohort", "person", "rank"], name="each_rank_given_once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="ranks_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.rank}. {self.lab}"
