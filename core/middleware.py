"""Two middlewares about language."""

from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class PrefixLocaleMiddleware(LocaleMiddleware):
    """The address alone decides the language: /cy/… is Welsh, the bare path English. Browsers' headers are not asked."""

    def process_request(self, request):  # type: ignore[no-untyped-def]
        language = "cy" if request.path_info == "/cy" or request.path_info.startswith("/cy/") else "en"
        translation.activate(language)
        request.LANGUAGE_CODE = language


class LanguageToggleMiddleware:
    """Placeholder until the frame lands."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request):  # type: ignore[no-untyped-def]
        return self.get_response(request)
