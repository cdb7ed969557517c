"""Why somebody got a message, will get one, or did not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from core.verdicts import Verdict, require
from core.views import PageView, Text
from correspondence import rules
from correspondence.forms.forecast import PersonSearchForm, WhyForm
from correspondence.queries.messages import cohorts_on_offer
from correspondence.queries.why import explain, makers_of
from correspondence.reminders import SOURCES
from people.models import User
from people.queries.people import visible_to, with_words

TITLE = _("Why somebody got a message, or not")
# So many are offered when somebody looks for a person by a part of the name.
MOST_PEOPLE = 20


class WhyView(PageView):
    """One person’s messages within a cohort: what was sent, what will be, what was not, and what decided.

    Without a person it asks for one.
    """

    template_name = "correspondence/why.html"
    person: User | None = None

    def get_verdict(self) -> Verdict:
        return rules.may_view_messages(self.request.user, self.today)

    def load(self) -> None:
        if reference := self.request.GET.get("person", ""):
            self.person = visible_to(self.request.user, self.today).filter(reference=reference).first()
            if self.person is None:
                require(self.get_verdict())
                raise Http404

    def get_page_title(self) -> Text:
        return self.person.name if self.person else TITLE

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("Messages"), reverse("correspondence:message-list"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["person"] = self.person
        if self.person:
            asked = self.request.GET.get("cohort", "")
            cohorts = cohorts_on_offer(self.request.user, self.today, asked=asked, person=self.person)
            # Nobody chose a cohort: the person's newest, else the newest there is.
            cohort = cohorts.get(asked) or next(iter(cohorts.values()), None)
            initial = self.request.GET.dict() | ({"cohort": cohort.slug} if cohort else {})
            form = WhyForm(initial, cohorts=cohorts.values())
            kwargs.update(filter_form=form, page_caption=TITLE)
            if cohort:
                kwargs |= self.explained(self.person, cohort, form.values()["kind"])
        else:
            kwargs["filter_form"] = search = PersonSearchForm(self.request.GET)
            if words := search.values()["q"]:
                people = with_words(visible_to(self.request.user, self.today), words, addresses=True)
                kwargs["people"] = people.order_by("name", "pk")[:MOST_PEOPLE]
        return super().get_context_data(**kwargs)

    def explained(self, person: User, cohort: Cohort, kind: str) -> dict[str, Any]:
        """What the page says of the person within the cohort."""
        found = explain(person, cohort, self.today, SOURCES, kind)
        makers = makers_of(line.occasion.slot.policy for one in found for line in one.lines)
        return {
            "cohort": cohort,
            "explanations": [
                (one, [(line, makers.get(line.occasion.slot.policy.set_by)) for line in one.lines])
                for one in found
                if not one.is_empty
            ],
            "silent": [one.kind for one in found if one.is_empty],
        }
