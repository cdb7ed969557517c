"""What the nominee and the line manager fill in, the answer to an offer, and asking for a new link."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from challenges.models import Theme
from core.bilingual import pick
from core.forms import Form
from labs.models import Lab
from people.enums import Language, WelshInSessions

LANGUAGES = [(language.value, language.label) for language in (Language.WELSH, Language.ENGLISH)]
# ISO: Monday is 1; Django counts from 0.
DAYS = [(number + 1, name) for number, name in WEEKDAYS.items()]
YES, NO = "yes", "no"


class NomineeForm(Form):
    """The nominee's own part. `labs` are ranked with one choice for each place."""

    submit_label = _("Save my part")

    language = forms.ChoiceField(
        label=_("Which language should we write to you in?"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    welsh_in_sessions = forms.ChoiceField(
        label=_("Would you like to use Welsh in sessions?"), choices=WelshInSessions, widget=forms.RadioSelect
    )
    working_days = forms.TypedMultipleChoiceField(
        label=_("Which days do you work?"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("We plan sessions and send reminders around these days."),
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
    themes = forms.ModelMultipleChoiceField(
        label=_("Which theme would you like to work on?"),
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means either."),
    )
    statement = forms.CharField(
        label=_("What would you like to change at work, and why?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("A few sentences. Those who choose read this."),
    )
    clashes = forms.CharField(
        label=_("Which of the dates above can you not make?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Leave and other fixed dates. They do not decide on their own."),
    )
    consents = forms.BooleanField(
        label=_("I agree to be put forward, and that the programme keeps what I have written here for the selection."),
        error_messages={"required": _("Tick the box, or decline with the button at the bottom of the page.")},
    )

    def __init__(self, *args: Any, labs: Sequence[Lab], themes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labs = {lab.slug: lab for lab in labs}
        field: Any = self.fields["themes"]
        field.queryset = themes
        field.label_from_instance = lambda theme: pick(theme, "name")
        choices = [("", _("No preference")), *((lab.slug, pick(lab, "name")) for lab in labs)]
        self.ranks = [f"lab_{rank}" for rank in range(1, len(labs) + 1)]
        for rank, name in enumerate(self.ranks, start=1):
            self.fields[name] = forms.ChoiceField(
                label=_("Lab, choice %(rank)s") % {"rank": rank}, choices=choices, required=False
            )
        names = list(self.fields)
        at = names.index("statement")
        self.order_fields([*names[:at], *self.ranks, *names[at:]])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        seen: set[str] = set()
        for name in self.ranks:
            slug = values.pop(name, "")
            if slug and slug in seen:
                self.add_error(name, _("You have chosen this lab already."))
            elif slug:
                seen.add(slug)
        # In the order of the choices; an empty one in between is no place.
        values["labs"] = [self.labs[slug] for slug in dict.fromkeys(self._ranked()) if slug in self.labs]
        return values

    def _ranked(self) -> list[str]:
        return [self.data.get(self.add_prefix(name), "") for name in self.ranks]


class ReasonForm(Form):
    """A no, with a reason if one wants to give it."""

    warning = True

    reason = forms.CharField(
        label=_("Would you like to say why?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You need not. Your coordinator and the programme team can read it."),
    )


class EndorsementForm(Form):
    """The line manager's answer."""

    submit_label = _("Send my answer")

    by_name = forms.CharField(label=_("Your name"), max_length=120)
    endorsed = forms.ChoiceField(
        label=_("Do you release the time?"),
        choices=[(YES, _("Yes, I release the time")), (NO, _("No, not at present"))],
        widget=forms.RadioSelect,
    )
    days_a_week = forms.DecimalField(
        label=_("Days a week released"),
        required=False,
        min_value=Decimal("0.5"),
        max_value=Decimal(5),
        max_digits=2,
        decimal_places=1,
        help_text=_("If you say yes. For example 1 or 0.5."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-4"}),
    )
    substitute = forms.CharField(
        label=_("Who stands in"), required=False, max_length=200, help_text=_("A name, a post, or how you arrange it.")
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The coordinator and the programme team can read it. Nothing about health or family life."),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        values["endorsed"] = values.get("endorsed") == YES
        if values["endorsed"] and values.get("days_a_week") is None and "days_a_week" not in self.errors:
            self.add_error("days_a_week", _("Say how many days a week are released."))
        return values


class OfferForm(Form):
    """Yes or no to a place."""

    submit_label = _("Send my answer")

    answer = forms.ChoiceField(
        label=_("Do you accept the place?"),
        choices=[(YES, _("Yes, I accept the place")), (NO, _("No, I do not want the place"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("If no: would you like to say why?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You need not. Your coordinator and the programme team can read it."),
    )


class NewLinkForm(Form):
    """For somebody whose link does not work: the address to which one was sent."""

    submit_label = _("Send me a new link")

    email = forms.EmailField(
        label=_("Your work email"),
        help_text=_("The address to which we wrote."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
