"""What an associate shows for a milestone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from people.models import User
from progress.models import Milestone
from progress.queries.files import File
from progress.rules.completions import is_enough
from progress.rules.files import is_harmless, is_small_enough

ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt,.csv,.md"


class EvidenceFileField(forms.FileField):
    """A file whose size is looked at before its content, and its content before its name. Its value is a File."""

    def clean(self, data: UploadedFile | None, initial: Any = None) -> File | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        verdict = is_small_enough(upload.size or 0)
        if verdict:
            file = File(name=upload.name or "", content=upload.read())
            verdict = is_harmless(file)
            if verdict:
                return file
        raise ValidationError(str(verdict.reason))


class EvidenceForm(Form):
    """A text, a link or a file, or several; and who is to look at it, where it is a lab lead or a coach."""

    submit_label = _("Mark as ready")

    text = forms.CharField(
        label=_("In your own words"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    link = forms.URLField(label=_("A link"), required=False, max_length=500, assume_scheme="https")
    file = EvidenceFileField(
        label=_("A file"),
        required=False,
        max_length=140,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("A PDF, a picture, a Word, Excel, PowerPoint or OpenDocument file, or plain text. 10 MB at most."),
    )
    asked_of = forms.ModelChoiceField(label=_("Who should look at it?"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, milestone: Milestone, people: Collection[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.milestone = milestone
        if people:
            field = self.fields["asked_of"]
            field.queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by("name", "pk")  # type: ignore[attr-defined]
            field.label_from_instance = lambda person: person.name  # type: ignore[attr-defined]
            field.empty_label = _("The programme team")  # type: ignore[attr-defined]
        else:
            del self.fields["asked_of"]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("http://", "https://")):
            raise ValidationError(_("Give a link that begins with https://."))
        return link

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        shown = any(values.get(name) for name in ("text", "link", "file"))
        verdict = is_enough(self.milestone, shown=shown or bool(self.errors))
        if not verdict:
            self.add_error("text", ValidationError(str(verdict.reason)))
        return values
