"""What the pages about people share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import pick
from core.verdicts import Verdict
from core.views import RuleRequiredMixin, Text
from people import rules
from people.models import Organisation, User
from people.queries import organisations as organisation_queries
from people.queries import people as people_queries


def actor(request: HttpRequest) -> User:
    """The person who acts; these pages are for people who are signed in."""
    return cast(User, request.user)


class PersonMixin(RuleRequiredMixin):
    """Pages below a person: found through visible_to, so that anybody else's answers “not found”."""

    person: User
    page_caption: Text

    def load(self) -> None:
        seen = people_queries.visible_to(self.request.user, self.today)
        self.person = get_object_or_404(seen, reference=self.kwargs["reference"])
        self.page_caption = self.person.name

    def get_breadcrumbs(self) -> Sequence[tuple[Text, str]]:
        return [(_("People"), reverse("people:person-list")), (self.person.name, self.get_person_url())]

    def get_person_url(self) -> str:
        return reverse("people:person-detail", args=[self.person.reference])

    def get_success_url(self) -> str:
        return self.get_person_url()

    def get_cancel_url(self) -> str:
        return self.get_person_url()


class TeamOnlyMixin(PersonMixin):
    """Changes that only the programme team makes."""

    def get_verdict(self) -> Verdict:
        return rules.may_manage_people(self.request.user, self.today)


class OrganisationMixin(RuleRequiredMixin):
    """Pages below an organisation: found through visible_to."""

    organisation: Organisation
    page_caption: Text

    def load(self) -> None:
        seen = organisation_queries.visible_to(self.request.user, self.today)
        self.organisation = get_object_or_404(seen, code=self.kwargs["code"])

    def get_organisation_url(self) -> str:
        return reverse("people:organisation-detail", args=[self.organisation.code])

    def get_organisation_name(self) -> str:
        return pick(self.organisation, "name")
