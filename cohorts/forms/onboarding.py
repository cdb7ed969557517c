"""What a new associate says: to a text, and about working days and needs."""

from __future__ import annotations

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from people.enums import WelshInSessions

# ISO: Monday is 1; Django counts from 0.
DAYS = [(number + 1, name) for number, name in WEEKDAYS.items()]
YES, NO = "yes", "no"


class ReadForm(Form):
    """Nothing to fill in: the button says it."""

    submit_label = _("I have read this")


class AgreeForm(Form):
    """Nothing to fill in: the button says it."""

    submit_label = _("I agree")


class ConsentForm(Form):
    """Yes or no, and either can become the other later."""

    submit_label = _("Save my answer")

    answer = forms.ChoiceField(
        label=_("May we use pictures of you?"),
        choices=[(YES, _("Yes, you may use pictures of me")), (NO, _("No, please do not"))],
        widget=forms.RadioSelect,
    )


class NeedsForm(Form):
    """Working days and needs."""

    working_days = forms.TypedMultipleChoiceField(
        label=_("Which days do you work?"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("We plan sessions and send reminders around these days."),
    )
    welsh_in_sessions = forms.ChoiceField(
        label=_("Would you like to use Welsh in sessions?"), choices=WelshInSessions, widget=forms.RadioSelect
    )
    access_needs = forms.CharField(
        label=_("Is there anything you need so that sessions work for you?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For example step-free access, captions or a quiet room. Only those who arrange your sessions see this. "
            "Your coordinator and those who choose do not."
        ),
    )
