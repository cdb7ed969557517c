"""What narrows the list of messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from core.bilingual import pick
from core.forms import FilterForm
from correspondence.kinds import KINDS
from messaging.enums import MessageState


class MessageFilterForm(FilterForm):
    """Narrows the list of messages. `person` is a reference that other pages link with."""

    q = forms.CharField(label=_("Name or email address"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *MessageState.choices], required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *((kind.slug, kind.label) for kind in KINDS.values())], required=False
    )
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    person = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)

    def __init__(self, *args: Any, cohorts: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(cohort.slug, pick(cohort, "name")) for cohort in cohorts]
        self.fields["cohort"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]
