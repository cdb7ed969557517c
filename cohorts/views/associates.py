"""Enrolling one person, and the dated changes of an associate's status."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.enums import AssociateStatus
from cohorts.forms.associates import AssociateForm, LeavingForm, StatusForm
from cohorts.models import Associate
from cohorts.queries import associates as queries
from cohorts.services import associates as verbs
from cohorts.views.base import CohortMixin, actor
from core.verdicts import Verdict
from core.views import FormPageView, Text
from people.models import User
from people.queries.organisations import active_on


class AssociateCreateView(CohortMixin, FormPageView):
    """Enrol one person."""

    template_name = "cohorts/associate_create.html"
    page_title = _("Enrol one person")
    form_class = AssociateForm

    def get_verdict(self) -> Verdict:
        return rules.may_enrol(self.request.user, self.cohort, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organisations": active_on(self.today)}

    def act(self, form: Any) -> Any:
        before = set(self.cohort.associates.values_list("pk", flat=True))
        associate = verbs.enrol_associate(
            cohort=self.cohort, **form.cleaned_data, by=actor(self.request), today=self.today
        )
        self.was_there = associate.pk in before
        return associate

    def get_done_message(self) -> Text:
        name = self.done.person.name
        if self.was_there:
            return _("Already in this cohort, so nothing was changed: %(name)s") % {"name": name}
        return _("Enrolled: %(name)s. They are being told by email.") % {"name": name}

    def get_success_url(self) -> str:
        return self.cohort_url()


class AssociateMixin(CohortMixin):
    """Finds the associate among those of this cohort that the reader may see; else the page is not found."""

    associate: Associate

    def load(self) -> None:
        super().load()
        rows = queries.visible_to(self.request.user, self.today).filter(cohort=self.cohort)
        rows = queries.with_spell(rows, self.today).select_related("person")
        self.associate = get_object_or_404(rows, person__reference=self.kwargs["reference"])
        self.associate.cohort = self.cohort

    @property
    def is_own(self) -> bool:
        return self.associate.person_id == self.request.user.pk

    def journey_url(self) -> str:
        return reverse("progress:associate-journey", args=[self.cohort.slug, self.associate.person.reference])


@dataclass(frozen=True)
class Action:
    """A change of status as the page offers it."""

    name: str
    label: Text
    verdict: Verdict


def actions_for(user: User | AnonymousUser, associate: Associate, today: date) -> list[Action]:
    """What the programme team can record: what the table of moves allows, each with its rule's answer."""
    if not rules.runs_programme(user, today):
        return []
    allowed = AssociateStatus.moves()[AssociateStatus(associate.status)]
    return [
        Action(name, change.label_for(associate), rules.may_record(user, associate, to, today))
        for name, change in CHANGES.items()
        if (to := change.to_for(associate)) in allowed and change.fits(associate)
    ]


@dataclass(frozen=True)
class StatusChange:
    """A change of status: words, verb, form."""

    label: Text
    intro: Text
    to: AssociateStatus | None
    verb: Callable[..., Associate]
    form: type[StatusForm] = StatusForm
    only_from: frozenset[AssociateStatus] = frozenset(AssociateStatus)

    def to_for(self, associate: Associate) -> AssociateStatus:
        """What the associate becomes."""
        return self.to or rules.leaving_status(associate)

    def fits(self, associate: Associate) -> bool:
        return associate.status in self.only_from

    def label_for(self, associate: Associate) -> Text:
        """Who never started does not leave."""
        if self.to is None and associate.status == AssociateStatus.ENROLLED:
            return _("Will not start")
        return self.label


CHANGES = {
    "start": StatusChange(
        _("Has started"),
        _("The person takes part from the day you give."),
        AssociateStatus.ACTIVE,
        verbs.start_associate,
        only_from=frozenset({AssociateStatus.ENROLLED}),
    ),
    "complete": StatusChange(
        _("Has completed"),
        _("The person has completed the programme. This cannot be taken back."),
        AssociateStatus.COMPLETED,
        verbs.complete_associate,
    ),
    "pause": StatusChange(
        _("Pause"),
        _("While paused, the person gets no reminders and keeps the place."),
        AssociateStatus.PAUSED,
        verbs.pause_associate,
    ),
    "resume": StatusChange(
        _("Takes part again"),
        _("Reminders start again from the day you give."),
        AssociateStatus.ACTIVE,
        verbs.resume_associate,
        only_from=frozenset({AssociateStatus.PAUSED}),
    ),
    "withdraw": StatusChange(
        _("Has left"),
        _("Reminders stop from the day you give. This cannot be taken back."),
        None,
        verbs.withdraw_associate,
        LeavingForm,
    ),
}


class AssociateStatusView(AssociateMixin, FormPageView):
    """Record a change of status, with its day."""

    change: StatusChange
    done_message = _("Recorded.")

    def load(self) -> None:
        super().load()
        change = CHANGES.get(self.kwargs["step"])
        if change is None or not rules.runs_programme(self.request.user, self.today):
            raise Http404
        self.change = change
        self.page_title = self.change.label_for(self.associate)
        self.page_caption = self.associate.person.name
        self.intro = self.change.intro
        self.submit_label = _("Record")

    def get_verdict(self) -> Verdict:
        if not self.change.fits(self.associate):
            return rules.may_record(self.request.user, self.associate, AssociateStatus.ENROLLED, self.today)
        return rules.may_record(self.request.user, self.associate, self.change.to_for(self.associate), self.today)

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return (*super().get_breadcrumbs(), (self.associate.person.name, self.journey_url()))

    def get_cancel_url(self) -> str:
        return self.journey_url()

    def get_form_class(self) -> type[StatusForm]:
        return self.change.form

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "associate": self.associate, "today": self.today}

    def act(self, form: Any) -> Any:
        return self.change.verb(associate=self.associate, **form.cleaned_data, by=actor(self.request), today=self.today)

    def get_success_url(self) -> str:
        return self.journey_url()
