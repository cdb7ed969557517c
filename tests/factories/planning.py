"""Plans that moved."""

import factory
from factory.django import DjangoModelFactory

from core import clock
from planning.enums import Pivot
from planning.models import Replan
from tests.factories.cohorts import CohortFactory


class ReplanFactory(DjangoModelFactory):
    """A move of everything by a week."""

    class Meta:
        model = Replan

    cohort = factory.SubFactory(CohortFactory)
    pivot = Pivot.COHORT
    days = 7
    reason = "Qarth."
    edits = factory.LazyFunction(list)
    stamp = "0" * 64
    made_at = factory.LazyFunction(clock.now)
