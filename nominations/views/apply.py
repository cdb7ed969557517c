"""The public page on which somebody applies by themselves."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from challenges.models import Theme
from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from core.verdicts import Verdict
from core.views import FormPageView, PageView
from nominations.forms.nominations import ApplicationForm
from nominations.rules import nominations as rules
from nominations.services.nominations import apply_oneself
from people.queries.organisations import active_on


class ApplyMixin:
    """Finds a cohort that has been announced; one that is planned or cancelled is not there for the public."""

    public = True
    cohort: Cohort

    def load(self) -> None:
        announced = Cohort.objects.exclude(status__in=(CohortStatus.PLANNED, CohortStatus.CANCELLED))
        self.cohort = get_object_or_404(announced.select_related("programme"), slug=self.kwargs["slug"])  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("cohort", self.cohort)
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class ApplyView(ApplyMixin, FormPageView):
    """Apply. The answer is the same whether we know the address or not."""

    template_name = "nominations/apply.html"
    page_title = _("Apply for a place")
    form_class = ApplicationForm

    def get_verdict(self) -> Verdict:
        return rules.may_apply(self.cohort, self.today)

    def form_valid(self, form: Any) -> HttpResponse:
        """Limited by address and by place, known or not; what is wrong was said before and counts for nothing."""
        address = form.cleaned_data["email"].strip().lower()
        return consume_or_429(self.request, action="apply", key=address) or super().form_valid(form)

    def get_form_kwargs(self) -> dict[str, Any]:
        organisations = list(active_on(self.today).order_by("short_en"))
        return {**super().get_form_kwargs(), "organisations": organisations, "themes": list(Theme.objects.all())}

    def act(self, form: Any) -> bool:
        apply_oneself(cohort=self.cohort, organisation=form.chosen_organisation, today=self.today, **form.values())
        return True

    def get_success_url(self) -> str:
        return reverse("nominations:applied", args=[self.cohort.slug])


class AppliedView(ApplyMixin, PageView):
    """What happens next."""

    template_name = "nominations/applied.html"
    page_title = _("Look at your email")
