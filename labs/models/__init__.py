"""The labs, their runs in a cohort, and sessions; where each model lives is nobody else's business."""

from labs.models.lab import Lab, LabPreference
from labs.models.run import LabRun, Membership, RunLead
from labs.models.session import Session, SessionChange, SessionLead, SessionMove, SessionSeries

__all__ = [
    "Lab",
    "LabPreference",
    "LabRun",
    "Membership",
    "RunLead",
    "Session",
    "SessionChange",
    "SessionLead",
    "SessionMove",
    "SessionSeries",
]
