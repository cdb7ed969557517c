"""What the programme team fills in about an organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, Form
from people.enums import OrganisationKind
from people.models import Organisation


class OrganisationForm(Form):
    """A body that takes part, named in both languages."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_(
            "A short code that stays the same, such as the one of the Office for National Statistics: W06000022."
        ),
        max_length=20,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", _("Use letters without accents, figures and hyphens only."))],
        error_messages={"required": _("Enter a code.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=OrganisationKind.choices, error_messages={"required": _("Choose a kind.")}
    )
    name_en = forms.CharField(
        label=_("Name in English"), max_length=120, error_messages={"required": _("Enter the name in English.")}
    )
    name_cy = forms.CharField(
        label=_("Name in Welsh"), max_length=120, error_messages={"required": _("Enter the name in Welsh.")}
    )
    short_en = forms.CharField(
        label=_("Short name in English"),
        max_length=60,
        error_messages={"required": _("Enter the short name in English.")},
    )
    short_cy = forms.CharField(
        label=_("Short name in Welsh"), max_length=60, error_messages={"required": _("Enter the short name in Welsh.")}
    )
    active_from = DateField(label=_("Takes part from"), required=False)
    last_day = DateField(label=_("Takes part until"), required=False)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        self.organisation = organisation
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        others = Organisation.objects.filter(code__iexact=code)
        if self.organisation is not None:
            others = others.exclude(pk=self.organisation.pk)
        # Its page would hide behind the page that adds one.
        if others.exists() or code.lower() == "new":
            raise forms.ValidationError(_("Another organisation has this code."))
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        last_day, active_from = values.pop("last_day", None), values.get("active_from")
        values["active_until"] = last_day + timedelta(days=1) if last_day else None
        if last_day and active_from and last_day < active_from:
            self.add_error("last_day", _("The end must be after the first day."))
        return values
