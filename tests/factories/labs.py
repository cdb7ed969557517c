"""The labs."""

from datetime import date, datetime

import factory
from factory.django import DjangoModelFactory

from core.clock import LONDON
from labs.models import (
    Lab,
    LabPreference,
    LabRun,
    Membership,
    RunLead,
    Session,
    SessionChange,
    SessionLead,
    SessionMove,
    SessionSeries,
)
from tests.factories.cohorts import AssociateFactory, CohortFactory
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


class LabRunFactory(DjangoModelFactory):
    """A lab in a cohort, for all of its weeks."""

    class Meta:
        model = LabRun

    cohort = factory.SubFactory(CohortFactory)
    lab = factory.SubFactory(LabFactory)
    starts_on = factory.SelfAttribute("cohort.starts_on")
    until = factory.SelfAttribute("cohort.until")


class RunLeadFactory(DjangoModelFactory):
    """Who leads a lab in a cohort."""

    class Meta:
        model = RunLead

    run = factory.SubFactory(LabRunFactory)
    person = factory.SubFactory(UserFactory)
    starts_on = factory.SelfAttribute("run.starts_on")


class MembershipFactory(DjangoModelFactory):
    """An associate in a lab."""

    class Meta:
        model = Membership

    run = factory.SubFactory(LabRunFactory)
    associate = factory.SubFactory(AssociateFactory, cohort=factory.SelfAttribute("..run.cohort"))
    starts_on = factory.SelfAttribute("run.starts_on")


class SessionSeriesFactory(DjangoModelFactory):
    """Sessions on Tuesdays."""

    class Meta:
        model = SessionSeries

    cohort = factory.SubFactory(CohortFactory)
    starts_on = date(2026, 3, 3)
    until = date(2026, 4, 1)
    weekday = 2


class SessionFactory(DjangoModelFactory):
    """A session of the whole cohort, on a Tuesday morning."""

    class Meta:
        model = Session

    cohort = factory.SubFactory(CohortFactory)
    title_en = factory.Sequence(lambda n: f"Qarth session {n}")
    title_cy = factory.Sequence(lambda n: f"Sesiwn Qarth {n}")
    starts_at = datetime(2026, 3, 17, 10, tzinfo=LONDON)
    ends_at = datetime(2026, 3, 17, 12, tzinfo=LONDON)
    place_en = "Qarth house"
    place_cy = "Tŷ Qarth"


class SessionLeadFactory(DjangoModelFactory):
    """Who leads a session."""

    class Meta:
        model = SessionLead

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(UserFactory)


class SessionChangeFactory(DjangoModelFactory):
    """That a session was moved by a day."""

    class Meta:
        model = SessionChange

    session = factory.SubFactory(SessionFactory)
    at = datetime(2026, 3, 10, 9, tzinfo=LONDON)
    reason = "The room is taken."
    came_from = datetime(2026, 3, 16, 10, tzinfo=LONDON)
    came_to = factory.SelfAttribute("session.starts_at")


class SessionMoveFactory(DjangoModelFactory):
    """That a session was planned."""

    class Meta:
        model = SessionMove

    thing = factory.SubFactory(SessionFactory)
    to_status = "planned"
    effective_on = date(2026, 3, 1)
    recorded_at = datetime(2026, 3, 1, 9, tzinfo=LONDON)
