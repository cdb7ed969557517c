"""A person's own choices about messages: the page of one's account, and the page behind the link in each mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from core.views import FormPageView, PageView, Text
from correspondence import rules
from correspondence.forms.preferences import PreferencesForm
from correspondence.queries.preferences import Choices, choices_of, meant_by, never_declined, offered_to
from correspondence.services.preferences import decline_kind, set_preferences, want_kind
from messaging.kinds import Kind, Sort
from nominations.views.links import Private
from people.models import User
from people.views.account import account_trail
from people.views.base import actor

ONE_CLICK = "List-Unsubscribe"
SORTS: Mapping[Sort, Text] = {
    Sort.SERVICE: _("Service messages"),
    Sort.NEWS: _("News"),
    Sort.REMINDER: _("Reminders of an answer that is awaited"),
    Sort.ANNOUNCEMENT: _("Announcements"),
}


class PreferencesView(FormPageView):
    """Which messages I get, when, and how many at once; and which always come, and why."""

    template_name = "correspondence/preferences.html"
    page_title = _("Your messages")
    form_class = PreferencesForm
    done_message = _("Your choices have been saved. They count for everything that has not gone yet.")
    choices: Choices
    offered: list[Kind]

    def load(self) -> None:
        self.choices = choices_of(actor(self.request), self.today)
        self.offered = offered_to(actor(self.request), self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return account_trail()

    def get_initial(self) -> dict[str, Any]:
        return PreferencesForm.values_of(self.choices, self.offered)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "offered": self.offered}

    def act(self, form: Any) -> Any:
        values = {name: form.cleaned_data[name] for name in ("declined", "digest", "hours")}
        user = actor(self.request)
        return set_preferences(person=user, **values, by=user, today=self.today)

    def get_success_url(self) -> str:
        return reverse("correspondence:preferences")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            # ISO: Monday is 1; Django counts from 0.
            days=[WEEKDAYS[day - 1] for day in self.choices.days],
            has_told_days=self.choices.has_told_days,
            always=[
                (SORTS[sort], rules.may_decline(kinds[0]).reason, kinds) for sort, kinds in never_declined().items()
            ],
            nothing_waits=not settings.MESSAGES_WAIT,
            **kwargs,
        )


@method_decorator(csrf_exempt, name="dispatch")
class StopView(Private, PageView):
    """Decline a kind of message without signing in. Opening it changes nothing, because mail scanners open links.

    The address itself is the proof, so a request from elsewhere needs none: a mail program declines with one POST
    (RFC 8058), without a cookie.
    """

    public = True
    template_name = "correspondence/preferences_stop.html"
    person: User
    kind: Kind

    def load(self) -> None:
        found = meant_by(self.kwargs["token"])
        if found is None:
            raise Http404
        self.person, self.kind = found

    def get_page_title(self) -> Text:
        return _("You do not get these messages") if self.is_declined() else _("Stop these messages?")

    def is_declined(self) -> bool:
        return self.kind.slug in choices_of(self.person, self.today).declined

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        verdict = rules.may_decline(self.kind)
        return super().get_context_data(what=self.kind, verdict=verdict, is_declined=self.is_declined(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        do = want_kind if "again" in request.POST else decline_kind
        do(person=self.person, kind=self.kind, by=self.person, today=self.today)
        if ONE_CLICK in request.POST:
            return self.get(request, *args, **kwargs)
        return HttpResponseRedirect(request.path)
