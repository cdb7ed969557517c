# ruff: noqa: N805, ARG002 (factory_boy hands a post_generation hook the made object first, and more than it wants)
"""The programme with its template, cohorts with their five phases, and associates with their dated moves."""

from datetime import date, timedelta

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from cohorts.enums import AgreementKind, AssociateStatus, CohortStatus, OnboardingKind
from cohorts.models import (
    Agreement,
    AgreementAnswer,
    Associate,
    AssociateMove,
    Cohort,
    CohortMove,
    OnboardingTask,
    Partner,
    Phase,
    Programme,
    TemplatePhase,
)
from cohorts.phases import PhaseKind
from core import clock
from tests.factories.people import LONG_AGO, EmploymentFactory, OrganisationFactory, UserFactory

WEEKS = {
    PhaseKind.INSPIRE: (0, 2),
    PhaseKind.LEARN_AND_ACTIVATE: (2, 6),
    PhaseKind.LEARN_AND_EXPLORE: (6, 13),
    PhaseKind.EXPERIMENT: (13, 24),
    PhaseKind.CELEBRATION: (24, 26),
}


def way(statuses, first, last):
    """The shortest row of statuses from `first` to `last` that the table of moves allows, without `first` itself."""
    rows = [[first]]
    for row in rows:
        if row[-1] == last:
            return row[1:]
        rows += [[*row, step] for step in sorted(statuses.moves()[row[-1]]) if step not in row]
    raise ValueError(f"No way from {first} to {last}.")


class ProgrammeFactory(DjangoModelFactory):
    """The one programme, with its 26-week template. A second call returns the same."""

    class Meta:
        model = Programme
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = "infuse"
    name_en = "Infuse"
    name_cy = "Infuse"
    lead = factory.SubFactory(OrganisationFactory, code="W06999999", short_en="Qarth", short_cy="Qarth")
    contact_email = "infuse@qarth.example"
    starts_on = date(2021, 5, 4)

    @factory.post_generation
    def template(programme, create, extracted, **kwargs):
        if create and not programme.template.exists():
            for kind in WEEKS:
                TemplatePhaseFactory(programme=programme, kind=kind)


class TemplatePhaseFactory(DjangoModelFactory):
    """One line of the template; its weeks follow from its kind."""

    class Meta:
        model = TemplatePhase
        django_get_or_create = ("programme", "kind")

    programme = factory.SubFactory(ProgrammeFactory)
    kind = PhaseKind.INSPIRE
    from_week = factory.LazyAttribute(lambda o: WEEKS[o.kind][0])
    until_week = factory.LazyAttribute(lambda o: WEEKS[o.kind][1])


class PartnerFactory(DjangoModelFactory):
    """A partner that does not lead."""

    class Meta:
        model = Partner

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class CohortFactory(DjangoModelFactory):
    """A cohort of 26 weeks from Monday 5 January 2026, with its five phases and the moves up to its status."""

    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    slug = factory.Sequence(lambda n: f"qarth-{n}")
    name_en = factory.Sequence(lambda n: f"Qohort {n}")
    name_cy = factory.Sequence(lambda n: f"Qohort {n}")
    order = factory.Sequence(lambda n: n + 1)
    starts_on = date(2026, 1, 5)
    until = factory.LazyAttribute(lambda o: o.starts_on + timedelta(weeks=26))
    capacity = 20
    status = CohortStatus.PLANNED

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        # At commit the database wants all five phases at once.
        with transaction.atomic():
            cohort = super()._create(model_class, *args, **kwargs)
            for kind in PhaseKind:
                PhaseFactory(cohort=cohort, kind=kind)
        return cohort

    @factory.post_generation
    def moves(cohort, create, extracted, **kwargs):
        if not create:
            return
        day = cohort.starts_on - timedelta(weeks=20)
        came_from = ""
        for step in [CohortStatus.PLANNED, *way(CohortStatus, CohortStatus.PLANNED, cohort.status)]:
            if step == CohortStatus.RUNNING:
                day = cohort.starts_on
            if step == CohortStatus.FINISHED:
                day = cohort.until
            CohortMoveFactory(thing=cohort, from_status=came_from, to_status=step, effective_on=day)
            came_from = step


