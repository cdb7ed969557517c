"""The labs."""

import factory
from factory.django import DjangoModelFactory

from labs.models import Lab


class LabFactory(DjangoModelFactory):
    """A lab."""

    class Meta:
        model = Lab

    slug = factory.Sequence(lambda n: f"qarth-lab-{n}")
    name_en = factory.Sequence(lambda n: f"Qarth lab {n}")
    name_cy = factory.Sequence(lambda n: f"Labordy Qarth {n}")
    teaches_en = "Qarth."
    teaches_cy = "Qarth."
    order = factory.Sequence(lambda n: n + 1)
