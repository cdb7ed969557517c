"""The two questions of signing in: which address, and which code."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FormMixin
from people.queries.people import person_by_address

CODE_ATTRS = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
    "class": "govuk-input--width-10 infuse-code",
}


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    """A box for a one-time code; spaces and hyphens may be typed or left out."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        widget=forms.TextInput(attrs=dict(CODE_ATTRS)),
        error_messages={"required": _("Enter the code.")},
    )


class AddressForm(FormMixin, RequestLoginCodeForm):
    """Which address the code goes to."""

    submit_label = _("Continue")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            max_length=254,
            label=_("Email address"),
            help_text=_("We send a code to this address. You need no password."),
            widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "off"}),
            error_messages={"required": _("Enter your email address.")},
        )

    def clean_email(self) -> str:
        """Count the try, and find whose address it is. allauth's own would take one that nobody has confirmed."""
        email: str = self.cleaned_data["email"].strip().lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        person = person_by_address(email)
        self._user = person if person is not None and person.is_active else None
        return email


class CodeForm(FormMixin, ConfirmLoginCodeForm):
    """The code that was sent."""

    submit_label = _("Sign in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code"), _("Eight figures, for example 1234-5678."))
