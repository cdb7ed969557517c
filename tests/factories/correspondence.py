"""What the programme team writes itself."""

import factory
from factory.django import DjangoModelFactory

from core import clock
from correspondence.models import Announcement
from tests.factories.cohorts import CohortFactory


class AnnouncementFactory(DjangoModelFactory):
    """A draft to a cohort's associates."""

    class Meta:
        model = Announcement

    cohort = factory.SubFactory(CohortFactory, status="running")
    audience = "associates"
    subject_en = "Qoom has changed"
    subject_cy = "Mae'r qystafell wedi newid"
    body_en = "We meet in the Qreat Hall."
    body_cy = "Byddwn yn cwrdd yn y Qeuadd Fawr."
    written_at = factory.LazyFunction(clock.now)
