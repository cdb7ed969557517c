"""What the demo's pages are asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm
from infuse.demo.people import KEYS
from infuse.demo.timetravel import Step


class PersonForm(forms.Form):
    """Whom to sign in as."""

    person = forms.ChoiceField(
        choices=[(key, key) for key in KEYS],
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose one of the people on this page."),
            "invalid_choice": _("Choose one of the people on this page."),
        },
    )


class ClockForm(forms.Form):
    """How far to move the clock, from the day that the page showed."""

    step = forms.ChoiceField(choices=Step.choices)
    seen = forms.DateField(input_formats=["%Y-%m-%d"])


class MailFilterForm(FilterForm):
    """Whose mail to show."""

    to = forms.CharField(label=_("Recipient’s address, or a part of it"), required=False, max_length=254)
