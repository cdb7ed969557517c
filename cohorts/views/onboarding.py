"""What a new associate is asked to do and to agree to, and who is missing what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.enums import AgreementKind, OnboardingKind
from cohorts.forms.onboarding import NO, YES, AgreeForm, ConsentForm, NeedsForm, ReadForm
from cohorts.models import Agreement
from cohorts.queries.onboarding import Step, agreements_on, last_answer, open_by_associate, steps_of
from cohorts.services.onboarding import answer_agreement, check_needs
from cohorts.views.base import CohortMixin, actor
from core.bilingual import pick
from core.verdicts import Verdict
from core.views import FormPageView, PageView, Text
from people.models import Needs, User

FORMS = {
    AgreementKind.PRIVACY: ReadForm,
    AgreementKind.COACHING: AgreeForm,
    AgreementKind.IMAGE: ConsentForm,
}


CHANGEABLE = AgreementKind.may_refuse()


def address_of(kind: OnboardingKind) -> str:
    """The page on which a task is done."""
    if kind == OnboardingKind.LANGUAGE:
        return reverse("people:account-language")
    if kind == OnboardingKind.NEEDS:
        return reverse("cohorts:onboarding-needs")
    return reverse("cohorts:agreement", args=[kind.value])


def status_of(step: Step) -> tuple[Text, str]:
    """(words, colour) of a task's label."""
    if step.done:
        return _("Done"), "green"
    if step.again:
        return _("Changed: please look again"), "orange"
    return (_("Overdue"), "red") if step.overdue else (_("To do"), "yellow")


def task_of(step: Step, reader: User) -> dict[str, Any]:
    """A line of the task list: what, by when, who, and whether it is done."""
    status, colour = status_of(step)
    who = _("you") if step.task.owner_id == reader.pk else step.task.owner.name
    return {
        "title": step.kind.label,
        "url": address_of(step.kind),
        "hint": _("By: %(day)s. Who: %(who)s") % {"day": date_format(step.task.due_on, "j F Y"), "who": who},
        "status": status,
        "colour": colour,
    }


class OnboardingView(PageView):
    """One's own list: what, who, by when, and whether it is done."""

    template_name = "cohorts/onboarding.html"
    page_title = _("Before your first day")

    def get_verdict(self) -> Verdict:
        return rules.has_onboarding(self.request.user, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor(self.request)
        steps = steps_of(user, self.today)
        parts: dict[int, dict[str, Any]] = {}
        for step in steps:
            cohort = step.task.associate.cohort
            part = parts.setdefault(cohort.pk, {"cohort": cohort, "tasks": []})
            part["tasks"].append(task_of(step, user))
        kwargs.update(parts=list(parts.values()), all_done=all(step.done for step in steps))
        return super().get_context_data(**kwargs)


class OnboardingStepMixin:
    """A page on which one task is done."""

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Before your first day"), reverse("cohorts:onboarding"))]

    def get_cancel_url(self) -> str:
        return reverse("cohorts:onboarding")

    def get_success_url(self) -> str:
        return reverse("cohorts:onboarding")


class AgreementView(OnboardingStepMixin, FormPageView):
    """A text in force, and what one says to it."""

    template_name = "cohorts/agreement.html"
    done_message = _("Your answer is saved.")
    agreement: Agreement | None = None

    def load(self) -> None:
        if self.kwargs["kind"] not in AgreementKind.values:
            raise Http404
        self.agreement = agreements_on(self.today).get(self.kwargs["kind"])

    def get_verdict(self) -> Verdict:
        return rules.may_answer_agreement(self.request.user, self.kwargs["kind"], self.today)

    def get_page_title(self) -> Text:
        return pick(self.agreement, "title") if self.agreement else ""

    def get_form_class(self) -> Any:
        return FORMS[AgreementKind(self.kwargs["kind"])]

    def get_initial(self) -> dict[str, Any]:
        if self.given is None:
            return {}
        return {"answer": YES if self.given.accepted else NO}

    @property
    def given(self) -> Any:
        return last_answer(actor(self.request), self.agreement) if self.agreement else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self.given
        kwargs.update(agreement=self.agreement, given=given)
        if given is not None and given.accepted and self.agreement and self.agreement.kind not in CHANGEABLE:
            kwargs["form"] = None  # said once, it is said
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> Any:
        return answer_agreement(
            kind=self.kwargs["kind"],
            accepted=form.cleaned_data.get("answer", YES) == YES,
            language=(get_language() or "en")[:2],
            by=actor(self.request),
            today=self.today,
        )


class OnboardingNeedsView(OnboardingStepMixin, FormPageView):
    """Working days, Welsh in sessions, access needs: filled in with what was said before."""

    page_title = OnboardingKind.NEEDS.label
    form_class = NeedsForm
    done_message = _("Saved. Thank you.")

    def get_verdict(self) -> Verdict:
        return rules.has_onboarding(self.request.user, self.today)

    def get_initial(self) -> dict[str, Any]:
        user = actor(self.request)
        needs = Needs.objects.filter(person=user).first()
        spells = user.employments.on(self.today).order_by("-starts_on")
        days: list[int] = next((spell.working_days for spell in spells if spell.working_days), [])
        return {
            "working_days": days,
            "welsh_in_sessions": needs.welsh_in_sessions if needs else "",
            "access_needs": needs.access_needs if needs else "",
        }

    def act(self, form: Any) -> Any:
        return check_needs(**form.cleaned_data, by=actor(self.request), today=self.today)


class CohortOnboardingView(CohortMixin, PageView):
    """Who is missing what, for the programme team. What people need is not shown, only whether they have said it."""

    template_name = "cohorts/cohort_onboarding.html"
    page_title = _("Before the first day: who is missing what")

    def get_verdict(self) -> Verdict:
        return rules.may_follow_onboarding(self.request.user, self.cohort, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [
            {
                "associate": associate,
                "missing": [(step.kind.label, step.task.due_on, step.overdue) for step in missing],
            }
            for associate, missing in open_by_associate(self.cohort, self.today)
        ]
        kwargs.update(lines=lines, missing=sum(bool(line["missing"]) for line in lines))
        return super().get_context_data(**kwargs)
