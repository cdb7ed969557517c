"""The product's addresses with the demo's, as infuse/urls.py has them when INFUSE_DEMO=1."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from infuse.urls import handler400, handler403, handler404
from infuse.urls import urlpatterns as usual

__all__ = ["handler400", "handler403", "handler404", "urlpatterns"]

urlpatterns = [*usual, *i18n_patterns(path("", include("infuse.demo.urls")), prefix_default_language=False)]
