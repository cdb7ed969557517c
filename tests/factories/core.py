"""The audit log and the demo's clock."""

import factory
from factory.django import DjangoModelFactory

from core import clock
from core.models import AuditEvent, DemoClock


class AuditEventFactory(DjangoModelFactory):
    """One row of the log."""

    class Meta:
        model = AuditEvent

    at = factory.LazyFunction(clock.now)
    event = "cohort.created"
    about_kind = "cohorts.cohort"
    about_ref = "1"
    about_label = "Qohort 1"


class DemoClockFactory(DjangoModelFactory):
    """The demo's clock, not moved."""

    class Meta:
        model = DemoClock

    days = 0
