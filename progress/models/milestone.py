"""What an associate does in a phase: the programme's template, and what a cohort made of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohorts.phases import PhaseKind
from core.bilingual import Bilingual
from progress.enums import Confirmer, MilestoneKind


class MilestoneText(Bilingual):
    """What a milestone says, in the template and in a cohort."""

    bilingual_fields = ("title", "explanation")

    kind = models.CharField(_("What it is"), max_length=12, choices=MilestoneKind)
    title_en = models.CharField(_("Title in English"), max_length=120)
    title_cy = models.CharField(_("Title in Welsh"), max_length=120)
    explanation_en = models.TextField(_("Explanation in English"), blank=True, max_length=2000)
    explanation_cy = models.TextField(_("Explanation in Welsh"), blank=True, max_length=2000)
    required = models.BooleanField(_("The phase cannot be completed without it"), default=True)
    confirmer = models.CharField(
        _("Who confirms it"), max_length=14, choices=Confirmer, default=Confirmer.ADMINISTRATOR
    )
    order = models.PositiveSmallIntegerField(_("Order in the phase"), default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title_en


class TemplateMilestone(MilestoneText):
    """A milestone that new cohorts start with. It is due `due_day` days after its phase's first day, at the latest
    on the phase's last day."""

    programme = models.ForeignKey("cohorts.Programme", models.CASCADE, related_name="template_milestones")
    phase_kind = models.CharField(max_length=20, choices=PhaseKind)
    due_day = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("phase_kind", "order", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MilestoneKind.values), name="template_milestone_kind_is_known")
        ]


class Milestone(MilestoneText):
    """A milestone of one cohort, in one of its phases.

    Retired (with a reason) it is asked of nobody any more; what was done about it stays.
    """

    phase = models.ForeignKey("cohorts.Phase", models.CASCADE, related_name="milestones")
    due_on = models.DateField(_("Due"))
    retired_on = models.DateField(null=True, blank=True)
    retired_reason = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        ordering = ("due_on", "order", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MilestoneKind.values), name="milestone_kind_is_known"),
            models.CheckConstraint(condition=Q(confirmer__in=Confirmer.values), name="milestone_confirmer_is_known"),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True, retired_reason="")
                | Q(retired_on__isnull=False) & ~Q(retired_reason=""),
                name="a_milestone_is_retired_with_a_reason",
            ),
        ]
