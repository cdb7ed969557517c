"""Who may see and decide what is sent, and why not."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser

from cohorts.rules import runs_programme
from core.verdicts import Verdict
from people.models import User


def may_view_messages(user: User | AnonymousUser, today: date) -> Verdict:
    """What people were sent is for the programme team."""
    return runs_programme(user, today)
