"""Forms of announcements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.bilingual import pick
from core.forms import DateField, Form
from correspondence.enums import Audience
from people.models import Organisation

LONGEST_SUBJECT, LONGEST_TEXT = 120, 5000


class AnnouncementForm(Form):
    """To whom, and the words in both languages. `counts` says how many each audience reaches today."""

    submit_label = _("Save and look at it")

    audience = forms.ChoiceField(label=_("Who gets it?"), widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        label=_("Of which organisation?"), queryset=Organisation.objects.none(), required=False, empty_label=_("All")
    )
    subject_cy = forms.CharField(label=_("Subject in Welsh"), max_length=LONGEST_SUBJECT)
    body_cy = forms.CharField(
        label=_("Text in Welsh"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 10})
    )
    subject_en = forms.CharField(label=_("Subject in English"), max_length=LONGEST_SUBJECT)
    body_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 10})
    )

    def __init__(
        self, *args: Any, counts: Mapping[str, int], organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(audience.value, f"{audience.label}: {counts.get(audience, 0)}") for audience in Audience]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["organisation"].label_from_instance = lambda body: pick(body, "short")  # type: ignore[attr-defined]
        for name in ("subject", "body"):
            self.fields[f"{name}_cy"].widget.attrs["lang"] = "cy"
            self.fields[f"{name}_en"].widget.attrs["lang"] = "en"


class AnnouncementChangeForm(AnnouncementForm):
    """The same for one that is written already."""

    submit_label = _("Save changes")

    same = forms.BooleanField(
        label=_("Both texts say the same, though I have changed only one of them."), required=False
    )


class DayForm(Form):
    """On which day it goes."""

    submit_label = _("Send it on this day")

    send_on = DateField(label=_("Which day should it go?"))
