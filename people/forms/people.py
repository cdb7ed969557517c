"""What the programme team fills in about people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.bilingual import pick
from core.forms import DateField, FilterForm, Form
from people.enums import Language, RoleKind
from people.models import Organisation


class OrganisationChoiceField(forms.ModelChoiceField):
    """Organisations by their short names in the reader's language."""

    def label_from_instance(self, obj: Organisation) -> str:
        return pick(obj, "name")


def offer(form: forms.Form, name: str, organisations: QuerySet[Organisation]) -> None:
    """Let the field offer these organisations."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = organisations


def offer_roles(form: forms.Form, name: str, kinds: list[str], *first: tuple[str, Any]) -> None:
    """Let the field offer these roles, after `first`."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [*first, *((value, label) for value, label in RoleKind.choices if value in kinds)]


class PersonFilterForm(FilterForm):
    """Narrows the list of people."""

    q = forms.CharField(label=_("Name or email address"), required=False, max_length=120)
    organisation = OrganisationChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("All")
    )
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("All")), *RoleKind.choices], required=False)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], finds_addresses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)
        if not finds_addresses:
            self.fields["q"].label = _("Name")


WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)


class EmploymentForm(Form):
    """Where somebody works, from when."""

    submit_label = _("Save")

    organisation = OrganisationChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose an organisation"),
        error_messages={"required": _("Choose an organisation.")},
    )
    starts_on = DateField(label=_("First day there"), error_messages={"required": _("Enter the first day.")})
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    directorate = forms.CharField(label=_("Directorate"), max_length=120, required=False)
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    line_manager_name = forms.CharField(label=_("Line manager’s name"), max_length=120, required=False)
    line_manager_email = forms.EmailField(max_length=254, label=_("Line manager’s email address"), required=False)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)


class EndEmploymentForm(Form):
    """The last day of a spell of work. People think of the last day; the row keeps the day after."""

    submit_label = _("Save")

    last_day = DateField(label=_("Last day there"), error_messages={"required": _("Enter the last day.")})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("last_day"):
            values["until"] = values["last_day"] + timedelta(days=1)
        return values


class GiveRoleForm(Form):
    """Which role, where, from when."""

    submit_label = _("Give this role")

    kind = forms.ChoiceField(
        label=_("Role"),
        choices=RoleKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )
    organisation = OrganisationChoiceField(
        label=_("Organisation"),
        help_text=_("For a coordinator only."),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    starts_on = DateField(label=_("First day in this role"), error_messages={"required": _("Enter the first day.")})
    invite = forms.BooleanField(label=_("Send an email that says so and how to sign in"), required=False, initial=True)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)
        offer_roles(self, "kind", kinds)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_coordinator = values.get("kind") == RoleKind.COORDINATOR
        if is_coordinator and not values.get("organisation"):
            self.add_error("organisation", _("Choose the organisation that this person coordinates."))
        if values.get("kind") and not is_coordinator:
            values["organisation"] = None
        return values


class EndRoleForm(Form):
    """From when a role no longer holds, and, for a last coordinator, that the warning was read."""

    submit_label = _("End this role")
    warning = True

    until = DateField(
        label=_("First day without this role"),
        help_text=_("Today’s date ends it now."),
        error_messages={"required": _("Enter a date.")},
    )
    confirmed = forms.BooleanField(label=_("I have read the warning. End the role all the same."), required=False)

    def __init__(self, *args: Any, asks_confirmation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_confirmation:
            del self.fields["confirmed"]


class InvitePersonForm(Form):
    """A person at first contact."""

    submit_label = _("Add this person")

    name = forms.CharField(label=_("Name used"), max_length=120, error_messages={"required": _("Enter a name.")})
    email = forms.EmailField(
        max_length=254,
        label=_("Email address"),
        help_text=_("They sign in with a code sent to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter an email address.")},
    )
    language = forms.ChoiceField(
        label=_("Language for correspondence"),
        help_text=_("If you do not know, they get both languages, Welsh first, and are asked when they sign in."),
        choices=[
            (Language.NOT_ASKED, _("Not asked yet")),
            (Language.WELSH, _("Welsh")),
            (Language.ENGLISH, _("English")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial=Language.NOT_ASKED,
    )
    organisation = OrganisationChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("Not known")
    )
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        help_text=_("A person with a role is invited by email. A coordinator coordinates the organisation above."),
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)
        offer_roles(self, "role", kinds, ("", _("None yet")))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("role") == RoleKind.COORDINATOR and not values.get("organisation"):
            self.add_error("organisation", _("Choose the organisation that this person coordinates."))
        return values


class RecordAddressForm(Form):
    """Another address for somebody who lost theirs."""

    submit_label = _("Record this address")

    email = forms.EmailField(
        max_length=254, label=_("Email address"), error_messages={"required": _("Enter an email address.")}
    )
    make_primary = forms.BooleanField(label=_("Send all emails there from now on"), required=False, initial=True)
    checked = forms.BooleanField(
        label=_("I have made sure, by telephone or face to face, that it is really this person who asks."),
        error_messages={"required": _("Make sure first who is asking.")},
    )


class AskResetForm(Form):
    """How one knows that it is really them."""

    submit_label = _("Ask for the reset")
    warning = True

    reason = forms.CharField(
        label=_("How you know that it is really them"),
        help_text=_("Somebody else in the programme team reads this before they confirm."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how you know that it is really them.")},
    )
