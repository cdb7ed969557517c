"""What the pages of one cohort share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from cohorts.queries.cohorts import visible_to
from core.bilingual import pick
from core.views import RuleRequiredMixin, Text
from people.models import User


class CohortMixin(RuleRequiredMixin):
    """Finds the cohort that the address names, among those this person may know of; else the page is not found."""

    cohort: Cohort

    def load(self) -> None:
        super().load()
        cohorts = visible_to(self.request.user, self.today).prefetch_related("phases")
        self.cohort = get_object_or_404(cohorts, slug=self.kwargs["slug"])
        # The frame names the cohort whose pages these are.
        self.request.cohort = self.cohort  # type: ignore[attr-defined]

    def cohort_url(self) -> str:
        return reverse("cohorts:cohort-detail", args=[self.cohort.slug])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        """Cohorts, then this cohort."""
        return (_("Cohorts"), reverse("cohorts:cohort-list")), (pick(self.cohort, "name"), self.cohort_url())

    def get_cancel_url(self) -> str:
        return self.cohort_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("cohort", self.cohort)
        return super().get_context_data(**kwargs)  # type: ignore[misc]


def actor(request: HttpRequest) -> User:
    """The person who acts; pages that change something are for people who are signed in."""
    return cast(User, request.user)


def add_problems(form: forms.BaseForm, problems: ValidationError, **names: str) -> None:
    """Put what a verb refused beside the fields it names; `names` translates the verb's words into the form's."""
    if not hasattr(problems, "error_dict"):
        form.add_error(None, problems)
        return
    for field, errors in problems.error_dict.items():
        here = names.get(field, field)
        form.add_error(here if here in form.fields and field != NON_FIELD_ERRORS else None, errors)
