"""Setting up the second step: passkeys, authenticator app, recovery codes. allauth does the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from core import clock
from core.views import PageMixin, Text
from people.queries.roles import roles_on


def page_context(view: PageMixin) -> dict[str, Any]:
    """What stands around the page's content, for views of allauth's that do not pass it on."""
    return {
        "page_title": view.get_page_title(),
        "page_caption": view.page_caption,
        "breadcrumbs": view.get_breadcrumbs(),
        "back_url": view.get_back_url(),
    }


class SecondStepMixin(LoginRequiredMixin, PageMixin):
    """Pages below “Second step”, for whoever is signed in, about themselves only."""

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Your account"), reverse("people:account")), (_("Second step"), reverse("mfa_index"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Some of allauth's views forget what they are given here.
        return {**super().get_context_data(**kwargs), **page_context(self)}


class SecondStepIndexPageView(SecondStepMixin, base.IndexView):
    """What is set up, why it is needed, and the way to each."""

    page_title = _("Second step when you sign in")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Your account"), reverse("people:account"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        steps = context["authenticators"]
        needed = not settings.DEMO and roles_on(self.request.user, clock.today()).needs_strong_sign_in
        codes = steps.get(Authenticator.Type.RECOVERY_CODES)
        context.update(
            passkeys=steps.get(Authenticator.Type.WEBAUTHN, []),
            app=steps.get(Authenticator.Type.TOTP),
            codes=codes,
            codes_left=len(codes.get_unused_codes()) if codes else 0,
            is_needed=needed,
            is_missing=needed and not {Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP} & set(steps),
        )
        return context


class ConfirmPageMixin(SecondStepMixin):
    """Asks for the second step again, before something that matters or because this session has not used it."""

    page_title = _("Confirm that it is you")

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return ()


class ConfirmByCodePageView(ConfirmPageMixin, base.ReauthenticateView):
    """By authenticator app or recovery code."""


class ConfirmByPasskeyPageView(ConfirmPageMixin, webauthn.ReauthenticateWebAuthnView):
    """By passkey."""

    def form_invalid(self, form: Any) -> HttpResponse:
        for text in form.errors.get("credential", []):
            messages.error(self.request, text)
        return HttpResponseRedirect(self.request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's method forgets the form it is given.
        context = super().get_context_data(**kwargs)
        context.setdefault("webauthn_form", self.get_form_class()(user=self.request.user))
        return context


class SetUpAppPageView(SecondStepMixin, totp.ActivateTOTPView):
    """Scan the square, type the first code."""

    page_title = _("Set up an authenticator app")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        # The code just typed proves that the app is there: this session has used its second step.
        step = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        post_authentication(self.request, step, reauthenticated=True)
        return response


class RemoveAppPageView(SecondStepMixin, totp.DeactivateTOTPView):
    """Away with the app."""

    page_title = _("Remove the authenticator app")


class AddPasskeyPageView(SecondStepMixin, webauthn.AddWebAuthnView):
    """A new passkey, made by the device in the reader's hand."""

    page_title = _("Add a passkey")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's method forgets the form it is given, and with it the errors.
        context = super().get_context_data(**kwargs)
        context.update(kwargs)
        context.setdefault("form", self.get_form())
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        step = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        post_authentication(self.request, step, reauthenticated=True)
        return response


class RenamePasskeyPageView(SecondStepMixin, webauthn.EditWebAuthnView):
    """Another name."""

    page_title = _("Rename this passkey")
    success_url = reverse_lazy("mfa_index")


class RemovePasskeyPageView(SecondStepMixin, webauthn.RemoveWebAuthnView):
    """Away with one passkey, unless it is the last second step of somebody who needs one."""

    page_title = _("Remove this passkey")
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            step = self.get_queryset().filter(pk=kwargs["pk"]).first()
            if step is not None and not get_adapter().can_delete_authenticator(step):
                messages.error(request, str(get_adapter().error_messages["cannot_delete_authenticator"]))
                return HttpResponseRedirect(reverse("mfa_index"))
        return super().dispatch(request, *args, **kwargs)


class RecoveryCodesPageView(SecondStepMixin, recovery_codes.ViewRecoveryCodesView):
    """The codes that are left."""

    page_title = _("Your recovery codes")


class NewRecoveryCodesPageView(SecondStepMixin, recovery_codes.GenerateRecoveryCodesView):
    """New ones; the old ones stop working."""

    page_title = _("Make new recovery codes")


class RecoveryCodesFileView(LoginRequiredMixin, recovery_codes.DownloadRecoveryCodesView):
    """The codes as a text file."""
