"""Sending somebody a new link, for whoever acts for the organisation."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor
from core.verdicts import Verdict
from core.views import ConfirmPageView, Text
from nominations.enums import LinkPurpose
from nominations.models import Link
from nominations.rules.links import may_send_again
from nominations.services.links import send_link
from nominations.views.base import NominationMixin


class LinkSendView(NominationMixin, ConfirmPageView):
    """A new link to the nominee or the line manager; whoever asks for it never sees it."""

    page_title = _("Send a new link")
    submit_label = _("Send")
    done_message = _("A new link is on its way.")
    purpose: LinkPurpose

    def load(self) -> None:
        super().load()
        if self.kwargs["purpose"] not in LinkPurpose.values:
            raise Http404
        self.purpose = LinkPurpose(self.kwargs["purpose"])

    def get_verdict(self) -> Verdict:
        return may_send_again(self.request.user, self.nomination, self.purpose, self.today)

    def get_page_title(self) -> Text:
        return f"{self.page_title}: {self.nomination.person.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        to_manager = self.purpose == LinkPurpose.MANAGER
        address = self.nomination.line_manager_email if to_manager else self.nomination.person.email
        intro = f"{_('It goes to')}: {address}. {_('The link that was sent before stops working.')}"
        return super().get_context_data(intro=intro, **kwargs)

    def get_success_url(self) -> str:
        return self.own_url()

    def act(self, form: Any) -> Link:  # noqa: ARG002
        return send_link(nomination=self.nomination, purpose=self.purpose, by=actor(self.request), today=self.today)
