"""Who may open which report, and why not."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser

from cohorts.rules import runs_programme
from core.verdicts import Verdict
from people.models import User


def may_view_welsh(user: User | AnonymousUser, today: date) -> Verdict:
    """The Welsh report is the programme team's."""
    return runs_programme(user, today)
