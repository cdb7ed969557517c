"""The words of a text, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from correspondence import rules
from correspondence.queries.wording import LANGUAGES, Words, as_stored

LABELS = {
    "subject_en": _("Subject in English"),
    "body_en": _("Text in English"),
    "subject_cy": _("Subject in Welsh"),
    "body_cy": _("Text in Welsh"),
}


class WordingForm(Form):
    """Subject and text in both languages, and for whom to show them."""

    submit_label = _("Save the words")

    subject_en = forms.CharField(max_length=200, required=False)
    body_en = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 18}))
    subject_cy = forms.CharField(max_length=200, required=False)
    body_cy = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 18}))
    same = forms.BooleanField(label=_("I changed one language only, and the other still says the same"), required=False)
    person = forms.ChoiceField(label=_("Show it as it would be for"), required=False)

    def __init__(
        self, *args: Any, template: str, words: Mapping[str, Words], people: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            f"{part}_{language}": getattr(words[language], part)
            for language in LANGUAGES
            for part in ("subject", "body")
        }
        super().__init__(*args, **kwargs)
        self.template = template
        for name, label in LABELS.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["lang"] = name[-2:]
        if people:
            self.fields["person"].choices = people  # type: ignore[attr-defined]
        else:
            del self.fields["person"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for language in LANGUAGES:
            subject, body = f"subject_{language}", f"body_{language}"
            for name in (subject, body):
                values[name] = as_stored(self.template, language, values.get(name, ""))
            verdict = rules.is_wording_complete(self.template, language, values[subject], values[body])
            if not verdict:
                self.add_error(body, str(verdict.reason))
        return values

    def texts(self) -> dict[str, str]:
        """The words as they are kept."""
        return {name: self.cleaned_data[name] for name in LABELS}
