"""The programme team's pages of a selection: ranked view, criteria, panel, decisions, release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import CohortMixin, actor, add_problems
from core.verdicts import Verdict
from core.views import ConfirmPageView, FormPageView, PageView, Text
from nominations.enums import NominationStatus, ReviewStatus
from nominations.forms.selection import CriteriaForm, DecisionForm, PanellistForm, RankingFilterForm, WhyForm
from nominations.models import Decision, Nomination, Panellist, Review
from nominations.queries import reviews as review_queries
from nominations.queries import selection as queries
from nominations.queries.reviews import conflicts
from nominations.rules import selection as rules
from nominations.services import decisions as decision_verbs
from nominations.services import reviews as review_verbs
from people.models import User
from people.queries.people import person_by_address


class SelectionMixin(CohortMixin):
    """A page of one cohort's selection, for the programme team."""

    def get_verdict(self) -> Verdict:
        return rules.may_run_selection(self.request.user, self.today)

    def selection_url(self) -> str:
        return reverse("nominations:selection", args=[self.cohort.slug])

    def get_cancel_url(self) -> str:
        return self.selection_url()

    def get_success_url(self) -> str:
        return self.selection_url()

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (_("Selection"), self.selection_url()))

    @cached_property
    def ranking(self) -> queries.Ranking:
        return queries.ranking_for(actor(self.request), self.cohort, self.today)

    @cached_property
    def prepared(self) -> list[Decision]:
        """Everything that waits for its release, the reader's to see or not."""
        return list(Decision.objects.filter(nomination__cohort=self.cohort, released_at__isnull=True))


