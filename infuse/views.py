"""Public pages and error pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.views import PageView


class FrontPageView(PageView):
    """What the programme is and how to take part."""

    public = True
    template_name = "pages/front.html"
    page_title = _("Public services that try things out")


class AccessibilityPageView(PageView):
    """The accessibility statement."""

    public = True
    template_name = "pages/accessibility.html"
    page_title = _("Accessibility statement")


class PrivacyPageView(PageView):
    """The privacy notice."""

    public = True
    template_name = "pages/privacy.html"
    page_title = _("Privacy notice")


class CookiesPageView(PageView):
    """Which cookies there are, and why."""

    public = True
    template_name = "pages/cookies.html"
    page_title = _("Cookies")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    """400: the request could not be read."""
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403, with the reason of the rule that refused."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001
    """404: it is not there, or the reader may not know that it is."""
    return render(request, "404.html", status=404)
