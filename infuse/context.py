"""What the page frame needs on every page: who may go where, the cohorts to switch between, the other language.

Everything is found when the template asks for it, so that a page which shows no frame pays nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Programme
from cohorts.queries.cohorts import visible_to
from core import clock
from core.language import other_language, path_in
from people.queries.roles import roles_on


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    label: str | Promise
    url: str
    current: bool


# (label, URL name, the property of people.queries.roles.Roles that opens it; empty: everybody who is signed in)
NAVIGATION: tuple[tuple[str | Promise, str, str], ...] = (
    (_("Home"), "reports:home", ""),
    (_("Cohorts"), "cohorts:cohort-list", "runs_programme"),
    (_("People"), "people:person-list", "runs_programme"),
    (_("Organisations"), "people:organisation-list", "runs_programme"),
    (_("Messages"), "reports:message-list", "runs_programme"),
    (_("Welsh texts"), "reports:welsh", "runs_programme"),
)


class Frame:
    """The frame of one page. Queries: the programme; signed in, also the roles and the cohorts."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo = settings.DEMO

    @cached_property
    def today(self) -> date:
        return clock.today()

    @cached_property
    def language(self) -> str:
        return "cy" if (get_language() or "en").startswith("cy") else "en"

    @cached_property
    def other_language(self) -> str:
        return other_language(self.language)

    @cached_property
    def other_url(self) -> str:
        """This page in the other language, with its query string."""
        query = self.request.META.get("QUERY_STRING", "")
        return path_in(self.other_language, self.request.path) + (f"?{query}" if query else "")

    @cached_property
    def navigation(self) -> Sequence[Item]:
        """Where this person may go from any page."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return ()
        roles = roles_on(user, self.today)
        items = []
        for label, name, needs in NAVIGATION:
            if needs and not getattr(roles, needs):
                continue
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            here = self.request.path
            items.append(Item(label, url, here == url or (name != "reports:home" and here.startswith(url))))
        return items

    @cached_property
    def cohorts(self) -> Sequence[Cohort]:
        """The cohorts this person may switch between, newest first; none for somebody who sees one only."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return ()
        return list(visible_to(user, self.today).select_related("programme"))

    @cached_property
    def programme(self) -> Programme | None:
        """The programme: whom to ask, and who pays."""
        if self.cohorts:
            return self.cohorts[0].programme
        return Programme.objects.first()

    @cached_property
    def funder_is_acknowledged(self) -> bool:
        """Whether the footer names the funder today."""
        return bool(self.programme and self.programme.acknowledges_funder_on(self.today))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `{{ frame }}`."""
    return {"frame": Frame(request)}
