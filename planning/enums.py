"""Closed lists about moving a plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Pivot(models.TextChoices):
    """What is moved."""

    COHORT = "cohort", _("The whole cohort: everything that lies ahead")
    PHASE = "phase", pgettext_lazy("what is moved", "A phase")
    MILESTONE = "milestone", pgettext_lazy("what is moved", "A milestone")
    SESSION = "session", pgettext_lazy("what is moved", "A session")


class Table(models.TextChoices):
    """Where a date stands that moved."""

    PHASE = "phase", pgettext_lazy("what is moved", "Phase")
    MILESTONE = "milestone", pgettext_lazy("what is moved", "Milestone")
    SESSION = "session", pgettext_lazy("what is moved", "Session")
