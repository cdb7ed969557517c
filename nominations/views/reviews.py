"""A reviewer's own pages: the list, one nomination to score, and stepping back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor, add_problems
from core.verdicts import Verdict
from core.views import FormPageView, PageView, RuleRequiredMixin, Text
from nominations.enums import ReviewStatus
from nominations.forms.selection import ReviewForm, WhyForm
from nominations.models import Review
from nominations.queries import reviews as queries
from nominations.rules import selection as rules
from nominations.services import reviews as verbs


class ReviewListView(PageView):
    """What waits for one's scores, the least reviewed first, and what one has done."""

    template_name = "nominations/review_list.html"
    page_title = _("My reviews")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        done = queries.visible_to(user, self.today).exclude(status=ReviewStatus.ASSIGNED)
        return super().get_context_data(
            waiting=list(queries.to_do(user, self.today)),
            done=list(
                done.select_related("nomination__person", "nomination__organisation", "nomination__cohort").order_by(
                    "-submitted_at", "-pk"
                )
            ),
            **kwargs,
        )


class ReviewMixin(RuleRequiredMixin):
    """Finds the reader's own review; one of somebody too close to them is not found."""

    review: Review

    def load(self) -> None:
        super().load()
        rows = queries.visible_to(self.request.user, self.today).select_related(
            "nomination__person",
            "nomination__organisation",
            "nomination__cohort",
            "nomination__nominee_part",
            "nomination__endorsement",
            "reviewer",
        )
        self.review = get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return ((_("My reviews"), reverse("nominations:review-list")),)

    def get_page_title(self) -> Text:
        return self.review.nomination.person.name


class ReviewView(ReviewMixin, FormPageView):
    """Score one nomination. Others' scores are there once all are in."""

    template_name = "nominations/review.html"

    @cached_property
    def may(self) -> Verdict:
        return rules.may_review(self.request.user, self.review, self.today)

    @property
    def is_open(self) -> bool:
        return bool(self.may) and self.review.status in (ReviewStatus.ASSIGNED, ReviewStatus.SUBMITTED)

    def get_form(self, form_class: Any = None) -> ReviewForm:  # noqa: ARG002
        criteria = queries.criteria(self.review.nomination.cohort)
        return ReviewForm(self.request.POST or None, criteria=criteria, review=self.review)

    def act(self, form: ReviewForm) -> Review | None:
        try:
            return verbs.submit_review(
                review=self.review,
                points=form.points(),
                comment=form.cleaned_data["comment"],
                by=actor(self.request),
                today=self.today,
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nomination = self.review.nomination
        result = queries.result_of(nomination)
        return super().get_context_data(
            review=self.review,
            nomination=nomination,
            themes=list(nomination.themes.all()),
            is_open=self.is_open,
            may=self.may,
            result=result,
            criteria=queries.criteria(nomination.cohort),
            reviews=queries.with_scores(nomination, shown=True) if result.is_in else [],
            left=queries.to_do(self.request.user, self.today).count(),
            **kwargs,
        )

    def get_done_message(self) -> Text:
        return _("Saved: %(name)s.") % {"name": self.review.nomination.person.name}

    def get_success_url(self) -> str:
        following = queries.to_do(self.request.user, self.today).exclude(pk=self.review.pk).first()
        if following is None or "stay" in self.request.POST:
            return reverse("nominations:review-list")
        return reverse("nominations:review", args=[following.pk])


class ReviewAbstainView(ReviewMixin, FormPageView):
    """“I would rather not score this one.”"""

    form_class = WhyForm
    submit_label = _("Abstain")
    intro = _("You need not say more than you want to. Somebody else is assigned.")
    done_message = _("You abstained. Somebody else is asked.")

    def get_page_title(self) -> Text:
        return f"{_('Abstain')}: {self.review.nomination.person.name}"

    def get_verdict(self) -> Verdict:
        return rules.may_abstain(self.request.user, self.review, self.today)

    def get_cancel_url(self) -> str:
        return reverse("nominations:review", args=[self.review.pk])

    def get_success_url(self) -> str:
        return reverse("nominations:review-list")

    def act(self, form: WhyForm) -> Review:
        return verbs.abstain(
            review=self.review, reason=form.cleaned_data["reason"], by=actor(self.request), today=self.today
        )
