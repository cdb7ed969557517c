"""The labs as the programme knows them. Their runs in a cohort, sessions and registers come with a later capability."""

from django.db import models

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
