# ruff: noqa: N805, ARG002 (factory_boy hands a post_generation hook more than it wants)
"""Milestones, what associates did about them, and the phases they completed."""

from datetime import timedelta

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from cohorts.phases import PhaseKind
from core import clock
from progress.enums import CompletionStatus, Confirmer, EvidenceKind, MilestoneKind
from progress.models import (
    Completion,
    CompletionMove,
    Evidence,
    EvidenceFile,
    Milestone,
    PhaseCompletion,
    TemplateMilestone,
)
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory, way

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


class TemplateMilestoneFactory(DjangoModelFactory):
    """A milestone of the programme's Learn and Explore, due a week after the phase's first day."""

    class Meta:
        model = TemplateMilestone

    programme = factory.SubFactory(ProgrammeFactory)
    phase_kind = PhaseKind.LEARN_AND_EXPLORE
    kind = MilestoneKind.SUBMIT
    title_en = factory.Sequence(lambda n: f"Qlan {n}")
    title_cy = factory.Sequence(lambda n: f"Qynllun {n}")
    due_day = 7


class MilestoneFactory(DjangoModelFactory):
    """Something to hand in, in the phase that is on in tests (Learn and Explore), due on Wednesday 25 March 2026.

    `cohort=` and `phase_kind=` say where.
    """

    class Meta:
        model = Milestone

    class Params:
        cohort = factory.SubFactory(CohortFactory)
        phase_kind = PhaseKind.LEARN_AND_EXPLORE

    phase = factory.LazyAttribute(lambda o: o.cohort.phases.get(kind=o.phase_kind))
    kind = MilestoneKind.SUBMIT
    title_en = factory.Sequence(lambda n: f"Qlan {n}")
    title_cy = factory.Sequence(lambda n: f"Qynllun {n}")
    confirmer = Confirmer.ADMINISTRATOR
    due_on = factory.LazyAttribute(lambda o: o.phase.starts_on + timedelta(days=37))


class CompletionFactory(DjangoModelFactory):
    """An associate's milestone, with the moves up to its status."""

    class Meta:
        model = Completion
        skip_postgeneration_save = True

    milestone = factory.SubFactory(MilestoneFactory)
    associate = factory.LazyAttribute(lambda o: AssociateFactory(cohort=o.milestone.phase.cohort, status="active"))
    status = CompletionStatus.OPEN

    @factory.post_generation
    def moves(completion, create, extracted, **kwargs):
        """On the day before the milestone is due, or on the day given."""
        if not create:
            return
        on = extracted or completion.milestone.due_on - timedelta(days=1)
        came_from = ""
        for step in [CompletionStatus.OPEN, *way(CompletionStatus, CompletionStatus.OPEN, completion.status)]:
            CompletionMoveFactory(thing=completion, from_status=came_from, to_status=step, effective_on=on)
            came_from = step


class CompletionMoveFactory(DjangoModelFactory):
    """One dated change of an associate's milestone."""

    class Meta:
        model = CompletionMove

    thing = factory.SubFactory(CompletionFactory)
    to_status = CompletionStatus.OPEN
    effective_on = factory.LazyAttribute(lambda o: o.thing.milestone.due_on)
    recorded_at = factory.LazyFunction(clock.now)


class EvidenceFactory(DjangoModelFactory):
    """A text; `kind="file"` makes a file with its content."""

    class Meta:
        model = Evidence
        skip_postgeneration_save = True

    completion = factory.SubFactory(CompletionFactory)
    kind = EvidenceKind.TEXT
    text = factory.LazyAttribute(lambda o: "Qords about it." if o.kind == EvidenceKind.TEXT else "")
    link = factory.LazyAttribute(lambda o: "https://qarth.example/x" if o.kind == EvidenceKind.LINK else "")
    file_name = factory.LazyAttribute(lambda o: "qlan.pdf" if o.kind == EvidenceKind.FILE else "")
    file_type = factory.LazyAttribute(lambda o: "application/pdf" if o.kind == EvidenceKind.FILE else "")
    file_size = factory.LazyAttribute(lambda o: len(PDF) if o.kind == EvidenceKind.FILE else 0)
    given_on = factory.LazyAttribute(lambda o: o.completion.milestone.due_on)
    given_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def content(evidence, create, extracted, **kwargs):
        if create and evidence.kind == EvidenceKind.FILE:
            EvidenceFileFactory(evidence=evidence)


class EvidenceFileFactory(DjangoModelFactory):
    """The content of a file: an empty PDF."""

    class Meta:
        model = EvidenceFile

    evidence = factory.LazyFunction(lambda: bare_file())
    content = PDF


def bare_file() -> Evidence:
    """What is listed of a file whose content is not there yet."""
    with transaction.atomic():
        evidence = EvidenceFactory(kind=EvidenceKind.FILE)
        evidence.content.delete()
    return Evidence.objects.get(pk=evidence.pk)


class PhaseCompletionFactory(DjangoModelFactory):
    """Inspire, completed on the day after it."""

    class Meta:
        model = PhaseCompletion

    associate = factory.SubFactory(AssociateFactory, status="active")
    phase = factory.LazyAttribute(lambda o: o.associate.cohort.phases.get(kind=PhaseKind.INSPIRE))
    completed_on = factory.LazyAttribute(lambda o: o.phase.until)
    recorded_at = factory.LazyFunction(clock.now)
