"""What a person decides about one message that stands still: let it go, discard it, send it again, it arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor
from core.verdicts import Verdict, require
from core.views import ConfirmPageView, Text
from correspondence import rules
from correspondence.queries.messages import line_of
from messaging import decisions
from messaging.models import Message


@dataclass(frozen=True)
class Step:
    """One decision about one message, in words."""

    label: Text
    intro: Text
    done: Text
    may: Callable[[Message], Verdict]
    verb: Callable[..., Any]
    needs_day: bool = False
    warning: bool = False


STEPS: Mapping[str, Step] = {
    "release": Step(
        _("Send it after all"),
        _("It is checked once more before it goes: if it is no longer true, it is left out."),
        _("It is on its way."),
        decisions.may_release,
        decisions.release_message,
        needs_day=True,
    ),
    "discard": Step(
        _("Discard it"),
        _("It does not go."),
        _("It is discarded."),
        decisions.may_release,
        decisions.discard_message,
        warning=True,
    ),
    "arrived": Step(
        _("It arrived"),
        _("You know that the person has it: they said so, or answered it."),
        _("It counts as sent."),
        decisions.may_mark_arrived,
        decisions.mark_message_arrived,
    ),
    "again": Step(
        _("Send it again"),
        _("The same words go once more. Of a message that may have arrived, the person may then have two."),
        _("It is on its way."),
        decisions.may_send_again,
        decisions.send_message_again,
        needs_day=True,
    ),
    "aside": Step(
        _("Nothing more to do"),
        _("It stays as it is, and nobody is asked to look at it any more."),
        _("It is set aside."),
        decisions.may_set_aside,
        decisions.set_message_aside,
    ),
}


class MessageDecideView(ConfirmPageView):
    """One decision about a message that stands still."""

    message: Message
    step: Step

    def load(self) -> None:
        if self.kwargs["step"] not in STEPS:
            raise Http404
        # Nobody else learns from “not found” which messages there are.
        require(rules.may_decide(self.request.user, self.today))
        self.message = get_object_or_404(Message, pk=self.kwargs["pk"])
        self.step = STEPS[self.kwargs["step"]]
        self.page_title = self.submit_label = self.step.label
        self.intro, self.done_message = self.step.intro, self.step.done

    def get_verdict(self) -> Verdict:
        return self.step.may(self.message)

    def own_url(self) -> str:
        return reverse("correspondence:message-detail", args=[self.message.pk])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Messages"), reverse("correspondence:message-list")), (line_of(self.message).kind, self.own_url())]

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.warning = self.step.warning
        return form

    def get_cancel_url(self) -> str:
        return self.own_url()

    def get_success_url(self) -> str:
        return self.own_url()

    def act(self, form: Any) -> Any:  # noqa: ARG002 (no fields)
        more = {"today": self.today} if self.step.needs_day else {}
        return self.step.verb(message=self.message, by=actor(self.request), **more)


def possible(message: Message) -> list[tuple[Text, str]]:
    """(label, address) of what can be decided about the message, the most likely first."""
    return [
        (step.label, reverse("correspondence:message-decide", args=[message.pk, name]))
        for name, step in STEPS.items()
        if step.may(message)
    ]
