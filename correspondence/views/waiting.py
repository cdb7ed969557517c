"""What waits for a person: groups of held messages, with a sample of each, and what an outage left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor
from core.verdicts import Verdict, require
from core.views import CappedPaginator, ConfirmPageView, FormPageView, PageView, RuleRequiredMixin, Text
from correspondence import rules
from correspondence.forms.waiting import GroupForm, GroupWordsForm
from correspondence.queries import waiting as queries
from correspondence.queries.messages import line_of
from correspondence.queries.texts import common_words
from correspondence.reminders import SOURCES
from correspondence.services import waiting as verbs
from messaging.decisions import may_release
from messaging.enums import MessageState, StateReason
from messaging.models import Message

PER_PAGE = 25
MESSAGES: tuple[Text, str] = (_("Messages"), "correspondence:message-list")
WAITING: tuple[Text, str] = (_("What waits for somebody"), "correspondence:waiting-list")


class TeamOnlyMixin(RuleRequiredMixin):
    """Pages of the programme team about messages."""

    def get_verdict(self) -> Verdict:
        return rules.may_decide(self.request.user, self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(MESSAGES[0], reverse(MESSAGES[1]))]


class WaitingListView(TeamOnlyMixin, PageView):
    """Every group that is held, those of the earliest day first."""

    template_name = "correspondence/waiting_list.html"
    page_title = _("What waits for somebody")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = queries.groups()
        late = sum(group.count for group in groups if group.reason == StateReason.LATE)
        return super().get_context_data(groups=groups, late=late, **kwargs)


class GroupMixin(TeamOnlyMixin):
    """Finds the group by one of its messages."""

    message: Message

    def load(self) -> None:
        super().load()
        # Nobody else learns from “not found” which messages there are.
        require(rules.may_decide(self.request.user, self.today))
        self.message = get_object_or_404(Message, pk=self.kwargs["pk"])

    @cached_property
    def rows(self) -> Any:
        """What is held together."""
        return queries.group_of(self.message)

    @cached_property
    def last(self) -> int:
        """The greatest key in the group."""
        return self.rows.order_by("-pk").values_list("pk", flat=True).first() or 0

    def group_url(self) -> str:
        return reverse("correspondence:waiting-group", args=[self.message.pk])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        group = (line_of(self.message).kind, self.group_url())
        return [*super().get_breadcrumbs(), (WAITING[0], reverse(WAITING[1])), group]

    def get_cancel_url(self) -> str:
        return self.group_url()


class WaitingGroupView(GroupMixin, PageView):
    """A group: why it waits, the words of one of it in both languages, everybody whom it would go to."""

    template_name = "correspondence/waiting_group.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.message.state != MessageState.HELD:
            return HttpResponseRedirect(reverse("correspondence:message-detail", args=[self.message.pk]))
        return super().get(request, *args, **kwargs)

    def get_page_title(self) -> Text:
        return line_of(self.message).kind

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return super().get_breadcrumbs()[:-1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            page = CappedPaginator(self.rows, PER_PAGE).page(self.request.GET.get("page", 1))
        except InvalidPage:
            raise Http404 from None
        message = self.message
        return super().get_context_data(
            message=message,
            reason=line_of(message).reason,
            count=self.rows.count(),
            cohort=queries.cohort_names([message.about]).get(message.about, ""),
            words=[] if message.secret else [(language, message.words[language]) for language in message.words],
            page_obj=page,
            rows=page.object_list,
            is_first_use=message.state_reason == StateReason.FIRST_USE,
            is_late=message.state_reason == StateReason.LATE,
            **kwargs,
        )


@dataclass(frozen=True)
class Step:
    """One decision about a group, in words."""

    label: Text
    intro: Text
    done: Text
    verb: Any
    warning: bool = False


STEPS = {
    "release": Step(
        _("Approve and send"),
        _("Each is checked once more before it goes: what is no longer true is left out."),
        _("They are on their way."),
        verbs.release_group,
    ),
    "discard": Step(
        _("Discard them"),
        _("None of these goes. What the facts say another day may still be said then."),
        _("They are discarded."),
        verbs.discard_group,
        warning=True,
    ),
}


class WaitingDecideView(GroupMixin, ConfirmPageView):
    """Let a group go, or discard it."""

    form_class = GroupForm
    step: Step

    def load(self) -> None:
        if self.kwargs["step"] not in STEPS:
            raise Http404
        super().load()
        self.step = STEPS[self.kwargs["step"]]
        self.page_title = self.submit_label = self.step.label
        self.done_message = self.step.done

    def get_verdict(self) -> Verdict:
        return super().get_verdict() and may_release(self.message)

    @property
    def intro(self) -> Text:  # type: ignore[override]
        count = _("Messages: %(count)s.") % {"count": self.rows.filter(pk__lte=self.last).count()}
        return f"{count} {self.step.intro}"

    def get_initial(self) -> dict[str, Any]:
        return {"last": self.last}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.warning = self.step.warning
        return form

    def act(self, form: Any) -> int:
        done: int = self.step.verb(
            sample=self.message, last=form.cleaned_data["last"], by=actor(self.request), today=self.today
        )
        return done

    def get_success_url(self) -> str:
        return reverse("correspondence:waiting-list")


class WaitingWordsView(GroupMixin, FormPageView):
    """Other words for one group, in both languages."""

    form_class = GroupWordsForm
    page_title = _("Change the words of these messages")
    done_message = _("The words are changed.")
    intro = _(
        "These words are for the messages of this group only. Where something stands in square brackets, such as a "
        "name, each person reads their own. What stands under every message stays there."
    )

    @cached_property
    def common(self) -> Any:
        """What the group's words have in common; None when they differ."""
        return None if self.message.secret else common_words(self.rows)

    def get_verdict(self) -> Verdict:
        return super().get_verdict() and rules.may_change_words(self.message, self.common is not None)

    def get_initial(self) -> dict[str, Any]:
        parts = {f"{part}_{language}": text for language, words in self.common.items() for part, text in words.items()}
        return {"last": self.last, **parts}

    def act(self, form: Any) -> int:
        values = form.cleaned_data
        words = {
            language: {part: values[f"{part}_{language}"].replace("\r\n", "\n") for part in ("subject", "body")}
            for language in ("cy", "en")
        }
        return verbs.change_words(
            sample=self.message, last=values["last"], words=words, by=actor(self.request), today=self.today
        )

    def get_success_url(self) -> str:
        return self.group_url()


