"""What the pages about nominations share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from challenges.models import Theme
from cohorts.views.base import CohortMixin, actor
from core.bilingual import pick
from core.views import RuleRequiredMixin, Text
from nominations.models import Nomination
from nominations.queries.doors import organisations_of
from nominations.queries.nominations import visible_to
from nominations.rules import nominations as rules
from people.models import Organisation


class ForCohortMixin(CohortMixin):
    """A page of one cohort's recruitment, for those who act for organisations."""

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Those that the reader may act for."""
        return organisations_of(actor(self.request), self.today)

    @cached_property
    def themes(self) -> list[Theme]:
        return list(Theme.objects.all())

    def list_url(self) -> str:
        return reverse("nominations:nomination-list", args=[self.cohort.slug])

    def get_cancel_url(self) -> str:
        return self.list_url()

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (_("Nominations"), self.list_url()))


class NominationMixin(RuleRequiredMixin):
    """Finds the nomination that the address names, among those the reader may see; else the page is not found."""

    nomination: Nomination

    def load(self) -> None:
        super().load()
        rows = visible_to(self.request.user, self.today).filter(cohort__slug=self.kwargs["slug"])
        rows = rows.select_related("person", "cohort__programme", "organisation", "nominated_by", "merged_into__person")
        self.nomination = get_object_or_404(rows, reference=self.kwargs["reference"])

    @property
    def acts(self) -> bool:
        """Whether the reader acts for the nomination's organisation; the nominee alone does not."""
        return bool(rules.acts_for(self.request.user, self.nomination.organisation, self.today))

    def own_url(self) -> str:
        return reverse("nominations:nomination-detail", args=[self.nomination.cohort.slug, self.nomination.reference])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        if not rules.may_view_list(self.request.user, self.today):
            return ()
        cohort = self.nomination.cohort
        return (
            (_("Cohorts"), reverse("cohorts:cohort-list")),
            (pick(cohort, "name"), reverse("cohorts:cohort-detail", args=[cohort.slug])),
            (_("Nominations"), reverse("nominations:nomination-list", args=[cohort.slug])),
        )

    def get_cancel_url(self) -> str:
        return self.own_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("nomination", self.nomination)
        kwargs.setdefault("cohort", self.nomination.cohort)
        return super().get_context_data(**kwargs)  # type: ignore[misc]
