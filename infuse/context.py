"""What the page frame needs on every page: who may go where, the cohorts to switch between, the other language.

Everything is found when the template asks for it, so that a page which shows no frame pays nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Programme
from cohorts.queries.cohorts import imprint, visible_to
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


DEMO_PATH, ANY_SLUG = "/demo/", "any-slug"
# The switcher's: a cohort each half year makes this five years.
MOST_COHORTS = 10
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
    (_("Messages"), "correspondence:message-list", ("runs_programme",)),
    (_("Welsh texts"), "reports:welsh", ("runs_programme",)),
)


@cache
def address(name: str, language: str, urlconf: str | None) -> str:
    """The address of a page without arguments, found once for each language: every page's frame has a dozen."""
    with override(language):
        return reverse(name, urlconf)


@cache
def cohort_address(language: str, urlconf: str | None) -> str:
    """The address of a cohort's page, with ANY_SLUG where its slug goes."""
    with override(language):
        return reverse("cohorts:cohort-detail", urlconf, args=[ANY_SLUG])


class Addresses:
    """`{{ frame.to.cookies }}`: where the frame's own links lead."""

    NAMES: ClassVar[dict[str, str]] = {
        "front": "pages:front",
        "accessibility": "pages:accessibility",
        "privacy": "pages:privacy",
        "cookies": "pages:cookies",
        "sign_in": "account_login",
        "sign_out": "account_logout",
        "account": "people:account",
        "home": "reports:home",
    }

    def __init__(self, language: str) -> None:
        self.language = language

    def __getitem__(self, key: str) -> str:
        return address(self.NAMES[key], self.language, settings.ROOT_URLCONF)


@dataclass(frozen=True)
class CohortName:
    """What the switcher shows of a cohort."""

    slug: str
    name_en: str
    name_cy: str


class Frame:
    """The frame of one page. Queries: the programme; signed in, also the roles and the cohorts."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self.demo = settings.DEMO

    @cached_property
    def today(self) -> date:
        """The day that the view looked up; its own look for a page that has no view of ours."""
        return getattr(self.request, "today", None) or clock.today()

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

    def is_here(self, url: str, *, alone: bool = False) -> str:
        """For aria-current: “page” on the page itself, “true” on those below it, nothing elsewhere."""
        path = self.request.path
        if path == url:
            return "page"
        return "true" if not alone and path.startswith(url) else ""

    @cached_property
    def to(self) -> Addresses:
        """The addresses of the frame's own links."""
        return Addresses(self.language)

    @cached_property
    def navigation(self) -> Sequence[Item]:
        """Where this person may go from any page."""
        if self.user is None or not self.user.is_authenticated:
            return ()
        roles = roles_on(self.user, self.today)
        items = []
        for label, name, needs in NAVIGATION:
            if not needs or any(getattr(roles, need) for need in needs):
                url = address(name, self.language, settings.ROOT_URLCONF)
                items.append(Item(label, url, self.is_here(url)))
        return items

    @cached_property
    def cohorts(self) -> Sequence[CohortName]:
        """The newest cohorts that this person may know of: one more than the switcher shows, to know of the rest."""
        if self.user is None or not self.user.is_authenticated:
            return ()
        rows = visible_to(self.user, self.today).values_list("slug", "name_en", "name_cy")
        return [CohortName(*row) for row in rows[: MOST_COHORTS + 1]]

    @property
    def cohort(self) -> Cohort | None:
        """The cohort whose pages these are, if they are a cohort's: the one that the view found."""
        return getattr(self.request, "cohort", None)

    @cached_property
    def switcher(self) -> Sequence[Item]:
        """The cohorts to switch between, then the way to the others; none for somebody who sees one at most."""
        if len(self.cohorts) < 2:
            return ()
        pattern = cohort_address(self.language, settings.ROOT_URLCONF)
        items = []
        for cohort in self.cohorts[:MOST_COHORTS]:
            url = pattern.replace(ANY_SLUG, cohort.slug)
            items.append(Item(pick(cohort, "name", self.language), url, self.is_here(url)))
        if len(self.cohorts) > MOST_COHORTS:
            url = address("cohorts:cohort-list", self.language, settings.ROOT_URLCONF)
            items.append(Item(_("All cohorts"), url, ""))
        return items

    @cached_property
    def programme(self) -> Programme | None:
        """The programme: whom to ask, who leads, who pays."""
        return imprint()

    @cached_property
    def funder_is_acknowledged(self) -> bool:
        """Whether the footer names the funder today."""
        return bool(self.programme and self.programme.acknowledges_funder_on(self.today))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `{{ frame }}`."""
    return {"frame": Frame(request)}
