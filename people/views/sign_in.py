"""Signing in: address, code, second step; and out. allauth does the work, in our frame and words."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as mfa
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import LANGUAGES
from core.views import PageMixin, PageView
from people.forms.second_step import SecondStepForm

GONE = _("That code is too old, or has been used already. Ask for a new one.")
TOO_MANY = _("That code was wrong too often and no longer works. Ask for a new one.")


class Named:
    """A provider with its name in both languages, for the filter `bi`."""

    def __init__(self, provider: dict[str, Any]) -> None:
        self.id = provider["id"]
        for language in LANGUAGES:
            setattr(self, f"name_{language}", provider[f"name_{language}"])


class SignInPageView(PageMixin, account.RequestLoginCodeView):
    """One field: the e-mail address. Whether anybody is known there shows nowhere."""

    public = True
    page_title = _("Sign in")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "again" in request.GET and not request.user.is_authenticated:
            clear_login(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["providers"] = [Named(provider) for provider in settings.OIDC_PROVIDERS]
        return super().get_context_data(**kwargs)


class SignInCodePageView(PageMixin, account.ConfirmLoginCodeView):
    """The code that was sent. One that is wrong, old or used gets a sentence that says so."""

    public = True
    page_title = _("Enter the code from your email")

    # allauth's own decorator leads away without a word; here the person hears why.
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = LoginStageController.enter(request, LoginByCodeStage.key)
        if not request.user.is_authenticated and (asked is None or _is_old(asked)):
            if request.method == "POST" or asked is not None:
                messages.error(request, str(GONE))
            clear_login(request)
            return HttpResponseRedirect(reverse("account_login"))
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        messages.error(self.request, str(TOO_MANY))
        return HttpResponseRedirect(reverse("account_login"))


def _is_old(stage: LoginByCodeStage) -> bool:
    process = account.flows.login_by_code.LoginCodeVerificationProcess(stage)
    return not process.is_valid()


class SecondStepPageView(PageMixin, mfa.AuthenticateView):
    """The second step at signing in: passkey, authenticator app or a recovery code."""

    public = True
    page_title = _("Confirm that it is you")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's view forgets what it is given.
        context = {**super().get_context_data(**kwargs), "page_title": self.get_page_title()}
        steps = set(self.stage.login.user.authenticator_set.values_list("type", flat=True))
        context.update(has_passkey="webauthn" in steps, has_app="totp" in steps, has_codes="recovery_codes" in steps)
        if not {"totp", "recovery_codes"} & steps:
            context["form"] = None
        elif "totp" not in steps:
            context["form"].fields["code"].label = _("Recovery code")
            context["form"].fields["code"].help_text = _("One of the codes you kept for this.")
        return context

    def form_invalid(self, form: Any) -> HttpResponse:
        if not isinstance(form, SecondStepForm):
            for text in form.errors.get("credential", []):
                messages.error(self.request, text)
        return super().form_invalid(form)


class PasskeySignInView(webauthn.LoginWebAuthnView):
    """Takes what the passkey said. It has no page: the button is on the sign-in page."""

    public = True

    def form_valid(self, form: Any) -> HttpResponse:
        # allauth's own forgets where the person was going, and that a passkey was used just now.
        step = form.cleaned_data["credential"]
        post_authentication(self.request, step, reauthenticated=True, passwordless=True)
        login = Login(user=step.user, redirect_url=get_next_redirect_url(self.request))
        return perform_login(self.request, login)


class NotRegisteredPageView(PageView):
    """How to take part, for somebody whose address nobody knows. Linked from the letter they get."""

    public = True
    template_name = "account/not_registered.html"
    page_title = _("If we do not know your address")


class InactivePageView(PageMixin, account.AccountInactiveView):
    """The account was closed."""

    public = True
    page_title = _("This account is closed")


class SignOutPageView(PageMixin, account.LogoutView):
    """A link to it asks; only the button signs out."""

    public = True
    page_title = _("Sign out")

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.request.user.is_authenticated:
            return HttpResponseRedirect(reverse("pages:front"))
        return super().get(*args, **kwargs)
