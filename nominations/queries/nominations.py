"""Nominations: who may see them, and what there is to say about each."""

from __future__ import annotations

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


def lookalikes(nomination: Nomination) -> list[Nomination]:
    """The organisation's other nominations here that may mean the same person: same name, not yet decided."""
    early = (NominationStatus.INVITED, NominationStatus.COMPLETE)
    if nomination.status not in early:
        return []
    same = Nomination.objects.filter(
        cohort=nomination.cohort_id,
        organisation=nomination.organisation_id,
        status__in=early,
        person__name__iexact=nomination.person.name,
    )
    return list(same.exclude(pk=nomination.pk).select_related("person", "organisation"))
