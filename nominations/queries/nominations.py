"""Nominations: who may see them, and what there is to say about each."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cohorts.enums import AssociateStatus
from cohorts.models import Associate, Cohort
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


def associate_elsewhere(person: User, cohort: Cohort) -> Associate | None:
    """The person's place in another cohort that is going on or was completed; None when there is none."""
    taken_part = (AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED, AssociateStatus.COMPLETED)
    return (
        Associate.objects.filter(person=person, status__in=taken_part)
        .exclude(cohort=cohort)
        .select_related("cohort")
        .order_by("-cohort__order")
        .first()
    )


def used_by(cohort: Cohort, organisation: Organisation) -> int:
    """How many nominations of the organisation count against its indicative places."""
    return Nomination.objects.filter(
        cohort=cohort, organisation=organisation, status__in=NominationStatus.uses_a_place()
    ).count()
