"""Changing a person's dated facts: employment, roles, addresses, a lost second step."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from core.bilingual import pick
from core.verdicts import Verdict
from core.views import ConfirmPageView, FormPageView
from people import rules
from people.enums import RoleKind
from people.forms.people import (
    AskResetForm,
    EmploymentForm,
    EndEmploymentForm,
    EndRoleForm,
    GiveRoleForm,
    RecordAddressForm,
)
from people.models import Employment, Role, SecondStepReset
from people.queries import organisations as organisation_queries
from people.queries.second_step import open_reset
from people.services.addresses import record_address
from people.services.people import employ, end_employment
from people.services.roles import end_role, give_role
from people.services.second_step import ask_second_step_reset, confirm_second_step_reset
from people.views.base import PersonMixin, TeamOnlyMixin, actor
from people.views.people import kinds_to_give


class EmploymentAddPageView(TeamOnlyMixin, FormPageView):
    """Record where somebody works."""

    form_class = EmploymentForm
    page_title = _("Record employment")
    done_message = _("The employment has been recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "organisations": organisation_queries.active_on(self.today)}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.today}

    def act(self, form: BaseForm) -> Employment:
        return employ(person=self.person, **form.cleaned_data, by=actor(self.request), today=self.today)


class EmploymentEndPageView(TeamOnlyMixin, FormPageView):
    """Somebody leaves an organisation; the row stays, with its end."""

    form_class = EndEmploymentForm
    page_title = _("End this employment")
    done_message = _("The end of the employment has been recorded.")
    employment: Employment

    def load(self) -> None:
        super().load()
        rows = Employment.objects.filter(person=self.person).select_related("organisation")
        self.employment = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.intro = pick(self.employment.organisation, "name")

    def act(self, form: BaseForm) -> Employment:
        return end_employment(
            employment=self.employment, until=form.cleaned_data["until"], by=actor(self.request), today=self.today
        )


class RoleGivePageView(PersonMixin, FormPageView):
    """Give a role. Nobody gives one to themselves."""

    form_class = GiveRoleForm
    page_title = _("Give a role")
    done_message = _("The role has been given.")

    def get_verdict(self) -> Verdict:
        # Any role will do for the door; the verb asks about the one that was chosen.
        return rules.may_give_role(self.request.user, person=self.person, kind=RoleKind.COACH, today=self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "organisations": organisation_queries.active_on(self.today),
            "kinds": kinds_to_give(actor(self.request), self.today),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.today}

    def act(self, form: BaseForm) -> Role:
        values = dict(form.cleaned_data)
        tell = values.pop("invite")
        return give_role(person=self.person, **values, tell=tell, by=actor(self.request), today=self.today)


class RoleEndPageView(PersonMixin, FormPageView):
    """End a role. The last coordinator of an organisation goes only after a warning that was read."""

    form_class = EndRoleForm
    template_name = "people/role_end.html"
    page_title = _("End this role")
    done_message = _("The end of the role has been recorded.")
    role: Role

    def load(self) -> None:
        super().load()
        rows = Role.objects.filter(person=self.person).select_related("organisation", "person")
        self.role = get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_verdict(self) -> Verdict:
        return rules.may_end_role(self.request.user, role=self.role, today=self.today)

    def get_warning(self) -> Verdict:
        """The warning about a last coordinator, on the day asked for if it is known, else today."""
        return rules.is_warned_about_last_coordinator(self.role, getattr(self, "until", self.today))

    def get_form_kwargs(self) -> dict[str, Any]:
        asks = self.request.method == "POST" or not self.get_warning()
        return {**super().get_form_kwargs(), "asks_confirmation": asks}

    def get_initial(self) -> dict[str, Any]:
        return {"until": self.today}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(role=self.role, last=self.get_warning(), **kwargs)

    def act(self, form: BaseForm) -> Role:
        self.until = form.cleaned_data["until"]
        return end_role(
            role=self.role,
            until=self.until,
            confirmed=form.cleaned_data.get("confirmed", False),
            by=actor(self.request),
            today=self.today,
        )


class AddressRecordPageView(PersonMixin, FormPageView):
    """Another address for somebody who lost the one they had."""

    form_class = RecordAddressForm
    page_title = _("Record another address")
    done_message = _("The address has been recorded. The addresses known before have been told.")
    intro = _(
        "For somebody who can no longer read their emails. Everybody else adds an address on their own account page."
    )

    def get_verdict(self) -> Verdict:
        return rules.may_record_address(self.request.user, person=self.person, today=self.today)

    def act(self, form: BaseForm) -> Any:
        return record_address(
            person=self.person,
            email=form.cleaned_data["email"],
            make_primary=form.cleaned_data["make_primary"],
            by=actor(self.request),
            today=self.today,
        )


class ResetAskPageView(PersonMixin, FormPageView):
    """Ask for somebody's second step to be taken away."""

    form_class = AskResetForm
    page_title = _("Reset the second step")
    intro = _(
        "For somebody who lost their passkey or authenticator app and their recovery codes. "
        "A second member of the programme team has to confirm it."
    )
    done_message = _("Asked. Now somebody else in the programme team has to confirm it on this page.")

    def get_verdict(self) -> Verdict:
        return rules.may_ask_second_step_reset(self.request.user, person=self.person, today=self.today)

    def act(self, form: BaseForm) -> SecondStepReset:
        reason = form.cleaned_data["reason"]
        return ask_second_step_reset(person=self.person, reason=reason, by=actor(self.request), today=self.today)


class ResetConfirmPageView(PersonMixin, ConfirmPageView):
    """Confirm what a colleague asked for."""

    template_name = "people/reset_confirm.html"
    page_title = _("Confirm the reset of the second step")
    submit_label = _("Confirm the reset")
    done_message = _("Done. The person can sign in with a code by email and set up a new second step.")
    reset: SecondStepReset

    def load(self) -> None:
        super().load()
        if not rules.may_manage_people(self.request.user, self.today):
            raise Http404
        reset = open_reset(self.person)
        if reset is None:
            raise Http404
        self.reset = reset

    def get_verdict(self) -> Verdict:
        return rules.may_confirm_second_step_reset(self.request.user, reset=self.reset, today=self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reset=self.reset, **kwargs)

    def act(self, form: BaseForm) -> SecondStepReset:  # noqa: ARG002 (nothing was asked)
        return confirm_second_step_reset(reset=self.reset, by=actor(self.request), today=self.today)
