"""The list of a cohort's nominations, one nomination, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor, add_problems
from core.bilingual import pick
from core.forms import FilterForm
from core.verdicts import Verdict
from core.views import Column, ConfirmPageView, FormPageView, PageView, TablePageView, Text
from nominations.enums import LinkPurpose, NominationStatus
from nominations.forms.nominations import NominationFilterForm, NominationForm, WithdrawForm
from nominations.models import Nomination
from nominations.queries import nominations as queries
from nominations.queries.answers import lapses_on
from nominations.queries.links import last_sent
from nominations.rules import links as link_rules
from nominations.rules import nominations as rules
from nominations.services.merging import merge_nominations
from nominations.services.nominations import nominate, withdraw_nomination
from nominations.views.base import ForCohortMixin, NominationMixin
from people.queries.people import person_by_address
from people.queries.roles import roles_on


class NominationListView(ForCohortMixin, TablePageView):
    """A cohort's nominations, as far as the reader may see them."""

    template_name = "nominations/nomination_list.html"
    page_title = _("Nominations")
    caption = _("Nominations")
    default_sort = "name"
    columns = (
        Column("name", _("Name"), ("person__name",)),
        Column("organisation", _("Organisation"), ("organisation__short_en", "person__name")),
        Column("status", _("Status"), ("status", "person__name")),
        Column("part", _("The nominee’s part")),
        Column("endorsement", _("Endorsement")),
        Column("submitted", _("Submitted"), ("submitted_on", "person__name")),
    )

    def get_verdict(self) -> Verdict:
        return rules.may_view_list(self.request.user, self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return super().get_breadcrumbs()[:-1]

    def get_rows(self) -> QuerySet[Nomination]:
        rows = queries.visible_to(self.request.user, self.today).filter(cohort=self.cohort)
        return rows.select_related("person", "organisation", "nominee_part", "endorsement")

    def get_filter_form(self) -> FilterForm:
        return NominationFilterForm(self.request.GET or None, organisations=self.listed_organisations)

    @cached_property
    def listed_organisations(self) -> list[Any]:
        roles = roles_on(actor(self.request), self.today)
        if roles.is_auditor and not roles.runs_programme:
            return []
        return self.organisations

    def narrow(self, rows: QuerySet[Nomination], values: Mapping[str, Any]) -> QuerySet[Nomination]:
        if code := values.get("organisation"):
            rows = rows.filter(organisation__code=code)
        if status := values.get("status"):
            rows = rows.filter(status=status)
        if name := (values.get("name") or "").strip():
            rows = rows.filter(Q(person__name__icontains=name) | Q(person__email__icontains=name))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, today = self.request.user, self.today
        context.update(
            nominate=rules.may_nominate_for_some(user, self.cohort, today),
            recruitment=rules.may_view_recruitment(user, today),
        )
        return context


class NominationDetailView(NominationMixin, PageView):
    """One nomination: what was said, what is still awaited, its history, and who else may be the same person."""

    template_name = "nominations/nomination_detail.html"

    def get_verdict(self) -> Verdict:
        return rules.may_view_nomination(self.request.user, self.nomination, self.today)

    def get_page_title(self) -> Text:
        return self.nomination.person.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nomination, user, today = self.nomination, self.request.user, self.today
        acts = self.acts
        moves = list(nomination.moves.select_related("by"))
        began = [move.effective_on for move in moves if move.to_status == NominationStatus.INVITED]
        return super().get_context_data(
            acts=acts,
            part=getattr(nomination, "nominee_part", None),
            endorsement=getattr(nomination, "endorsement", None),
            themes=[pick(theme, "name") for theme in nomination.themes.all()],
            history=[{"move": move, "status": NominationStatus(move.to_status)} for move in moves],
            merged=list(nomination.merged.select_related("person")),
            lookalikes=queries.lookalikes(nomination) if acts else [],
            links=self.open_links() if acts else [],
            lapses_on=lapses_on(max(began)) if nomination.status == NominationStatus.INVITED else None,
            withdraw=rules.may_withdraw(user, nomination, today),
            revive=rules.may_revive(user, nomination, today) if nomination.status == NominationStatus.LAPSED else None,
            team=roles_on(actor(self.request), today).runs_programme,
            **kwargs,
        )

    def open_links(self) -> list[dict[str, Any]]:
        """Each answer that is missing: what was sent for it last, and whether it may be sent again."""
        nomination = self.nomination
        answered = {
            LinkPurpose.NOMINEE: hasattr(nomination, "nominee_part"),
            LinkPurpose.MANAGER: hasattr(nomination, "endorsement"),
        }
        sent = last_sent(nomination)
        return [
            {
                "purpose": purpose,
                "link": sent.get(purpose),
                "again": link_rules.may_send_again(self.request.user, nomination, purpose, self.today),
            }
            for purpose in LinkPurpose
            if link_rules.is_open_for(nomination, purpose) and not answered.get(purpose)
        ]


class NominationCreateView(ForCohortMixin, FormPageView):
    """Put one person forward."""

    template_name = "nominations/nomination_create.html"
    page_title = _("Nominate somebody")
    form_class = NominationForm

    def get_verdict(self) -> Verdict:
        return rules.may_nominate_for_some(self.request.user, self.cohort, self.today)

    @cached_property
    def over(self) -> Verdict | None:
        """The warning about places, when it is clear for which organisation."""
        if len(self.organisations) != 1:
            return None
        return rules.is_within_places(self.cohort, self.organisations[0])

    def get_form_kwargs(self) -> dict[str, Any]:
        over = self.over is not None and not self.over
        return {**super().get_form_kwargs(), "organisations": self.organisations, "themes": self.themes, "over": over}

    def act(self, form: NominationForm) -> Nomination | None:
        organisation = form.chosen_organisation
        known = person_by_address(form.cleaned_data["email"])
        self.was_there = bool(known and queries.standing(self.cohort, known))
        try:
            return nominate(
                cohort=self.cohort,
                organisation=organisation,
                **form.values(),
                by=actor(self.request),
                today=self.today,
            )
        except ValidationError as problems:
            for name in problems.message_dict if hasattr(problems, "error_dict") else ():
                if name in ("over_places_reason", "elsewhere_reason"):
                    form.ask_for(name)
            add_problems(form, problems)
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(over=self.over, **kwargs)

    def get_done_message(self) -> Text:
        if self.was_there:
            return _("This person was nominated already. Nothing was sent again.")
        return _("Nominated. The nominee and the line manager are being asked by email.")

    def get_success_url(self) -> str:
        return reverse("nominations:nomination-detail", args=[self.cohort.slug, self.done.reference])


class NominationWithdrawView(NominationMixin, FormPageView):
    """Take a nomination back."""

    page_title = _("Withdraw the nomination")
    form_class = WithdrawForm
    intro = _("The links that were sent stop working. The nomination and its history stay on record.")
    done_message = _("The nomination was withdrawn.")

    def get_page_title(self) -> Text:
        return f"{self.page_title}: {self.nomination.person.name}"

    def get_verdict(self) -> Verdict:
        return rules.may_withdraw(self.request.user, self.nomination, self.today)

    def act(self, form: Any) -> Nomination:
        reason = form.cleaned_data["reason"]
        return withdraw_nomination(nomination=self.nomination, reason=reason, by=actor(self.request), today=self.today)

    def get_success_url(self) -> str:
        return self.own_url()


class NominationMergeView(NominationMixin, ConfirmPageView):
    """Join another nomination of the same person into this one."""

    template_name = "nominations/nomination_merge.html"
    page_title = _("Merge two nominations")
    submit_label = _("Merge: keep this one")
    done_message = _("Merged. Both histories are kept.")
    other: Nomination

    def load(self) -> None:
        super().load()
        rows = queries.visible_to(self.request.user, self.today).filter(cohort=self.nomination.cohort)
        other = rows.filter(reference=self.kwargs["other"]).select_related("person", "organisation").first()
        if other is None:
            raise Http404
        self.other = other

    def get_verdict(self) -> Verdict:
        return rules.may_merge(self.request.user, self.nomination, self.other, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(other=self.other, both=(self.nomination, self.other), **kwargs)

    def act(self, form: Any) -> Nomination:  # noqa: ARG002
        return merge_nominations(kept=self.nomination, other=self.other, by=actor(self.request), today=self.today)

    def get_success_url(self) -> str:
        return self.own_url()
