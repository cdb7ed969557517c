"""What narrows the messages to come, and what is asked about one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from core.bilingual import pick
from core.forms import DateField, FilterForm
from correspondence.enums import Prospect
from correspondence.kinds import KINDS
from messaging.enums import MessageState
from messaging.kinds import Kind

ALL = ("", _("All"))


class ForecastFilterForm(FilterForm):
    """Narrows the list of messages to come; `kinds` are those that the list has."""

    q = forms.CharField(label=_("Name or email address"), required=False, max_length=120)
    on = DateField(label=_("Day"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    status = forms.ChoiceField(
        label=_("What becomes of it"), choices=[ALL, *Prospect.choices, *MessageState.choices], required=False
    )

    def __init__(self, *args: Any, kinds: Mapping[str, Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [ALL, *((slug, kind.label) for slug, kind in kinds.items())]  # type: ignore[attr-defined]


class PersonSearchForm(FilterForm):
    """Finds the person whom the question is about."""

    q = forms.CharField(label=_("Name or email address"), required=False, max_length=120)


class WhyForm(FilterForm):
    """Which cohort and which kind of message the question is about; the person came by a link."""

    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[ALL, *((kind.slug, kind.label) for kind in KINDS.values())], required=False
    )
    person = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)

    def __init__(self, *args: Any, cohorts: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].choices = [(one.slug, pick(one, "name")) for one in cohorts]  # type: ignore[attr-defined]
