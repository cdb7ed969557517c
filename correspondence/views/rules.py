"""The rules of what is sent: of one cohort, and of the programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.emails import about, slug_in
from cohorts.models import Cohort
from cohorts.views.base import CohortMixin, actor, add_problems
from core.bilingual import pick
from core.verdicts import Verdict, require
from core.views import ConfirmPageView, FormPageView, PageView, RuleRequiredMixin, Text
from correspondence import rules
from correspondence.forms.rules import RuleForm
from correspondence.kinds import KINDS
from correspondence.queries.rules import (
    MOST_EFFECTS,
    Effect,
    KindLine,
    effects,
    lines,
    proposed_rule,
)
from correspondence.queries.wording import states, texts_of
from correspondence.reminders import SOURCES
from correspondence.services.rules import set_rule, take_back_rule
from messaging.kinds import DIGEST, Kind
from messaging.models import MessageRule
from messaging.policies import Policies, Policy

BY_SLUG = {source.kind.slug: source for source in SOURCES}


class OfCohort(CohortMixin):
    """Rules of the cohort that the address names."""

    @property
    def scope(self) -> str:
        return about(self.cohort)

    def get_page_caption(self) -> Text:
        return pick(self.cohort, "name")

    def list_url(self) -> str:
        return reverse("correspondence:rule-list", args=[self.cohort.slug])

    def kind_url(self, kind: Kind) -> str:
        return reverse("correspondence:rule-set", args=[self.cohort.slug, kind.slug])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (
            *super().get_breadcrumbs(),
            (_("Messages to come"), reverse("correspondence:forecast", args=[self.cohort.slug])),
        )


class OfProgramme(RuleRequiredMixin):
    """Rules that count wherever a cohort has none of its own."""

    cohort: Cohort | None = None
    scope = ""
    page_caption: Text = _("Wherever a cohort has no rule of its own")

    def list_url(self) -> str:
        return reverse("correspondence:rule-defaults")

    def kind_url(self, kind: Kind) -> str:
        return reverse("correspondence:rule-default", args=[kind.slug])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return ((_("Messages"), reverse("correspondence:message-list")),)


@dataclass(frozen=True)
class Card:
    """A kind on the page: what counts (None: it is owed, always), and where that and its words are changed."""

    kind: Kind
    line: KindLine | None
    url: str
    words_url: str
    is_worded: bool


class RuleListPage(PageView):
    """Every kind of message, how it is sent, and since when."""

    template_name = "correspondence/rule_list.html"
    page_title = _("Rules for messages")
    cohort: Any
    scope: str
    kind_url: Callable[[Kind], str]

    def get_verdict(self) -> Verdict:
        return rules.may_view_messages(self.request.user, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ruled = [kind for kind in KINDS.values() if rules.is_ruled(kind)]
        cards = self.cards({line.kind.slug: line for line in lines(ruled, self.scope, self.today)})
        kwargs.update(
            reminders=[card for card in cards if card.kind.is_computed],
            news=[card for card in cards if card.line and not card.kind.is_computed],
            owed=[card for card in cards if not card.line],
            may_change=rules.may_set_rule(self.request.user, ruled[0], self.cohort, self.today),
            is_default=self.cohort is None,
        )
        return super().get_context_data(**kwargs)

    def cards(self, found: Mapping[str, KindLine]) -> list[Card]:
        """Every kind; texts are worded by cohort only."""
        own = states(self.cohort) if self.cohort else {}
        return [
            Card(
                kind=kind,
                line=found.get(slug),
                url=self.kind_url(kind),
                words_url=reverse("correspondence:wording", args=[self.cohort.slug, slug])
                if self.cohort and texts_of(slug)
                else "",
                is_worded=any(template in own for template in texts_of(slug)),
            )
            for slug, kind in KINDS.items()
            if kind is not DIGEST
        ]


class CohortRuleListView(RuleListPage, OfCohort):
    """The rules of one cohort."""


class DefaultRuleListView(RuleListPage, OfProgramme):
    """The programme’s rules."""


class RuleSetPage(FormPageView):
    """One kind: first what another rule would change, then saving it."""

    template_name = "correspondence/rule_set.html"
    form_class = RuleForm
    done_message = _("The rule is saved. What has been sent stays sent.")
    cohort: Any
    scope: str
    kind: Kind
    list_url: Callable[[], str]

    def load(self) -> None:
        super().load()
        kind = KINDS.get(self.kwargs["kind"])
        if kind is None:
            require(rules.may_view_messages(self.request.user, self.today))
            raise Http404
        self.kind = kind

    @cached_property
    def now(self) -> Policy:
        """What counts today."""
        return Policies(self.kind).on(self.scope, self.today)

    def get_verdict(self) -> Verdict:
        return rules.may_set_rule(self.request.user, self.kind, self.cohort, self.today)

    def get_page_title(self) -> Text:
        return self.kind.label

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (_("Rules for messages"), self.list_url()))

    def get_cancel_url(self) -> str:
        return self.list_url()

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"kind": self.kind, "now": self.now, "is_default": self.cohort is None, "today": self.today}
        return {**super().get_form_kwargs(), **more}

    def form_valid(self, form: Any) -> HttpResponse:
        source = BY_SLUG.get(self.kind.slug)
        shown = repr(sorted(form.says().items(), key=str))
        if source is None or self.request.POST.get("checked") == shown:
            return super().form_valid(form)
        says = form.says()
        rule = proposed_rule(kind=self.kind, scope=self.scope, from_on=says.pop("from_on"), **says)
        found = effects(source, rule, self.today)
        form.submit_label = _("Save this rule")
        return self.render_to_response(
            self.get_context_data(
                form=form,
                checked=shown,
                from_on=rule.from_on,
                effects=named(found[:MOST_EFFECTS]),
                more=len(found) - MOST_EFFECTS,
                some_fall_out=not all(effect.after for effect in found),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        (line,) = lines([self.kind], self.scope, self.today)
        kwargs.update(now=line.rule, later=line.later)
        kwargs["begins_today"] = kwargs.get("from_on") == self.today
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> Any:
        try:
            return set_rule(kind=self.kind, cohort=self.cohort, **form.says(), by=actor(self.request), today=self.today)
        except ValidationError as problems:
            add_problems(form, problems, offsets="days")
            return None

    def get_success_url(self) -> str:
        return f"{self.list_url()}#{self.kind.slug}"


def named(found: Sequence[Effect]) -> list[tuple[str, Effect]]:
    """Each effect with the name of its cohort."""
    cohorts = Cohort.objects.in_bulk({slug_in(effect.about) for effect in found}, field_name="slug")
    return [
        (pick(cohorts[slug], "name") if (slug := slug_in(effect.about)) in cohorts else "", effect) for effect in found
    ]


class CohortRuleSetView(RuleSetPage, OfCohort):
    """A rule of one cohort."""


class DefaultRuleSetView(RuleSetPage, OfProgramme):
    """A rule of the programme."""


class RuleTakeBackView(ConfirmPageView):
    """A rule that has not begun is taken back."""

    page_title = _("Take this rule back")
    submit_label = _("Take it back")
    intro = _("It has not begun. What counts today goes on counting.")
    done_message = _("The rule is taken back.")
    rule: MessageRule

    def load(self) -> None:
        rule = MessageRule.objects.filter(pk=self.kwargs["pk"]).first()
        if rule is None:
            # Nobody else learns from “not found” which rules there are.
            require(rules.may_view_messages(self.request.user, self.today))
            raise Http404
        self.rule = rule

    def get_verdict(self) -> Verdict:
        return rules.may_take_back(self.request.user, self.rule, self.today)

    def get_page_caption(self) -> Text:
        return KINDS[self.rule.kind].label if self.rule.kind in KINDS else self.rule.kind

    def get_cancel_url(self) -> str:
        return self.get_success_url()

    def act(self, form: Any) -> Any:  # noqa: ARG002 (there is nothing to fill in)
        return take_back_rule(rule=self.rule, by=actor(self.request), today=self.today)

    def get_success_url(self) -> str:
        slug = slug_in(self.rule.scope)
        return reverse("correspondence:rule-list", args=[slug]) if slug else reverse("correspondence:rule-defaults")
