"""What the pages about one associate's milestone share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import Associate, Cohort
from cohorts.queries.associates import visible_to as visible_associates
from cohorts.queries.cohorts import visible_to as visible_cohorts
from core.bilingual import pick
from core.views import RuleRequiredMixin, Text
from progress.models import Milestone
from progress.queries.completions import Standing, associates_met, standing_of


def waiting_url() -> str:
    """What waits for somebody to confirm it."""
    return reverse("progress:completion-list")


class CompletionMixin(RuleRequiredMixin):
    """Finds the cohort's milestone and the associate, for those who see the person or were asked to confirm it."""

    cohort: Cohort
    milestone: Milestone
    associate: Associate
    standing: Standing

    def load(self) -> None:
        super().load()
        user = self.request.user
        milestones = Milestone.objects.select_related("phase__cohort__programme")
        self.milestone = get_object_or_404(milestones, pk=self.kwargs["pk"], phase__cohort__slug=self.kwargs["slug"])
        self.cohort = self.milestone.phase.cohort
        people = associates_met(user, self.milestone, self.today).filter(cohort=self.cohort).select_related("person")
        self.associate = get_object_or_404(people, person__reference=self.kwargs["reference"])
        self.associate.cohort = self.cohort
        self.standing = standing_of(self.associate, self.milestone)
        self.request.cohort = self.cohort  # type: ignore[attr-defined]

    @property
    def is_own(self) -> bool:
        return self.associate.person_id == self.request.user.pk

    def detail_url(self) -> str:
        return completion_url(self.associate, self.milestone)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        """The associate's journey for whoever may see it, else the list of what waits."""
        return trail(self.request, self.cohort, self.associate, self.today, own=self.is_own)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            cohort=self.cohort,
            milestone=self.milestone,
            associate=self.associate,
            person=self.associate.person,
            standing=self.standing,
            is_own=self.is_own,
        )
        return super().get_context_data(**kwargs)  # type: ignore[misc]


def completion_url(associate: Associate, milestone: Milestone) -> str:
    """The page of one associate's milestone."""
    return reverse("progress:completion-detail", args=[associate.cohort.slug, associate.person.reference, milestone.pk])


def trail(
    request: HttpRequest, cohort: Cohort, associate: Associate, today: date, *, own: bool
) -> list[tuple[Text, str]]:
    """From the cohort over the journey to this page, as far as the reader may see them."""
    crumbs: list[tuple[Text, str]] = []
    if visible_cohorts(request.user, today).filter(pk=cohort.pk).exists():
        crumbs.append((pick(cohort, "name"), reverse("cohorts:cohort-detail", args=[cohort.slug])))
    if own or visible_associates(request.user, today).filter(pk=associate.pk).exists():
        journey = reverse("progress:associate-journey", args=[cohort.slug, associate.person.reference])
        crumbs.append((_("My journey") if own else associate.person.name, journey))
    else:
        crumbs.append((_("Milestones to confirm"), waiting_url()))
    return crumbs
