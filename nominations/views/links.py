"""Coming in by a link: its page, the button that enters, and a new one for whom it does not work."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.verdicts import NotAllowed, Verdict
from core.views import FormPageView, PageView, RuleRequiredMixin, Text
from nominations.enums import LinkPurpose
from nominations.forms.answers import NewLinkForm
from nominations.models import Link
from nominations.queries.links import by_secret
from nominations.rules import links as rules
from nominations.services.links import enter_link, send_link, send_links_to

COOKIE, SALT, MOST_KEPT = "infuse_link", "nominations.links", 20
# By address: offices share one. Guessing a secret is hopeless in any case; this keeps machines from leaning on it.
LIMITS = {"open_link": "120/m/ip", "ask_for_link": "30/5m/ip"}
ON_ITS_WAY = _(
    "If we wait for an answer from you, a new link is on its way to your email address. Look into the folder for "
    "unwanted mail, too. If nothing comes within ten minutes, write to the programme team."
)
TITLES: dict[str, Text] = {
    LinkPurpose.NOMINEE: _("You have been put forward"),
    LinkPurpose.MANAGER: _("Your answer as line manager"),
    LinkPurpose.OFFER: _("You have been offered a place"),
}
PAGES = {
    LinkPurpose.NOMINEE: "nominations:nominee-part",
    LinkPurpose.MANAGER: "nominations:endorsement",
}


def entered_links(request: HttpRequest) -> list[int]:
    """The links that this browser has entered, by primary key; a cookie that was tampered with holds none."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return []
    return [pk for pk in kept if isinstance(pk, int)] if isinstance(kept, list) else []


MAX_AGE = 60 * 60 * 24 * 60


def remember(request: HttpRequest, response: HttpResponse, link: Link) -> None:
    """Let this browser use the link's purpose until its last day. Not the session: that is for who is signed in."""
    pks = [*(pk for pk in entered_links(request) if pk != link.pk), link.pk][-MOST_KEPT:]
    response.set_cookie(
        COOKIE,
        signing.dumps(pks, salt=SALT),
        expires=link.expires_at if len(pks) == 1 else None,
        max_age=None if len(pks) == 1 else MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def page_of(link: Link) -> str:
    """Where a link leads once it is entered."""
    nomination = link.nomination
    if link.purpose == LinkPurpose.OFFER:
        return reverse("nominations:offer", args=[nomination.cohort.slug, nomination.reference])
    return reverse(PAGES[LinkPurpose(link.purpose)], args=[nomination.reference])


class Private(RuleRequiredMixin):
    """Pages whose address is a key: nobody keeps, lists or passes them on, and nobody may ask for many."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = "ask_for_link" if request.method == "POST" else "open_link"
        if not ratelimit.consume(request, app="nominations", action=asked, config=LIMITS, limit_get=True):
            return ratelimit.respond_429(request)
        return private(super().dispatch(request, *args, **kwargs))


def private(response: HttpResponseBase) -> HttpResponseBase:
    """No cache, no search engine, and no address handed to any other site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Not “no-referrer”: under it browsers send “Origin: null” with a form, and then Django refuses the form.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


class LinkEnterView(Private, PageView):
    """Says what the link is for. Opening it changes nothing, because mail scanners open links; the button enters."""

    public = True
    template_name = "nominations/link.html"
    link: Link | None = None

    def load(self) -> None:
        self.link = by_secret(self.kwargs["secret"])

    def get_page_title(self) -> Text:
        if self.link is None or not rules.may_enter(self.link):
            return _("This link does not work")
        return TITLES[self.link.purpose]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.link is None:
            return HttpResponseRedirect(reverse("nominations:link-lost") + "?unknown=1")
        if self.link.pk in entered_links(request) and rules.may_use(self.link):
            return HttpResponseRedirect(page_of(self.link))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link = self.link
        assert link is not None  # get() has led away
        nomination = link.nomination
        is_open = rules.is_open_for(nomination, link.purpose)
        verdict: Verdict = rules.may_enter(link)
        kwargs.update(
            link=link,
            nomination=nomination,
            cohort=nomination.cohort,
            is_manager=link.purpose == LinkPurpose.MANAGER,
            last_moment=link.expires_at,
            verdict=verdict,
            is_open=is_open,
        )
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        if self.link is None:
            return HttpResponseRedirect(reverse("nominations:link-lost") + "?unknown=1")
        if "again" in request.POST:
            return self.send_another(self.link)
        try:
            link = enter_link(link=self.link)
        except NotAllowed:
            # Used a moment ago, too old, withdrawn …: the page says so, and what to do.
            return HttpResponseRedirect(request.path)
        response = HttpResponseRedirect(page_of(self.link))
        remember(request, response, link)
        return response

    def send_another(self, link: Link) -> HttpResponse:
        """A new link to the address that this one went to. Whether it was sent shows nowhere."""
        with suppress(NotAllowed):
            send_link(nomination=link.nomination, purpose=link.purpose, by=None, today=self.today)
        messages.success(self.request, str(ON_ITS_WAY))
        return HttpResponseRedirect(self.request.path)


class LinkLostView(Private, FormPageView):
    """For a link that nobody knows, or that was lost: give the address, and what waits for you is sent there."""

    public = True
    template_name = "nominations/link_lost.html"
    form_class = NewLinkForm
    done_message = ON_ITS_WAY

    def get_page_title(self) -> Text:
        return _("This link does not work") if "unknown" in self.request.GET else _("Get a new link")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(unknown="unknown" in self.request.GET, **kwargs)

    def act(self, form: Any) -> Any:
        return send_links_to(address=form.cleaned_data["email"], today=clock.today())

    def get_success_url(self) -> str:
        return reverse("nominations:link-lost")
