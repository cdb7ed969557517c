"""What a person changes about the own account: name, language, addresses."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import AddEmailForm, ConfirmEmailVerificationCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form, FormMixin
from people.enums import Language
from people.forms.sign_in import code_field


class LanguageForm(Form):
    """The one question about language. Each answer is also written in its own language."""

    language = forms.ChoiceField(
        label=_("What language do you want to receive emails and documents in?"),
        help_text=_("You can change this at any time. It does not change the language of these pages."),
        choices=[(Language.WELSH, _("Welsh")), (Language.ENGLISH, _("English"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )


class NameForm(Form):
    """The name used."""

    name = forms.CharField(
        label=_("Name used"),
        help_text=_("The name that colleagues call you by. It appears on lists and in emails."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Enter a name.")},
    )


class AddAddressForm(FormMixin, AddEmailForm):
    """A further address of one's own; it counts once the code sent to it has been typed in."""

    submit_label = _("Send a code to this address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            max_length=254,
            label=_("Add an email address"),
            help_text=_("An address that stays yours when you change employer is useful too."),
            widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "off"}),
            error_messages={"required": _("Enter an email address.")},
        )


class ConfirmAddressForm(FormMixin, ConfirmEmailVerificationCodeForm):
    """The code that was sent to a new address."""

    submit_label = _("Confirm this address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code"), _("Eight figures, for example 1234-5678."))
