"""The programme's own facts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.forms.programme import ProgrammeForm
from cohorts.models import Programme
from cohorts.queries.cohorts import programme_stamp, the_programme
from cohorts.services.programme import change_programme
from cohorts.views.base import actor, add_problems
from core.verdicts import Verdict
from core.views import FormPageView


class ProgrammeUpdateView(FormPageView):
    """Names, contact and the funder's acknowledgement with its last day."""

    page_title = _("Programme")
    intro = _("These words stand on every page and in messages, in the reader’s language.")
    form_class = ProgrammeForm
    done_message = _("Saved.")
    programme: Programme

    def load(self) -> None:
        programme = the_programme()
        if programme is None:
            raise Http404
        self.programme = programme

    def get_verdict(self) -> Verdict:
        return rules.may_edit_programme(self.request.user, self.today)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "programme": self.programme, "seen": programme_stamp(self.programme)}

    def form_invalid(self, form: Any) -> HttpResponse:
        # What was changed meanwhile has been said; the next save starts from what is stored now.
        form.data = {**form.data.dict(), "seen": programme_stamp(self.programme)}
        return super().form_invalid(form)

    def act(self, form: Any) -> Any:
        try:
            return change_programme(
                programme=self.programme, **form.cleaned_data, by=actor(self.request), today=self.today
            )
        except ValidationError as problems:
            self.load()
            add_problems(form, problems)
            return None

    def get_success_url(self) -> str:
        return reverse("cohorts:programme-update")
