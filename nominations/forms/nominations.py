"""Forms about nominations: one person, an application, withdrawing, merging, narrowing the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from challenges.models import Theme
from core.bilingual import pick
from core.forms import FilterForm, Form
from nominations.enums import NominationStatus
from people.models import Organisation

EITHER = ""
MOST_FOR_A_REASON = 2000


class OverPlacesField(forms.CharField):
    """The reason that going above the indicative places needs."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Why more than the indicative places"))
        super().__init__(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class ForOrganisation(forms.Form):
    """For which organisation: asked only of those who may act for several."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = list(organisations)
        if len(self.organisations) == 1:
            del self.fields["organisation"]
            return
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[row.pk for row in self.organisations]).order_by("short_en")
        field.label_from_instance = lambda organisation: pick(organisation, "name")
        field.empty_label = _("Choose an organisation")

    @property
    def chosen_organisation(self) -> Organisation:
        """The one chosen, or the only one there is."""
        organisation: Organisation = self.cleaned_data.get("organisation") or self.organisations[0]
        return organisation


class PersonForm(ForOrganisation, Form):
    """Who, what they do, who leads them, and why: the same questions for a nomination and for an application."""

    first_name = forms.CharField(label=_("First name"), max_length=60)
    last_name = forms.CharField(label=_("Last name"), max_length=59)
    email = forms.EmailField(label=_("Work email"), max_length=254)
    job_title = forms.CharField(label=_("Job title"), max_length=120)
    directorate = forms.CharField(label=_("Directorate"), max_length=120, required=False)
    line_manager_name = forms.CharField(label=_("Line manager’s name"), max_length=120)
    line_manager_email = forms.EmailField(
        label=_("Line manager’s email address"),
        max_length=254,
        help_text=_("The line manager is asked by email to release the time."),
    )
    theme = forms.ChoiceField(label=_("Theme"), widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        label=_("Why this person"), max_length=MOST_FOR_A_REASON, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, themes: Sequence[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {theme.slug: theme for theme in themes}
        choices = [(theme.slug, pick(theme, "name")) for theme in themes]
        self.fields["theme"].choices = [*choices, (EITHER, _("Either theme"))]  # type: ignore[attr-defined]
        self.fields["theme"].initial = EITHER

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        email, manager = values.get("email", ""), values.get("line_manager_email", "")
        if email and email.lower() == manager.lower():
            message = _("The line manager has the nominee’s own email address. Give somebody else.")
            self.add_error("line_manager_email", message)
        return values

    def values(self) -> dict[str, Any]:
        """What a verb wants: the clean values, the theme as a tuple of themes."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("theme", "organisation")}
        theme = self.themes.get(self.cleaned_data["theme"])
        return {**values, "themes": (theme,) if theme else ()}


class NominationForm(PersonForm):
    """One person to put forward. Boxes for reasons are there once a warning has asked for one."""

    submit_label = _("Nominate")

    over_places_reason = OverPlacesField(required=False)
    elsewhere_reason = forms.CharField(
        label=_("Why a place in a second cohort"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, over: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["over_places_reason"].required = over
        for name, needed in (("over_places_reason", over), ("elsewhere_reason", False)):
            if not needed and not self.data.get(name):
                self.fields[name].widget = forms.HiddenInput()

    def ask_for(self, name: str) -> None:
        """Show the box of a reason that turned out to be needed."""
        self.fields[name].widget = forms.Textarea(attrs={"rows": 3})


class ApplicationForm(PersonForm):
    """Somebody applies by themselves, on the public page."""

    submit_label = _("Apply")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why you want to take part")
        self.fields["email"].help_text = _("We send you a link to this address, to finish your application.")


class WithdrawForm(Form):
    """Why a nomination is taken back."""

    warning = True
    submit_label = _("Withdraw the nomination")

    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class NominationFilterForm(FilterForm):
    """Narrows a cohort's nominations."""

    name = forms.CharField(label=_("Name or email"), required=False, max_length=120)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *NominationStatus.choices])

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(organisations) < 2:
            del self.fields["organisation"]
            return
        choices = [(row.code, pick(row, "short")) for row in organisations]
        self.fields["organisation"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]
