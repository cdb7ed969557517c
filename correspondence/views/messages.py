"""What was sent, to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.emails import about
from cohorts.models import Cohort
from core.bilingual import pick
from core.forms import FilterForm
from core.verdicts import Verdict, require
from core.views import Column, PageView, TablePageView, Text
from correspondence import rules
from correspondence.forms.messages import MessageFilterForm
from correspondence.queries.messages import cohorts_on_offer, line_of, lines_of, words_of
from correspondence.queries.waiting import group_of
from correspondence.views.decisions import possible
from messaging.enums import MessageState, StateReason
from messaging.models import Message
from messaging.queries import bad_addresses, matching, needing_a_person
from people.models import User

# How many of those that need somebody stand above the list; the number above them leads to all.
FIRST = 5
# What to think of before deciding, by state, or by what it is held for.
ADVICE: Mapping[str, Text] = {
    MessageState.UNCERTAIN: _(
        "The connection to the mail server broke at the last moment. It may have arrived, so it is not sent again by "
        "itself. Ask the person."
    ),
    MessageState.FAILED: _("It did not arrive. Check the address, and tell the person another way if it matters."),
    StateReason.LATE: _("It was not sent in time, and now it might surprise. Tell the person yourself if it matters."),
    StateReason.ADDRESS: _("It waits because the email address does not work. Mend the address first."),
}


class MessageListView(TablePageView):
    """Every message, the newest first; above them those that somebody should look at."""

    template_name = "correspondence/message_list.html"
    page_title = _("Messages")
    caption = _("All messages")
    columns = (
        Column("state", _("State")),
        Column("subject", _("Subject")),
        Column("to", _("To")),
        Column("kind", _("Kind")),
        Column("at", _("When")),
    )

    def get_verdict(self) -> Verdict:
        return rules.may_view_messages(self.request.user, self.today)

    def get_filter_form(self) -> FilterForm:
        asked = self.request.GET.get("cohort", "")
        self.cohorts = cohorts_on_offer(self.request.user, self.today, asked=asked)
        return MessageFilterForm(self.request.GET or None, cohorts=self.cohorts.values())

    def get_rows(self) -> QuerySet[Message]:
        return matching()

    def narrow(self, rows: QuerySet[Message], values: Mapping[str, Any]) -> QuerySet[Message]:  # noqa: ARG002 (made anew)
        cohort = self.cohorts.get(values.get("cohort", ""))
        return matching(
            state=values.get("state", ""),
            kind=values.get("kind", ""),
            person=values.get("person", ""),
            about=about(cohort) if cohort else "",
            words=values.get("q", ""),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = {name for name in ("q", "state", "kind", "cohort", "person", "page") if self.request.GET.get(name)}
        context["rows"] = lines_of(context["rows"])
        context["counts"] = [(MessageState(state), count) for state, count in needing_a_person().items()]
        context["state"] = self.request.GET.get("state", "")
        if context["counts"] and not asked:
            states = [state for state, _count in context["counts"]]
            context["urgent"] = lines_of(line for state in states for line in matching(state=state)[:FIRST])
        if "person" in asked:
            context["person"] = User.objects.filter(reference=self.request.GET["person"]).first()
        return context


class MessageDetailView(PageView):
    """One message: whom it went to, what became of it and why, and the words."""

    template_name = "correspondence/message_detail.html"

    def get_verdict(self) -> Verdict:
        return rules.may_view_messages(self.request.user, self.today)

    message: Message

    def load(self) -> None:
        found = Message.objects.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            # Nobody else learns from “not found” which messages there are.
            require(self.get_verdict())
            raise Http404
        self.message = found

    def get_page_title(self) -> Text:
        return line_of(self.message).kind

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Messages"), reverse("correspondence:message-list"))]

    def get_advice(self) -> Text:
        """What to think of, while nobody has dealt with it."""
        if self.message.decided_at:
            return ""
        return ADVICE.get(self.message.state) or ADVICE.get(self.message.state_reason, "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message = self.message
        cohort = Cohort.objects.filter(slug=message.about.partition("cohorts.cohort:")[2]).first()
        return super().get_context_data(
            message=message,
            line=line_of(message),
            cohort=cohort and (pick(cohort, "name"), reverse("cohorts:cohort-detail", args=[cohort.slug])),
            person=User.objects.filter(reference=message.person).first() if message.person else None,
            advice=self.get_advice(),
            decisions=possible(message),
            group=group_of(message).count() if message.state == MessageState.HELD else 0,
            bad=bad_addresses([message.address]).first() if message.state_reason == StateReason.ADDRESS else None,
            languages=message.languages.split("+") if message.languages else [],
            words=words_of(message),
            members=lines_of(message.members.order_by("pk")) if message.is_summary else [],
            **kwargs,
        )
