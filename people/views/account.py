"""A person's own account: name, language, addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account import views as account
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from core.views import FormPageView, PageMixin, PageView, Text
from people.enums import Language, LanguageSource
from people.forms.account import LanguageForm, NameForm
from people.queries.history import person_spells
from people.queries.people import addresses_of
from people.queries.roles import roles_of
from people.queries.second_step import second_steps
from people.services.people import record_language, rename_person
from people.views.base import actor


def account_trail() -> Sequence[tuple[Text, str]]:
    """The way up from a page of one's own account."""
    return [(_("Your account"), reverse("people:account"))]


class AccountPageView(PageView):
    """What we know about you, and where to change it."""

    template_name = "people/account.html"
    page_title = _("Your account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = actor(self.request)
        addresses = list(addresses_of(user))
        kwargs.update(
            addresses=addresses,
            steps=list(second_steps(user)),
            language_label=Language(user.language).label,
            spells=person_spells(user, viewer=user, today=self.today),
            roles=[(role, role.holds_on(self.today), role.window.last_day) for role in roles_of(user)],
        )
        return super().get_context_data(**kwargs)


class NamePageView(FormPageView):
    """Change the name used."""

    form_class = NameForm
    page_title = _("Name used")
    done_message = _("Your name has been changed.")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return account_trail()

    def get_initial(self) -> dict[str, Any]:
        return {"name": actor(self.request).name}

    def act(self, form: BaseForm) -> Any:
        user = actor(self.request)
        return rename_person(person=user, name=form.cleaned_data["name"], by=user, today=self.today)

    def get_success_url(self) -> str:
        return reverse("people:account")


class LanguagePageView(FormPageView):
    """Change the language for correspondence."""

    form_class = LanguageForm
    page_title = _("Language for correspondence")
    done_message: Text = _("Your choice of language has been saved.")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return account_trail()

    def get_initial(self) -> dict[str, Any]:
        return {"language": actor(self.request).language}

    def act(self, form: BaseForm) -> Any:
        user = actor(self.request)
        language = form.cleaned_data["language"]
        return record_language(person=user, language=language, source=LanguageSource.PERSON, by=user, today=self.today)

    def get_success_url(self) -> str:
        return reverse("people:account")


class AskLanguagePageView(LanguagePageView):
    """The one question after signing in for the first time. It can be left for later; it is then asked again."""

    template_name = "people/language_ask.html"
    page_title = _("One question first")
    done_message: Text = ""
    submit_label = _("Save and continue")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return ()

    def get_next_url(self) -> str:
        """Where the person was going."""
        url = self.request.POST.get("next") or self.request.GET.get("next") or ""
        if url_has_allowed_host_and_scheme(url, {self.request.get_host()}, require_https=self.request.is_secure()):
            return url
        return resolve_url("reports:home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next_url=self.get_next_url(), **kwargs)

    def get_success_url(self) -> str:
        return self.get_next_url()


class AddressesPageView(LoginRequiredMixin, PageMixin, account.EmailView):
    """One's own addresses: add, confirm, make the main one, remove."""

    page_title = _("Your email addresses")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return account_trail()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)


class ConfirmAddressPageView(LoginRequiredMixin, PageMixin, account.ConfirmEmailVerificationCodeView):
    """The code that was sent to a new address."""

    page_title = _("Confirm your new address")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [*account_trail(), (_("Email addresses"), reverse("account_email"))]

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._action != "verify" or self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        messages.error(self.request, str(_("That code was wrong too often and no longer works. Ask for a new one.")))
        return HttpResponse(status=302, headers={"Location": reverse("account_email")})
