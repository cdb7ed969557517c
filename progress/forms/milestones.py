"""What a milestone says, when it is due, and why it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cohorts.models import Phase
from core.forms import DateField, Form
from progress.enums import Confirmer, MilestoneKind
from progress.models import Milestone
from progress.rules.milestones import is_in_phase, is_said_in_both_languages


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the change, for those who ask later."),
    )


class MilestoneForm(Form):
    """A milestone of one of `phases`; one that exists (`milestone`) stays in its phase, and its change has a reason."""

    phase = forms.ModelChoiceField(label=_("Phase"), queryset=Phase.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("What it is"), choices=MilestoneKind)
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    title_cy = forms.CharField(label=_("Title in Welsh"), max_length=120)
    explanation_en = forms.CharField(
        label=_("Explanation in English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    explanation_cy = forms.CharField(
        label=_("Explanation in Welsh"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = DateField(label=_("Due"))
    confirmer = forms.ChoiceField(label=_("Who confirms it"), choices=Confirmer, widget=forms.RadioSelect)
    required = forms.BooleanField(label=_("The phase cannot be completed without it"), required=False, initial=True)
    order = forms.IntegerField(
        label=_("Order among those that are due on the same day"), min_value=1, max_value=99, initial=1
    )

    def __init__(self, *args: Any, phases: Sequence[Phase], milestone: Milestone | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.milestone = milestone
        if milestone is None:
            field = self.fields["phase"]
            field.queryset = Phase.objects.filter(pk__in=[phase.pk for phase in phases])  # type: ignore[attr-defined]
            field.label_from_instance = lambda phase: phase.get_kind_display()  # type: ignore[attr-defined]
        else:
            del self.fields["phase"]
            self.fields["reason"] = ReasonForm.base_fields["reason"]
        self.fields["order"].widget.attrs["class"] = "govuk-input--width-3"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        phase = self.milestone.phase if self.milestone else values.get("phase")
        due_on = values.get("due_on")
        if phase and due_on and (self.milestone is None or due_on != self.milestone.due_on):
            verdict = is_in_phase(phase, due_on)
            if not verdict:
                self.add_error("due_on", ValidationError(str(verdict.reason)))
        explained = [values.get("explanation_en", ""), values.get("explanation_cy", "")]
        if not is_said_in_both_languages("-", "-", *explained):
            empty = "explanation_cy" if explained[0] else "explanation_en"
            self.add_error(empty, ValidationError(_("Both languages are needed.")))
        return values
