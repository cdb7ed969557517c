"""The second step: authenticator app, passkey, recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.forms import FormMixin
from people.forms.sign_in import code_field


class OnceOnlyMixin:
    """A code of an authenticator app works once for as long as it could be right.

    allauth remembers a used code for one period only, but accepts the neighbouring periods too.
    """

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
            periods = 2 * app_settings.TOTP_TOLERANCE + 1
            key = f"people.second_step.used:{self.authenticator.pk}:{code.strip()}"  # type: ignore[attr-defined]
            if not cache.add(key, True, timeout=periods * app_settings.TOTP_PERIOD):
                raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(FormMixin, OnceOnlyMixin, AuthenticateForm):
    """The code at signing in."""

    submit_label = _("Sign in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(
            _("Code from your authenticator app"),
            _("Six figures. If you do not have your phone, use one of your recovery codes."),
        )

    def save(self) -> None:
        # Who has just used it need not use it again to change it; a code of the app works once only.
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class UsePasskeyForm(AuthenticateWebAuthnForm):
    """The passkey as second step at signing in."""

    reauthenticated = True


class ConfirmSecondStepForm(FormMixin, OnceOnlyMixin, ReauthenticateForm):
    """The code again, before something that matters."""

    submit_label = _("Continue")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(
            _("Code from your authenticator app"),
            _("Six figures. If you do not have your phone, use one of your recovery codes."),
        )


class ActivateAppForm(FormMixin, ActivateTOTPForm):
    """The first code of a newly set up authenticator app."""

    submit_label = _("Switch it on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code that the app shows now"), _("Six figures."))


class RemoveAppForm(FormMixin, DeactivateTOTPForm):
    """No fields: says yes."""

    submit_label = _("Remove the authenticator app")
    warning = True


class NewRecoveryCodesForm(FormMixin, GenerateRecoveryCodesForm):
    """No fields: says yes."""

    submit_label = _("Make new recovery codes")


class AddPasskeyForm(FormMixin, AddWebAuthnForm):
    """A name for the passkey; the browser fills in the rest."""

    submit_label = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of this passkey"),
            help_text=_("Something you will recognise, such as the device it is on."),
            max_length=60,
            required=False,
        )
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without a code by email")
        self.fields["passwordless"].help_text = _("Your device then asks for your fingerprint, face or PIN.")
        self.fields["passwordless"].initial = True
        self.fields["credential"].error_messages["required"] = _("The device gave no passkey. Try again.")


class RenamePasskeyForm(FormMixin, EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of this passkey"), max_length=60, error_messages={"required": _("Enter a name.")}
        )
