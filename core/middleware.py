"""Two middlewares about language, and one that stops a request that is too large before anybody reads it."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils import translation

from core.forms import keep_typed, was_sent_in
from core.language import language_of

TOGGLE = "_toggle"
MEGABYTE = 1024 * 1024
# The largest file that a page takes is 20 MB (cohorts.forms.spreadsheet); the rest is for the other boxes around it.
LARGEST_REQUEST = 21 * MEGABYTE


class LargestRequestMiddleware:
    """Refuses by the announced length, before the body is read: the token's check would read and store all of it.

    It stands above the CSRF middleware. A body without a length is empty to Django, so nothing slips past.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        """A page that says so, in place of the view."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > LARGEST_REQUEST:
            page = render(request, "413.html", {"largest": LARGEST_REQUEST // MEGABYTE - 1}, status=413)
            page.headers["Connection"] = "close"
            return page
        return None


class PrefixLocaleMiddleware(LocaleMiddleware):
    """The address alone decides the language: /cy/… is Welsh, the bare path English; browsers are not asked."""

    def process_request(self, request):  # type: ignore[no-untyped-def]
        language = language_of(request.path_info)
        translation.activate(language)
        request.LANGUAGE_CODE = language


class LanguageToggleMiddleware:
    """The other language of the same page, with what was typed.

    On a page with a form the toggle is a submit button named `_toggle` that posts the form to the other language's
    address. Such a post is answered as if the page had been asked for, so nothing is checked, counted or saved; before
    the page is drawn its forms are given what was typed (core.forms.keep_typed). It works for every view that returns
    a TemplateResponse, allauth's included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:  # noqa: ARG002
        """Turn the toggle's post into a request for the page. The token was checked before."""
        if request.method == "POST" and TOGGLE in request.POST:
            request.typed = request.POST  # type: ignore[attr-defined]
            request.method = "GET"

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        """Give the page's forms what was typed."""
        typed = getattr(request, "typed", None)
        if typed is not None:
            for name, value in (response.context_data or {}).items():
                if isinstance(value, BaseForm | BaseFormSet) and (name == "form" or was_sent_in(value, typed)):
                    keep_typed(value, typed)
        return response
