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
from cohorts.queries.cohorts import the_programme, visible_to
from core import clock
from core.bilingual import pick
from core.language import other_language, path_in
from people.queries.roles import roles_on


@dataclass(frozen=True)
class Item:
    """One entry of the navigation or the cohort switcher; `current` is its aria-current."""

    label: str | Promise
    url: str
    current: str


DEMO_PATH, HOME_PATH = "/demo/", "/home/"
# (label, URL name, the properties of people.queries.roles.Roles of which one opens it; none: all who are signed in)
NAVIGATION: tuple[tuple[str | Promise, str, tuple[str, ...]], ...] = (
    (_("Home"), "reports:home", ()),
    (
        _("Cohorts"),
        "cohorts:cohort-list",
        ("runs_programme", "is_coordinator", "is_auditor", "is_coach", "is_lab_lead"),
    ),
    (_("People"), "people:person-list", ("runs_programme", "is_coordinator", "is_auditor")),
    (_("Organisations"), "people:organisation-list", ("runs_programme",)),
    (_("Messages"), "reports:message-list", ("runs_programme",)),
    (_("Welsh texts"), "reports:welsh", ("runs_programme",)),
)


class Frame:
    """The frame of one page. Queries: the programme; signed in, also the roles and the cohorts."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
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
    def demo_url(self) -> str:
        """The page that lists the demo's people; empty outside the demo."""
        return path_in(self.language, DEMO_PATH) if self.demo else ""

    @property
    def home_url(self) -> str:
        """The first page after signing in."""
        return path_in(self.language, HOME_PATH)

    def is_here(self, url: str, *, alone: bool = False) -> str:
        """For aria-current: “page” on the page itself, “true” on those below it, nothing elsewhere."""
        path = self.request.path
        if path == url:
            return "page"
        return "true" if not alone and path.startswith(url) else ""

    @cached_property
    def navigation(self) -> Sequence[Item]:
        """Where this person may go from any page."""
        if self.user is None or not self.user.is_authenticated:
            return ()
        roles = roles_on(self.user, self.today)
        items = []
        for label, name, needs in NAVIGATION:
            if needs and not any(getattr(roles, need) for need in needs):
                continue
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            items.append(Item(label, url, self.is_here(url)))
        return items

    @cached_property
    def cohorts(self) -> Sequence[Cohort]:
        """The cohorts this person may know of, newest first."""
        if self.user is None or not self.user.is_authenticated:
            return ()
        return list(visible_to(self.user, self.today).select_related("programme__lead"))

    @cached_property
    def cohort(self) -> Cohort | None:
        """The cohort whose pages these are, if they are a cohort's."""
        match = self.request.resolver_match
        slug = match.kwargs.get("slug") if match and match.app_name == "cohorts" else None
        return next((cohort for cohort in self.cohorts if cohort.slug == slug), None)

    @cached_property
    def switcher(self) -> Sequence[Item]:
        """The cohorts to switch between; none for somebody who sees one at most."""
        if len(self.cohorts) < 2:
            return ()
        return [
            Item(pick(cohort, "name"), url, self.is_here(url))
            for cohort in self.cohorts
            for url in (reverse("cohorts:cohort-detail", args=[cohort.slug]),)
        ]

    @cached_property
    def programme(self) -> Programme | None:
        """The programme: whom to ask, who leads, who pays."""
        return self.cohorts[0].programme if self.cohorts else the_programme()

    @cached_property
    def funder_is_acknowledged(self) -> bool:
        """Whether the footer names the funder today."""
        return bool(self.programme and self.programme.acknowledges_funder_on(self.today))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `{{ frame }}`."""
    return {"frame": Frame(request)}
