"""Forms about messages that are held or did not arrive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from correspondence.queries.messages import MessageLine

LONGEST_SUBJECT, LONGEST_TEXT = 200, 10_000


class GroupForm(Form):
    """One button about a group. `last` is the greatest key that the page showed: what came later is left alone."""

    last = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class GroupWordsForm(GroupForm):
    """The words of a group in both languages, without what stands under every mail."""

    submit_label = _("Save the words")

    subject_cy = forms.CharField(label=_("Subject in Welsh"), max_length=LONGEST_SUBJECT)
    body_cy = forms.CharField(
        label=_("Text in Welsh"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 14})
    )
    subject_en = forms.CharField(label=_("Subject in English"), max_length=LONGEST_SUBJECT)
    body_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("subject", "body"):
            self.fields[f"{name}_cy"].widget.attrs["lang"] = "cy"
            self.fields[f"{name}_en"].widget.attrs["lang"] = "en"


class AddressForm(Form):
    """The right address; the same one again says that it works after all."""

    submit_label = _("Mend the address")

    email = forms.EmailField(
        label=_("The right email address"),
        max_length=254,
        help_text=_("Leave it as it is if it is right and works again."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )


class HeldForm(Form):
    """Which of the messages held for an address still go. Nothing is ticked beforehand."""

    submit_label = _("Send the ticked messages")

    messages = forms.MultipleChoiceField(
        label=_("Which of these should still go?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the messages that should go.")},
    )

    def __init__(self, *args: Any, lines: Iterable[MessageLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["messages"].choices = [  # type: ignore[attr-defined]
            (str(line.message.pk), f"{line.kind}: {line.subject or '–'}") for line in lines
        ]
