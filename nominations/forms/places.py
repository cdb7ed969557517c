"""Forms of the recruitment page: indicative places of every organisation at once, and the window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.forms.cohorts import PlausibleDateField
from cohorts.models import Cohort
from core.bilingual import pick
from core.forms import Form
from nominations.queries.places import OrganisationPlaces
from people.models import Organisation

MOST = 200
ONE_DAY = timedelta(days=1)


class PlacesForm(Form):
    """One box for each organisation."""

    submit_label = _("Save the places")

    def __init__(self, *args: Any, lines: Sequence[OrganisationPlaces], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(lines)
        for line in lines:
            name = self.box_of(line.organisation)
            self.fields[name] = forms.IntegerField(
                label=pick(line.organisation, "short"),
                min_value=0,
                max_value=MOST,
                initial=line.indicative,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}
                ),
            )

    @staticmethod
    def box_of(organisation: Organisation) -> str:
        return f"places-{organisation.pk}"

    @property
    def lines(self) -> list[tuple[OrganisationPlaces, forms.BoundField]]:
        """Each organisation with its box."""
        return [(line, self[self.box_of(line.organisation)]) for line in self.places]

    def numbers(self) -> dict[Organisation, int]:
        """Organisation → number typed."""
        return {line.organisation: self.cleaned_data[self.box_of(line.organisation)] for line in self.places}


class WindowForm(Form):
    """The recruitment window; people are shown its last day."""

    recruitment_opens_on = PlausibleDateField(label=_("Recruitment opens"))
    recruitment_last_day = PlausibleDateField(label=_("Last day of recruitment"))

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        until = cohort.recruitment_until
        initial = {
            "recruitment_opens_on": cohort.recruitment_opens_on,
            "recruitment_last_day": until and until - ONE_DAY,
        }
        super().__init__(*args, initial={**initial, **(kwargs.pop("initial", None) or {})}, **kwargs)
