"""Addresses: one line per app; /cy/ before any of them is the Welsh page."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from infuse import views
from infuse.health import health

pages = [
    path("", views.FrontPageView.as_view(), name="front"),
    path("accessibility/", views.AccessibilityPageView.as_view(), name="accessibility"),
    path("privacy/", views.PrivacyPageView.as_view(), name="privacy"),
    path("cookies/", views.CookiesPageView.as_view(), name="cookies"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    # Files and machines: no language.
    path("health/", health, name="health"),
]
urlpatterns += i18n_patterns(
    path("", include((pages, "pages"))),
    path("", include("planning.urls")),
    path("", include("correspondence.urls")),
    path("", include("nominations.urls")),
    path("", include("cohorts.urls")),
    path("", include("progress.urls")),
    path("", include("people.urls")),
    path("", include("reports.urls")),
    prefix_default_language=False,
)
if settings.DEMO:
    urlpatterns += i18n_patterns(path("", include("infuse.demo.urls")), prefix_default_language=False)

handler400 = views.bad_request
handler403 = views.refused
handler404 = views.not_found
