"""Nominations: who may see them, and what there is to say about each."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cohorts.models import Cohort
from nominations.enums import NominationStatus
from nominations.models import Nomination
from people.models import Organisation, User
from people.queries.roles import roles_on


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Nomination]:
    """The nominations that `user` may see: all for the programme team and auditors, the own organisation's for its
    coordinators, one's own. Reviewers see what they review on their own pages (queries.reviews)."""
    if not isinstance(user, User):
        return Nomination.objects.none()
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return Nomination.objects.all()
    return Nomination.objects.filter(Q(person=user) | Q(organisation__in=roles.organisation_ids))


def standing(cohort: Cohort, person: User) -> Nomination | None:
    """The person's nomination that stands in this cohort; None when there is none."""
    return Nomination.objects.filter(cohort=cohort, person=person, status__in=NominationStatus.standing()).first()


def used_by(cohort: Cohort, organisation: Organisation) -> int:
    """How many nominations of the organisation count against its indicative places."""
    return Nomination.objects.filter(
        cohort=cohort, organisation=organisation, status__in=NominationStatus.uses_a_place()
    ).count()


def plain_name(name: str) -> str:
    """A name as it is compared: without letter case, accents, curly apostrophes and doubled spaces."""
    letters = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split()).casefold()


def called(nominations: QuerySet[Nomination], names: Collection[str]) -> dict[str, list[Nomination]]:
    """Plain name → those of these nominations whose person is called so. Two queries; of the others the name alone."""
    wanted = {plain_name(name) for name in names}
    pairs = nominations.order_by("pk").values_list("pk", "person__name") if wanted else ()
    plain = {pk: plain_name(name) for pk, name in pairs}
    found = Nomination.objects.filter(pk__in=[pk for pk, name in plain.items() if name in wanted])
    same: dict[str, list[Nomination]] = {}
    for row in found.select_related("person", "organisation").order_by("pk"):
        same.setdefault(plain[row.pk], []).append(row)
    return same


def lookalikes(nomination: Nomination) -> list[Nomination]:
    """The organisation's other nominations here that may mean the same person: same name, not yet decided."""
    early = (NominationStatus.INVITED, NominationStatus.COMPLETE)
    if nomination.status not in early:
        return []
    others = Nomination.objects.filter(
        cohort=nomination.cohort_id, organisation=nomination.organisation_id, status__in=early
    ).exclude(pk=nomination.pk)
    name = nomination.person.name
    return called(others, [name]).get(plain_name(name), [])
