"""What the demo's programme team has decided about messages."""

from __future__ import annotations

from cohorts.emails import about
from cohorts.models import Cohort
from infuse.messages import SOURCES
from messaging.approvals import approve_kind
from people.models import User


def approve_reminders(by: User) -> None:
    """Every reminder has been approved in every cohort, so that they go by themselves."""
    for cohort in Cohort.objects.order_by("pk"):
        for source in SOURCES:
            approve_kind(source.kind.slug, about(cohort), by=by.reference)
