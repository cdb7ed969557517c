"""The programme's themes. Challenges, teams and experiments come with their own capability."""

from django.db import models

from core.bilingual import Bilingual


class Theme(Bilingual):
    """One of the two themes that challenges belong to, with the areas it covers."""

    bilingual_fields = ("name", "about")

    slug = models.SlugField(unique=True)
    name_en = models.CharField(max_length=80)
    name_cy = models.CharField(max_length=80)
    about_en = models.CharField(max_length=300)
    about_cy = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name_en
