"""What a home page is made of: tasks, facts, and where somebody stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate, Cohort, Phase

Text = str | Promise

OVER = (CohortStatus.FINISHED, CohortStatus.CANCELLED)
STILL_IN = (AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED)
URGENT, SOON_DUE, WHENEVER = 0, 1, 2
TAGS: dict[int, tuple[Text, str]] = {
    URGENT: (_("Now"), "red"),
    SOON_DUE: (_("Soon"), "orange"),
    WHENEVER: (_("When you can"), "grey"),
}


@dataclass(frozen=True)
class Task:
    """One thing to do: what, where, and how urgent it is."""

    title: Text
    url: str
    hint: Text = ""
    urgency: int = WHENEVER

    @property
    def status(self) -> Text:
        return TAGS[self.urgency][0]

    @property
    def colour(self) -> str:
        return TAGS[self.urgency][1]


@dataclass(frozen=True)
class Fact:
    """Something to know, with the page that says more."""

    title: str
    url: str
    hint: Text = ""


@dataclass(frozen=True)
class Place:
    """Where an associate stands in one cohort today."""

    associate: Associate
    current: Phase | None
    next: Phase | None
    today: date

    @property
    def cohort(self) -> Cohort:
        return self.associate.cohort

    @property
    def days_to_next(self) -> int | None:
        return (self.next.starts_on - self.today).days if self.next else None

    @property
    def is_over(self) -> bool:
        return self.today >= self.cohort.until

    @property
    def still_in(self) -> bool:
        return self.associate.status in STILL_IN


@dataclass(frozen=True)
class Part:
    """What one role has to do and to know."""

    label: Text
    empty: Text
    intro: Text = ""
    tasks: list[Task] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def day_of(day: date) -> str:
    """A day as the page writes it."""
    return date_format(day, "j F Y")
