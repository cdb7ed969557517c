"""One associate's milestone: its page, marking it ready, deciding about it, its files; and what waits for somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor
from core.bilingual import pick
from core.forms import Form
from core.verdicts import Verdict
from core.views import Column, ConfirmPageView, FormPageView, PageView, TablePageView, Text
from progress.enums import CompletionStatus, MilestoneKind
from progress.forms.completions import EvidenceForm
from progress.forms.milestones import ReasonForm
from progress.models import Completion, CompletionMove, EvidenceFile
from progress.queries.completions import evidence_of, may_be_asked, waiting_for
from progress.queries.history import history_of_completion
from progress.rules import completions as rules
from progress.services import completions as verbs
from progress.views.base import CompletionMixin


@dataclass(frozen=True)
class Decision:
    """What somebody may decide about a milestone: words, verb, form."""

    label: Text
    intro: Text
    to: CompletionStatus
    verb: Callable[..., Completion]
    form: type[forms.BaseForm] = ReasonForm


DECISIONS = {
    "confirm": Decision(
        _("Confirm"),
        _("What was shown is enough. The milestone is reached."),
        CompletionStatus.CONFIRMED,
        verbs.confirm_milestone,
        Form,
    ),
    "ask-again": Decision(
        _("Ask again"),
        _("Say what is missing. The associate is told by email."),
        CompletionStatus.ASKED_AGAIN,
        verbs.ask_again,
    ),
    "override": Decision(
        _("Count without evidence"),
        _("The milestone is reached although not everything was shown. Say why."),
        CompletionStatus.OVERRIDDEN,
        verbs.override_milestone,
    ),
    "exempt": Decision(
        _("Exempt"),
        _("The milestone is not asked of this associate. Say why."),
        CompletionStatus.EXEMPT,
        verbs.exempt_from_milestone,
    ),
    "reopen": Decision(
        _("Open again"),
        _("The decision is taken back, and the milestone is to be done again. Say why."),
        CompletionStatus.OPEN,
        verbs.reopen_milestone,
    ),
}


class CompletionDetailView(CompletionMixin, PageView):
    """How one associate's milestone stands, what was shown for it, and what can be done now."""

    template_name = "progress/completion_detail.html"

    def get_verdict(self) -> Verdict:
        # Whoever finds the page may see its state and its days; the evidence has a rule of its own.
        return Verdict(True)

    def get_page_title(self) -> Text:
        return pick(self.milestone, "title")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, row = actor(self.request), self.standing.completion
        sees = bool(rules.may_see_evidence(user, self.associate, self.standing, self.today))
        decisions = [
            (name, decision)
            for name, decision in DECISIONS.items()
            if rules.may_decide(user, self.associate, self.standing, decision.to, self.today)
        ]
        kwargs.update(
            page_caption="" if self.is_own else self.associate.person.name,
            sees_evidence=sees,
            evidence=evidence_of(row) if row and sees else (),
            history=history_of_completion(row, in_full=sees) if row else (),
            ready=rules.may_mark_ready(user, self.associate, self.standing, self.today) if self.is_own else None,
            may_confirm=any(name == "confirm" for name, _decision in decisions),
            decisions=[(name, decision) for name, decision in decisions if name != "confirm"],
            overdue=self.standing.is_overdue(self.today),
        )
        return super().get_context_data(**kwargs)


class CompletionReadyView(CompletionMixin, FormPageView):
    """The associate shows what there is to show, and says that the milestone is reached."""

    template_name = "progress/completion_ready.html"
    form_class = EvidenceForm
    done_message = _("Marked as ready. It waits to be confirmed.")

    def get_verdict(self) -> Verdict:
        return rules.may_mark_ready(self.request.user, self.associate, self.standing, self.today)

    def get_page_title(self) -> Text:
        return pick(self.milestone, "title")

    def get_form_kwargs(self) -> dict[str, Any]:
        people = may_be_asked(self.milestone.confirmer, self.today).exclude(pk=self.associate.person_id)
        return {**super().get_form_kwargs(), "milestone": self.milestone, "people": list(people)}

    def get_initial(self) -> dict[str, Any]:
        row = self.standing.completion
        return {"asked_of": row.asked_of_id} if row else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.standing.completion
        kwargs.update(
            needs_evidence=self.milestone.kind in MilestoneKind.needs_evidence(),
            missing=row.moves.latest("pk").note if row and row.status == CompletionStatus.ASKED_AGAIN else "",
        )
        return super().get_context_data(**kwargs)

    def get_cancel_url(self) -> str:
        return self.detail_url()

    get_success_url = get_cancel_url

    def act(self, form: Any) -> Completion:
        return verbs.mark_ready(
            associate=self.associate,
            milestone=self.milestone,
            **form.cleaned_data,
            by=actor(self.request),
            today=self.today,
        )


class CompletionDecideView(CompletionMixin, ConfirmPageView):
    """Confirm, ask again, count without evidence, exempt, open again."""

    decision: Decision
    done_message = _("Recorded.")

    def load(self) -> None:
        super().load()
        decision = DECISIONS.get(self.kwargs["step"])
        if decision is None:
            raise Http404
        self.decision = decision
        self.page_title = self.submit_label = decision.label
        self.page_caption = f"{self.associate.person.name}: {pick(self.milestone, 'title')}"
        self.intro = decision.intro

    def get_verdict(self) -> Verdict:
        return rules.may_decide(self.request.user, self.associate, self.standing, self.decision.to, self.today)

    def get_form_class(self) -> type[forms.BaseForm]:
        return self.decision.form

    def get_cancel_url(self) -> str:
        return self.detail_url()

    get_success_url = get_cancel_url

    def act(self, form: Any) -> Completion:
        return self.decision.verb(
            associate=self.associate,
            milestone=self.milestone,
            **form.cleaned_data,
            by=actor(self.request),
            today=self.today,
        )


class EvidenceFileView(CompletionMixin, PageView):
    """One file, to be kept and not to be shown: whatever it holds, no browser runs it as a page of ours."""

    def get_verdict(self) -> Verdict:
        return rules.may_see_evidence(self.request.user, self.associate, self.standing, self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        rows = EvidenceFile.objects.filter(evidence__completion=self.standing.completion).select_related("evidence")
        file = get_object_or_404(rows, pk=kwargs["evidence"])
        return HttpResponse(
            bytes(file.content),
            content_type=file.evidence.file_type,
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.evidence.file_name)}",
                "Cache-Control": "no-store, private",
                "X-Content-Type-Options": "nosniff",
            },
        )


class CompletionListView(TablePageView):
    """What waits to be confirmed: for the programme team all of it, for lab leads and coaches what was sent to them."""

    template_name = "progress/completion_list.html"
    page_title = _("Milestones to confirm")
    caption = _("Milestones that wait for confirmation")
    columns = (
        Column("since", _("Since"), ("since",)),
        Column("person", _("Associate"), ("associate__person__name",)),
        Column("milestone", _("Milestone"), ("milestone__due_on",)),
        Column("cohort", _("Cohort"), ("associate__cohort__order",)),
    )
    default_sort = "since"

    def get_verdict(self) -> Verdict:
        return rules.may_confirm_anything(self.request.user, self.today)

    def get_rows(self) -> QuerySet[Completion]:
        newest = CompletionMove.objects.filter(thing=OuterRef("pk")).order_by("-effective_on", "-pk")
        rows = waiting_for(actor(self.request), self.today).annotate(since=Subquery(newest.values("effective_on")[:1]))
        return rows.select_related("milestone", "associate__person", "associate__cohort")
