"""The themes."""

import factory
from factory.django import DjangoModelFactory

from challenges.models import Theme


class ThemeFactory(DjangoModelFactory):
    """A theme."""

    class Meta:
        model = Theme

    slug = factory.Sequence(lambda n: f"qarth-theme-{n}")
    name_en = factory.Sequence(lambda n: f"Qarth theme {n}")
    name_cy = factory.Sequence(lambda n: f"Thema Qarth {n}")
    about_en = "Qarth."
    about_cy = "Qarth."
    order = factory.Sequence(lambda n: n + 1)
