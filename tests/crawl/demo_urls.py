"""The addresses of an installation with INFUSE_DEMO=1, for the crawl of the demo's pages."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from infuse import urls

urlpatterns = [
    *urls.urlpatterns,
    *i18n_patterns(path("", include("infuse.demo.urls")), prefix_default_language=False),
]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
