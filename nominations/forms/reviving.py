"""Taking a nomination that lapsed up again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from nominations.forms.nominations import OverPlacesField


class ReviveForm(Form):
    """Why; and, above the indicative places, why more than those."""

    submit_label = _("Ask for the answers again")

    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    over_places_reason = OverPlacesField()

    def __init__(self, *args: Any, over: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if over:
            self.fields["over_places_reason"].help_text = over
        else:
            del self.fields["over_places_reason"]
