"""Texts in data whose Welsh (or English) is missing, old or waiting for a translator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from challenges.models import Theme
from cohorts.enums import CohortStatus
from cohorts.models import Cohort, Programme
from cohorts.phases import WELSH_UNCONFIRMED, PhaseKind
from core.bilingual import Bilingual, WelshStatus
from labs.models import Lab
from people.models import Organisation
from progress.models import Milestone, TemplateMilestone

Text = str | Promise

MISSING = "missing"
LABELS: dict[str, Text] = {
    MISSING: _("Missing"),
    WelshStatus.STALE: WelshStatus.STALE.label,
    WelshStatus.UNCONFIRMED: WelshStatus.UNCONFIRMED.label,
}
COLOURS = {MISSING: "red", WelshStatus.STALE: "orange", WelshStatus.UNCONFIRMED: "yellow"}
# Not a state, but a choice in the list: what somebody can mend in a page of ours.
HERE = "here"
WORST_FIRST = [MISSING, WelshStatus.STALE, WelshStatus.UNCONFIRMED]


@dataclass(frozen=True)
class Kind:
    """A kind of thing that has texts in both languages, and where it is changed (None: no page for it yet).

    `among` are the rows that still matter, `related` what the address needs of others.
    """

    model: type[Bilingual]
    label: Text
    url: Callable[[Any], str] | None = None
    among: Q = field(default_factory=Q)
    related: tuple[str, ...] = ()


KINDS = (
    Kind(Programme, _("Programme"), lambda _row: reverse("cohorts:programme-update")),
    Kind(Cohort, _("Cohort"), lambda row: reverse("cohorts:cohort-update", args=[row.slug])),
    Kind(Organisation, _("Organisation"), lambda row: reverse("people:organisation-change", args=[row.code])),
    Kind(Lab, _("Lab")),
    Kind(Theme, _("Theme")),
    Kind(TemplateMilestone, _("Milestone of the programme")),
    Kind(
        Milestone,
        _("Milestone"),
        lambda row: reverse("progress:milestone-update", args=[row.phase.cohort.slug, row.pk]),
        among=Q(retired_on=None) & ~Q(phase__cohort__status__in=(CohortStatus.FINISHED, CohortStatus.CANCELLED)),
        related=("phase__cohort",),
    ),
)


@dataclass(frozen=True)
class WelshText:
    """One text to look at, in both languages."""

    kind: Text
    english: str
    welsh: str
    state: str
    url: str

    @property
    def label(self) -> Text:
        return LABELS[self.state]

    @property
    def colour(self) -> str:
        return COLOURS[self.state]


def open_rows(kind: Kind) -> QuerySet[Any]:
    """The rows of one kind with a text in one language only, or whose pair is old or unconfirmed."""
    todo = ~Q(welsh_status=WelshStatus.CONFIRMED)
    for name in kind.model.bilingual_fields:
        english, welsh = Q(**{f"{name}_en": ""}), Q(**{f"{name}_cy": ""})
        todo |= (english & ~welsh) | (welsh & ~english)
    return kind.model._default_manager.filter(todo, kind.among).select_related(*kind.related)


def open_texts(*, may_edit_programme: bool = True, here: bool = False) -> list[WelshText]:
    """Every text to look at, the worst first. One query for each kind.

    Without `may_edit_programme` the programme's own texts come without the page where they are changed. `here`: only
    what can be changed in a page of ours.
    """
    found = []
    for kind in KINDS:
        closed = not kind.url or (kind.model is Programme and not may_edit_programme)
        if here and closed:
            continue
        for row in open_rows(kind):
            found += _texts_of(kind, row, kind.url(row) if kind.url and not closed else "")
    if not here:
        found += _phases()
    found.sort(key=lambda text: WORST_FIRST.index(text.state))
    return found


def _texts_of(kind: Kind, row: Any, url: str) -> list[WelshText]:
    missing = {name[:-3] for name in row.missing_texts()}
    texts = []
    for name in row.bilingual_fields:
        english, welsh = getattr(row, f"{name}_en"), getattr(row, f"{name}_cy")
        state = MISSING if name in missing else row.welsh_status
        if (english or welsh) and state != WelshStatus.CONFIRMED:
            texts.append(WelshText(kind.label, english, welsh, state, url))
    return texts


def _phases() -> list[WelshText]:
    """The phases' names are words of the product; their Welsh waits for a translator as the others' does."""
    texts = []
    for phase in PhaseKind:
        if phase in WELSH_UNCONFIRMED:
            with override("en"):
                english = str(phase.label)
            with override("cy"):
                welsh = str(phase.label)
            texts.append(WelshText(_("Phase"), english, welsh, WelshStatus.UNCONFIRMED, ""))
    return texts
