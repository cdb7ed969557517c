"""The labs."""

import factory
from factory.django import DjangoModelFactory

from labs.models import Lab, LabPreference
from tests.factories.cohorts import CohortFactory
from tests.factories.people import UserFactory


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


class LabPreferenceFactory(DjangoModelFactory):
    """Somebody's first choice of a lab."""

    class Meta:
        model = LabPreference

    cohort = factory.SubFactory(CohortFactory)
    person = factory.SubFactory(UserFactory)
    lab = factory.SubFactory(LabFactory)
    rank = 1
