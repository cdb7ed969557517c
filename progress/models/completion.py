"""What one associate did about a milestone, what they showed for it, and the phases they completed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cohorts.models import Associate, Phase
from core.models import Move
from progress.enums import CompletionStatus, EvidenceKind
from progress.models.milestone import Milestone


class Completion(models.Model):
    """An associate's milestone. `status` changes through core.lifecycle.move only; the past is in `moves`.

    The row is made by the first thing that happens. Until then the milestone is open, or “before joining” for somebody
    who came after it was due: see progress.queries.completions.
    """

    Status = CompletionStatus

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="completions")
    associate = models.ForeignKey(Associate, models.CASCADE, related_name="completions")
    status = models.CharField(max_length=20, choices=CompletionStatus, default=CompletionStatus.OPEN)
    # The lab lead or coach to whom the associate sent it; null: the programme team looks at it.
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="asked_to_confirm"
    )

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["milestone", "associate"], name="a_milestone_is_an_associates_once"),
            models.CheckConstraint(condition=Q(status__in=CompletionStatus.values), name="completion_status_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["associate", "status"], name="completion_by_associate"),
            models.Index(fields=["milestone"], condition=Q(status="ready"), name="completion_that_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.associate}"


class CompletionMove(Move):
    """A dated change of an associate's milestone."""

    thing = models.ForeignKey(Completion, models.CASCADE, related_name="moves")

    class Meta(Move.Meta):
        indexes: ClassVar = [models.Index(fields=["thing", "effective_on"], name="completion_move_by_day")]


class Evidence(models.Model):
    """One thing shown for a milestone: a text, a link, or a file. Rows are added, never changed."""

    completion = models.ForeignKey(Completion, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=4, choices=EvidenceKind)
    text = models.TextField(blank=True)
    link = models.URLField(blank=True, max_length=500)
    file_name = models.CharField(max_length=150, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    given_on = models.DateField()
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("given_at", "pk")
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="text", link="", file_name="") & ~Q(text="")
                | Q(kind="link", text="", file_name="") & ~Q(link="")
                | Q(kind="file", text="", link="") & ~Q(file_name=""),
                name="evidence_is_a_text_a_link_or_a_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.completion}"


class EvidenceFile(models.Model):
    """The content of a file, apart from what is listed of it. In the database: one transaction, one backup, no folder
    that a web server could serve by mistake."""

    evidence = models.OneToOneField(Evidence, models.CASCADE, primary_key=True, related_name="content")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.evidence)


class PhaseCompletion(models.Model):
    """That an associate completed a phase: recorded by a person, once, when its conditions hold."""

    associate = models.ForeignKey(Associate, models.CASCADE, related_name="phase_completions")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="completions")
    completed_on = models.DateField()
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("completed_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["associate", "phase"], name="a_phase_is_completed_once")
        ]

    def __str__(self) -> str:
        return f"{self.associate}: {self.phase.get_kind_display()}"
