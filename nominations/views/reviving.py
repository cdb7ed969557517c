"""Taking a nomination that lapsed up again."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cohorts.views.base import actor, add_problems
from core.verdicts import Verdict
from core.views import FormPageView, Text
from nominations.forms.reviving import ReviveForm
from nominations.models import Nomination
from nominations.rules import nominations as rules
from nominations.services.reviving import revive_nomination
from nominations.views.base import NominationMixin


class NominationReviveView(NominationMixin, FormPageView):
    """Wait for the answers once more, with new links to whoever has not answered."""

    page_title = _("Take the nomination up again")
    form_class = ReviveForm
    intro = _(
        "Whoever has not answered is sent a new link, and has fifteen working days from today. "
        "What was answered before stays."
    )
    done_message = _("Taken up again. Whoever has not answered is being asked by email.")

    def get_page_title(self) -> Text:
        return f"{self.page_title}: {self.nomination.person.name}"

    def get_verdict(self) -> Verdict:
        return rules.may_revive(self.request.user, self.nomination, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        within = rules.is_within_places(self.nomination.cohort, self.nomination.organisation)
        return {**super().get_form_kwargs(), "over": "" if within else str(within.reason)}

    def act(self, form: ReviveForm) -> Nomination | None:
        try:
            return revive_nomination(
                nomination=self.nomination, **form.cleaned_data, by=actor(self.request), today=self.today
            )
        except ValidationError as problems:
            add_problems(form, problems)
            return None

    def get_success_url(self) -> str:
        return self.own_url()
