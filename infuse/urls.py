"""Addresses: one line per app; /cy/ before any of them is the Welsh page."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    # Files and machines: no language.
]
urlpatterns += i18n_patterns(
    path("", include("allauth.urls")),
    prefix_default_language=False,
)