class PhaseFactory(DjangoModelFactory):
    """A phase where the template puts it. CohortFactory makes all five, so this returns the row that is there."""

    class Meta:
        model = Phase
        django_get_or_create = ("cohort", "kind")

    cohort = factory.SubFactory(CohortFactory)
    kind = PhaseKind.INSPIRE
    starts_on = factory.LazyAttribute(lambda o: o.cohort.starts_on + timedelta(weeks=WEEKS[o.kind][0]))
    until = factory.LazyAttribute(lambda o: o.cohort.starts_on + timedelta(weeks=WEEKS[o.kind][1]))


class CohortMoveFactory(DjangoModelFactory):
    """One dated change of a cohort's status."""

    class Meta:
        model = CohortMove

    thing = factory.SubFactory(CohortFactory)
    to_status = CohortStatus.PLANNED
    effective_on = factory.LazyAttribute(lambda o: o.thing.starts_on)
    recorded_at = factory.LazyFunction(clock.now)


class AssociateFactory(DjangoModelFactory):
    """A person in a cohort, with the moves up to its status.

    `organisation=` gives the person an employer; say `person__language="cy"` and the like for the rest.
    """

    class Meta:
        model = Associate
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    person = factory.SubFactory(UserFactory)
    status = AssociateStatus.ENROLLED
    enrolled_on = factory.LazyAttribute(lambda o: o.cohort.starts_on - timedelta(weeks=4))

    @factory.post_generation
    def moves(associate, create, extracted, **kwargs):
        """`moves=[(status, day), …]` sets the dates; otherwise they follow from the cohort's."""
        if not create:
            return
        cohort = associate.cohort
        days = {
            AssociateStatus.ENROLLED: associate.enrolled_on,
            AssociateStatus.ACTIVE: cohort.starts_on,
            AssociateStatus.PAUSED: cohort.starts_on + timedelta(weeks=8),
            AssociateStatus.WITHDRAWN: cohort.starts_on + timedelta(weeks=10),
            AssociateStatus.COMPLETED: cohort.until,
            AssociateStatus.DID_NOT_START: cohort.starts_on,
        }
        days |= dict(extracted or ())
        came_from = ""
        for step in [AssociateStatus.ENROLLED, *way(AssociateStatus, AssociateStatus.ENROLLED, associate.status)]:
            AssociateMoveFactory(
                thing=associate,
                from_status=came_from,
                to_status=step,
                effective_on=days[step],
                reason="workload" if step == AssociateStatus.WITHDRAWN else "",
            )
            came_from = step

    @factory.post_generation
    def organisation(associate, create, extracted, **kwargs):
        if create and extracted:
            EmploymentFactory(person=associate.person, organisation=extracted)


class AssociateMoveFactory(DjangoModelFactory):
    """One dated change of an associate's status."""

    class Meta:
        model = AssociateMove

    thing = factory.SubFactory(AssociateFactory)
    to_status = AssociateStatus.ENROLLED
    effective_on = factory.LazyAttribute(lambda o: o.thing.enrolled_on)
    recorded_at = factory.LazyFunction(clock.now)


class AgreementFactory(DjangoModelFactory):
    """The first version of the privacy notice, in force for long. The same kind and version again is the same row."""

    class Meta:
        model = Agreement
        django_get_or_create = ("kind", "version")

    kind = AgreementKind.PRIVACY
    version = 1
    title_en = "Qarth notice"
    title_cy = "Hysbysiad Qarth"
    text_en = "Qarth keeps what it must."
    text_cy = "Mae Qarth yn cadw’r hyn sydd raid."
    starts_on = LONG_AGO


class AgreementAnswerFactory(DjangoModelFactory):
    """A yes, in English."""

    class Meta:
        model = AgreementAnswer

    agreement = factory.SubFactory(AgreementFactory)
    person = factory.SubFactory(UserFactory)
    accepted = True
    answered_at = factory.LazyFunction(clock.now)
    language = "en"


class OnboardingTaskFactory(DjangoModelFactory):
    """An associate's task that is still to do."""

    class Meta:
        model = OnboardingTask

    associate = factory.SubFactory(AssociateFactory)
    kind = OnboardingKind.PRIVACY
    owner = factory.LazyAttribute(lambda o: o.associate.person)
    due_on = date(2026, 3, 25)