class SelectionView(SelectionMixin, PageView):
    """The ranked view, what the prepared decisions make of the cohort, and the ways on."""

    template_name = "nominations/selection.html"
    page_title = _("Selection")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return CohortMixin.get_breadcrumbs(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = self.ranking.lines
        form = RankingFilterForm(self.request.GET or None)
        wanted = (form.values()["name"] or "").strip().casefold() if form.is_bound else ""
        shown = [line for line in lines if wanted in _words_of(line)] if wanted else lines
        free = queries.vacancies(self.cohort, lines)
        proposals = queries.reserve_candidates(self.cohort, lines, self.today) if free else []
        return super().get_context_data(
            lines=shown,
            withheld=self.ranking.withheld,
            stuck=queries.without_decider(self.ranking.withheld, self.today),
            filter_form=form,
            progress=queries.progress(lines),
            balance=queries.balance(self.cohort, lines),
            vacancies=free,
            proposals=proposals[:3],
            advantage=queries.advantage(proposals).label if proposals else "",
            release=rules.may_release(self.request.user, self.prepared, self.today),
            criteria=review_queries.criteria(self.cohort),
            change_criteria=rules.may_change_criteria(self.request.user, self.cohort, self.today),
            members=review_queries.panel(self.cohort, self.today).count(),
            **kwargs,
        )


def _words_of(line: queries.Ranked) -> str:
    organisation = line.nomination.organisation
    words = (line.nomination.person.name, organisation.name_en, organisation.name_cy, organisation.short_en)
    return " ".join(words).casefold()


class CriteriaView(SelectionMixin, FormPageView):
    """What the panel scores, and how much each counts."""

    template_name = "nominations/selection_criteria.html"
    page_title = _("Criteria")
    done_message = _("The criteria were saved.")

    def get_verdict(self) -> Verdict:
        return rules.may_change_criteria(self.request.user, self.cohort, self.today)

    def get_form(self, form_class: Any = None) -> CriteriaForm:  # noqa: ARG002
        form = CriteriaForm(self.request.POST or None, criteria=review_queries.criteria(self.cohort))
        form.cancel_url = self.get_cancel_url()
        return form

    def act(self, form: CriteriaForm) -> Any:
        try:
            return review_verbs.set_criteria(
                cohort=self.cohort, criteria=form.texts(), by=actor(self.request), today=self.today
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None


class PanelView(SelectionMixin, FormPageView):
    """Who reviews, how much each has to do, and with how many nominations they are in conflict."""

    template_name = "nominations/selection_panel.html"
    page_title = _("The panel")
    form_class = PanellistForm
    done_message = _("On the panel.")

    def act(self, form: PanellistForm) -> Panellist | None:
        person = person_by_address(form.cleaned_data["email"])
        if person is None:
            form.add_error("email", _("Nobody here has this address. Add the person first."))
            return None
        return review_verbs.join_panel(cohort=self.cohort, person=person, by=actor(self.request), today=self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            members=review_queries.members(self.cohort, self.today),
            needed=review_queries.REVIEWERS_NEEDED,
            **kwargs,
        )

    def get_success_url(self) -> str:
        return self.request.path


class PanelLeaveView(SelectionMixin, ConfirmPageView):
    """Take somebody off the panel."""

    page_title = _("Take off the panel")
    submit_label = _("Take off the panel")
    intro = _("Scores that were given stay. What is not scored goes to others.")
    done_message = _("Taken off the panel.")
    person: User

    def load(self) -> None:
        super().load()
        panel = review_queries.panel(self.cohort, self.today)
        self.person = get_object_or_404(panel, reference=self.kwargs["reference"])

    def get_page_title(self) -> Text:
        return f"{self.page_title}: {self.person.name}"

    def get_cancel_url(self) -> str:
        return reverse("nominations:selection-panel", args=[self.cohort.slug])

    get_success_url = get_cancel_url

    def act(self, form: Any) -> bool:  # noqa: ARG002
        review_verbs.leave_panel(cohort=self.cohort, person=self.person, by=actor(self.request), today=self.today)
        return True


class AssignView(SelectionMixin, ConfirmPageView):
    """Give every complete nomination its reviewers."""

    page_title = _("Assign the reviews")
    submit_label = _("Assign")
    intro = _(
        "Every complete nomination gets two reviewers: those with the least to do, and never somebody too close. "
        "Assigning again adds only what is missing."
    )

    def act(self, form: Any) -> dict[Nomination, int]:  # noqa: ARG002
        short = review_verbs.assign_reviews(cohort=self.cohort, by=actor(self.request), today=self.today)
        self.short = len(short)
        return short

    def get_done_message(self) -> Text:
        if self.short:
            return _("Assigned. Nominations that still lack a reviewer free of conflict: %(number)s.") % {
                "number": self.short
            }
        return _("Assigned. Every nomination has its reviewers.")


class NomineeMixin(SelectionMixin):
    """A page about one nomination; not found for whoever is too close to it."""

    page_title: Text
    nomination: Nomination

    def load(self) -> None:
        super().load()
        self.check_team()
        close = Nomination.objects.filter(conflicts(actor(self.request), self.today))
        rows = Nomination.objects.filter(cohort=self.cohort).exclude(pk__in=close.values("pk"))
        rows = rows.select_related("person", "organisation", "cohort", "nominee_part", "endorsement")
        self.nomination = get_object_or_404(rows, reference=self.kwargs["reference"])

    def check_team(self) -> None:
        """Who is not of the team is refused alike whether or not the nomination exists."""
        verdict = rules.may_run_selection(self.request.user, self.today)
        if not verdict:
            raise Http404

    def get_page_title(self) -> Text:
        return f"{self.page_title}: {self.nomination.person.name}"

    def own_url(self) -> str:
        return reverse("nominations:decision", args=[self.cohort.slug, self.nomination.reference])

    @cached_property
    def decision(self) -> Decision | None:
        return self.nomination.decisions.filter(released_at__isnull=True).select_related("prepared_by").first()


class DecisionView(NomineeMixin, FormPageView):
    """One nominee: what was said, the scores once all are in, and the decision."""

    template_name = "nominations/decision.html"
    page_title = _("Decision")
    done_message = _("Prepared. Nobody is told until a second person releases it.")

    def get_form(self, form_class: Any = None) -> DecisionForm:  # noqa: ARG002
        form = DecisionForm(self.request.POST or None, decision=self.decision, today=self.today)
        form.cancel_url = self.get_cancel_url()
        return form

    def act(self, form: DecisionForm) -> Decision | None:
        try:
            return decision_verbs.prepare_decision(
                nomination=self.nomination, **form.cleaned_data, by=actor(self.request), today=self.today
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        result = review_queries.result_of(self.nomination)
        return super().get_context_data(
            nomination=self.nomination,
            result=result,
            reviews=review_queries.with_scores(self.nomination, shown=result.is_in),
            criteria=review_queries.criteria(self.cohort),
            themes=list(self.nomination.themes.all()),
            decision=self.decision,
            released=list(
                self.nomination.decisions.filter(released_at__isnull=False).select_related("prepared_by", "released_by")
            ),
            is_open=bool(NominationStatus.moves()[NominationStatus(self.nomination.status)])
            and self.nomination.status in (*queries.IN_SELECTION, NominationStatus.INVITED),
            **kwargs,
        )


class DecisionTakeBackView(NomineeMixin, ConfirmPageView):
    """Undo what was prepared."""

    page_title = _("Take the decision back")
    submit_label = _("Take back")
    intro = _("Nobody was told. You can prepare another decision afterwards.")
    done_message = _("The decision was taken back.")

    def load(self) -> None:
        super().load()
        if self.decision is None:
            raise Http404

    def get_cancel_url(self) -> str:
        return self.own_url()

    def act(self, form: Any) -> bool:  # noqa: ARG002
        return decision_verbs.take_back_decision(nomination=self.nomination, by=actor(self.request), today=self.today)


class ReviewRecuseView(SelectionMixin, FormPageView):
    """Take a reviewer off one nomination."""

    page_title = _("Take the reviewer off")
    form_class = WhyForm
    submit_label = _("Take off")
    intro = _("Scores already given no longer count, and somebody else is assigned.")
    done_message = _("The reviewer was taken off.")
    review: Review

    def load(self) -> None:
        super().load()
        if not rules.may_run_selection(self.request.user, self.today):
            raise Http404
        close = Nomination.objects.filter(conflicts(actor(self.request), self.today))
        rows = Review.objects.filter(nomination__cohort=self.cohort).exclude(nomination__in=close.values("pk"))
        rows = rows.exclude(status=ReviewStatus.RECUSED).select_related("nomination__person", "reviewer")
        self.review = get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_verdict(self) -> Verdict:
        return rules.may_recuse(self.request.user, self.review, self.today)

    def get_page_title(self) -> Text:
        return f"{self.page_title}: {self.review.reviewer.name}, {self.review.nomination.person.name}"

    def get_cancel_url(self) -> str:
        return reverse("nominations:decision", args=[self.cohort.slug, self.review.nomination.reference])

    get_success_url = get_cancel_url

    def act(self, form: WhyForm) -> Review:
        return review_verbs.recuse(
            review=self.review, reason=form.cleaned_data["reason"], by=actor(self.request), today=self.today
        )


class ReleaseView(SelectionMixin, ConfirmPageView):
    """Everything that is prepared, before it is said."""

    template_name = "nominations/selection_release.html"
    page_title = _("Release the decisions")
    submit_label = _("Release and send")

    def get_verdict(self) -> Verdict:
        return rules.may_release(self.request.user, self.prepared, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [line for line in self.ranking.lines if line.decision]
        return super().get_context_data(lines=lines, withheld=len(self.prepared) - len(lines), **kwargs)

    def act(self, form: Any) -> int:  # noqa: ARG002
        return decision_verbs.release_decisions(cohort=self.cohort, by=actor(self.request), today=self.today)

    def get_done_message(self) -> Text:
        return _("Released, and the mails are on their way. Decisions: %(number)s.") % {"number": self.done}
