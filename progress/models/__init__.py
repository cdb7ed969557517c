"""The facts of this app."""

from progress.models.completion import Completion, CompletionMove, Evidence, EvidenceFile, PhaseCompletion
from progress.models.milestone import Milestone, TemplateMilestone

__all__ = [
    "Completion",
    "CompletionMove",
    "Evidence",
    "EvidenceFile",
    "Milestone",
    "PhaseCompletion",
    "TemplateMilestone",
]
