"""Cohorts: who may know of them, and what there is to say about each."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet

from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate, Cohort, Programme
from cohorts.models.cohort import PlainName
from people.models import Employment, User
from people.queries.roles import roles_on

# Coordinators hear of a cohort when its recruitment opens, not while it is being planned.
NOT_ANNOUNCED = (CohortStatus.PLANNED, CohortStatus.CANCELLED)


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Cohort]:
    """The cohorts that `user` may know of, newest first.

    Programme team, auditors, coaches and lab leads: all. Coordinators: those announced, and any other with somebody
    who works at their organisation today. Associates: their own.
    """
    if not isinstance(user, User):
        return Cohort.objects.none()
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor or roles.is_coach or roles.is_lab_lead:
        return Cohort.objects.all()
    if not roles.is_coordinator:
        return Cohort.objects.filter(pk__in=Associate.objects.filter(person=user).values("cohort"))
    # The frame of every page asks this, so it must be light: a simpler question than whose people they are in the
    # cohort (queries.associates), and the same answer but for somebody with two employers.
    works_here = Employment.objects.on(today).filter(organisation__in=list(roles.organisation_ids)).values("person")
    own_people = Associate.objects.filter(cohort__status__in=NOT_ANNOUNCED, person__in=works_here)
    mine = Associate.objects.filter(person=user)
    return Cohort.objects.filter(
        ~Q(status__in=NOT_ANNOUNCED) | Q(pk__in=mine.values("cohort")) | Q(pk__in=own_people.values("cohort"))
    )


def with_counts(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """Adds `places_taken` and `places_left` to each row."""
    fills = Count("associates", filter=Q(associates__status__in=AssociateStatus.fills_a_place()))
    return cohorts.annotate(places_taken=fills).annotate(places_left=F("capacity") - F("places_taken"))


def places_left(cohort: Cohort) -> int:
    """How many more associates the cohort can take. One query."""
    taken = cohort.associates.filter(status__in=AssociateStatus.fills_a_place()).count()
    return max(cohort.capacity - taken, 0)


def the_programme() -> Programme | None:
    """The programme that this installation runs; None before it is set up."""
    return Programme.objects.select_related("lead").order_by("pk").first()


IMPRINT = """
SELECT p.*, o.name_en AS lead_name_en, o.name_cy AS lead_name_cy
FROM cohorts_programme p JOIN people_organisation o ON o.id = p.lead_id ORDER BY p.id LIMIT 1
"""


def imprint() -> Programme | None:
    """the_programme with `lead_name_en` and `lead_name_cy`, for the footer of every page.

    Written out, because building this question took longer than all else that the footer does.
    """
    return next(iter(Programme.objects.raw(IMPRINT)), None)


def normal_name(name: str) -> str:
    """A name as it is compared: letter case and spaces do not make two names different."""
    return re.sub(r"\s+", "", name).lower()


def clashing_names(name_en: str, name_cy: str, *, apart_from: Cohort | None = None) -> dict[str, Cohort]:
    """Which of the two names another cohort already has, in either language: field → that cohort."""
    given = {"name_en": normal_name(name_en), "name_cy": normal_name(name_cy)}
    wanted = [name for name in given.values() if name]
    others = Cohort.objects.annotate(plain_en=PlainName("name_en"), plain_cy=PlainName("name_cy")).filter(
        Q(plain_en__in=wanted) | Q(plain_cy__in=wanted)
    )
    if apart_from:
        others = others.exclude(pk=apart_from.pk)
    taken: dict[str, Cohort] = {}
    for cohort in others:
        taken.setdefault(normal_name(cohort.name_en), cohort)
        taken.setdefault(normal_name(cohort.name_cy), cohort)
    return {field: taken[name] for field, name in given.items() if name in taken}


def programme_stamp(programme: Programme) -> str:
    """The programme's own facts as one string, to tell whether somebody else changed them."""
    texts = [programme.name_en, programme.name_cy, programme.contact_email, programme.funder_en, programme.funder_cy]
    facts = [programme.starts_on, programme.ends_on, programme.target_associates, programme.funder_ends_on]
    return sha256(repr([*texts, *map(str, facts), programme.welsh_status]).encode()).hexdigest()[:16]
