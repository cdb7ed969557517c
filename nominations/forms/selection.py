"""Forms of selection: criteria, the panel, scores, and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.forms.cohorts import PlausibleDateField
from core.bilingual import pick
from core.forms import Button, FilterForm, Form, FormHelper
from nominations.enums import DecisionReason, Outcome
from nominations.models import Criterion, Decision, Review
from nominations.models.review import MOST_POINTS
from nominations.queries.reviews import CriterionText

MOST_CRITERIA = 6
ANSWER_WITHIN, RESERVE_FOR = timedelta(days=14), timedelta(days=28)


class CriteriaForm(Form):
    """Up to six criteria; a row without any words is no criterion."""

    submit_label = _("Save the criteria")

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_CRITERIA + 1):
            known = criteria[number - 1] if number <= len(criteria) else None
            for name, label, most in (
                ("name_en", _("Name in English"), 80),
                ("name_cy", _("Name in Welsh"), 80),
                ("help_en", _("What to look for, in English"), 300),
                ("help_cy", _("What to look for, in Welsh"), 300),
            ):
                self.fields[f"{name}-{number}"] = forms.CharField(
                    label=label, max_length=most, required=False, initial=getattr(known, name, "")
                )
            self.fields[f"weight-{number}"] = forms.IntegerField(
                label=_("Weight"),
                min_value=1,
                max_value=10,
                required=False,
                initial=known.weight if known else None,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
            )

    @property
    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The boxes of each criterion."""
        names = ("name_en", "name_cy", "help_en", "help_cy", "weight")
        return [
            (number, [self[f"{name}-{number}"] for name in names])  # type: ignore[misc]
            for number in range(1, MOST_CRITERIA + 1)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        rows = 0
        for number in range(1, MOST_CRITERIA + 1):
            texts = [values.get(f"{name}-{number}") for name in ("name_en", "name_cy", "help_en", "help_cy")]
            if not any(texts):
                continue
            rows += 1
            for name in ("name_en", "name_cy"):
                if not values.get(f"{name}-{number}") and not self.has_error(f"{name}-{number}"):
                    self.add_error(f"{name}-{number}", _("Give the name in both languages."))
            if not values.get(f"weight-{number}") and not self.has_error(f"weight-{number}"):
                self.add_error(f"weight-{number}", _("Give a weight from 1 to 10."))
        if not rows:
            self.add_error("name_en-1", _("Give at least one criterion."))
        return values

    def texts(self) -> list[CriterionText]:
        """The criteria that were filled in."""
        values = self.cleaned_data
        return [
            CriterionText(
                **{name: values[f"{name}-{number}"] for name in ("name_en", "name_cy", "help_en", "help_cy", "weight")}
            )
            for number in range(1, MOST_CRITERIA + 1)
            if values.get(f"name_en-{number}")
        ]


class PanellistForm(Form):
    """Somebody known, by their address."""

    submit_label = _("Put on the panel")

    email = forms.EmailField(
        label=_("Email address of the reviewer"), help_text=_("Somebody who is already among the people here.")
    )


class ReviewForm(Form):
    """One to five points for each criterion."""

    submit_label = _("Save and next")

    def __init__(self, *args: Any, criteria: Sequence[Criterion], review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        given = dict(review.scores.values_list("criterion", "points"))
        for one in criteria:
            self.fields[f"points-{one.pk}"] = forms.TypedChoiceField(
                label=pick(one, "name"),
                help_text=pick(one, "help"),
                choices=[(number, str(number)) for number in range(1, MOST_POINTS + 1)],
                coerce=int,
                initial=given.get(one.pk),
                widget=forms.RadioSelect,
                error_messages={"required": _("Give 1 to 5 points.")},
            )
        self.fields["comment"] = forms.CharField(
            label=_("Comment"),
            required=False,
            max_length=4000,
            initial=review.comment,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("The programme team reads this, and the other reviewers once all scores are in."),
        )

    def get_helper(self) -> FormHelper:
        helper = super().get_helper()
        helper.add_input(Button("stay", "1", _("Save and go to my list")))
        return helper

    def points(self) -> dict[Criterion, int]:
        """Criterion → points."""
        return {one: self.cleaned_data[f"points-{one.pk}"] for one in self.criteria}


class WhyForm(Form):
    """A reason in words, kept with the change."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(Form):
    """What is to be said to one nominee, once it is released."""

    submit_label = _("Prepare the decision")

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", ""), *DecisionReason.choices])
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the record; it is not sent."),
    )
    answer_by = PlausibleDateField(label=_("Answer by"), required=False, help_text=_("For an offer."))
    reserve_until = PlausibleDateField(label=_("Reserve until"), required=False, help_text=_("For the reserve list."))

    def __init__(self, *args: Any, decision: Decision | None, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"answer_by": today + ANSWER_WITHIN, "reserve_until": today + RESERVE_FOR}
        if decision:
            known = {name: getattr(decision, name) for name in self.base_fields}
            kwargs["initial"] |= {name: value for name, value in known.items() if value}
        super().__init__(*args, **kwargs)


class RankingFilterForm(FilterForm):
    """Narrows the ranked view."""

    name = forms.CharField(label=_("Name or organisation"), required=False, max_length=120)
