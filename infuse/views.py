"""Public pages and error pages."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from cohorts.phases import PhaseKind
from core.clock import Window
from core.verdicts import NotAllowed
from core.views import PageView

# The day the statements were last read through by a person; change it when you do.
PREPARED_ON = date(2026, 11, 21)


class FrontPageView(PageView):
    """What the programme is and how to take part; the cohort that recruits today, if one does."""

    public = True
    template_name = "pages/front.html"
    page_title = _("Half a year to try something better")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cohort = self.get_recruiting()
        if cohort is not None and cohort.recruitment_opens_on is not None:
            kwargs["names_in_by"] = Window(cohort.recruitment_opens_on, cohort.recruitment_until).last_day
        return super().get_context_data(phases=list(PhaseKind), recruiting=cohort, **kwargs)

    def get_recruiting(self) -> Cohort | None:
        """The cohort whose recruitment window is open today: the one that starts first."""
        cohorts = Cohort.objects.filter(
            status=CohortStatus.RECRUITING, recruitment_opens_on__lte=self.today, recruitment_until__gt=self.today
        )
        return cohorts.order_by("starts_on").first()


class AccessibilityPageView(PageView):
    """The accessibility statement that the 2018 Regulations ask for."""

    public = True
    template_name = "pages/accessibility.html"
    page_title = _("Accessibility statement")
    extra_context = {"prepared_on": PREPARED_ON}


class PrivacyPageView(PageView):
    """The privacy notice, in its two parts."""

    public = True
    template_name = "pages/privacy.html"
    page_title = _("Privacy notice")
    extra_context = {"prepared_on": PREPARED_ON}


class CookiesPageView(PageView):
    """Which cookies there are, and why."""

    public = True
    template_name = "pages/cookies.html"
    page_title = _("Cookies")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    """400: the request could not be read."""
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403, with the reason of the rule that refused. What a library says is not for readers."""
    reason = exception.reason if isinstance(exception, NotAllowed) else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 for a form whose token is missing or old (CSRF_FAILURE_VIEW). Django's reason is for developers."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    """404: it is not there, or the reader may not know that it is."""
    return render(request, "404.html", status=404)