class OutageView(TeamOnlyMixin, PageView):
    """After an outage, on one page: the nights that were missed, what is too late, and what nobody was told."""

    template_name = "correspondence/outage.html"
    page_title = _("After an outage")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [*super().get_breadcrumbs(), (WAITING[0], reverse(WAITING[1]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = queries.groups([StateReason.LATE])
        return super().get_context_data(
            outage=queries.outage(SOURCES, self.today),
            groups=groups,
            count=sum(group.count for group in groups),
            **kwargs,
        )


class OutageDiscardView(TeamOnlyMixin, ConfirmPageView):
    """Discard everything that is too late, at once."""

    form_class = GroupForm
    page_title = _("Discard everything that is too late")
    submit_label = _("Discard them")
    done_message = _("They are discarded.")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [*super().get_breadcrumbs(), (_("After an outage"), reverse("correspondence:outage"))]

    @property
    def intro(self) -> Text:  # type: ignore[override]
        count = _("Messages: %(count)s.") % {"count": queries.by_reason().get(StateReason.LATE, 0)}
        return f"{count} {_('None of these goes. Look at the groups first if some of them still matter.')}"

    def get_initial(self) -> dict[str, Any]:
        return {"last": max((group.last for group in queries.groups([StateReason.LATE])), default=0)}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.warning = True
        return form

    def get_cancel_url(self) -> str:
        return reverse("correspondence:outage")

    def get_success_url(self) -> str:
        return reverse("correspondence:outage")

    def act(self, form: Any) -> int:
        return verbs.discard_late(last=form.cleaned_data["last"], by=actor(self.request), today=self.today)
