"""Finding people, and who may see whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import cast

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Lower

from messaging.mail import Recipient
from people.enums import RoleKind
from people.models import Employment, Organisation, Role, User
from people.queries.roles import roles_on


def person_by_address(address: str) -> User | None:
    """The person that one of our letters to `address` would reach, whatever the letter case; None when nobody.

    Only verified addresses count: otherwise anybody could be found under an address they merely typed in.
    """
    address = address.strip().lower()
    if not address:
        return None
    # Two indexed questions: asked as one, a hundred thousand people would be read. allauth keeps small letters only.
    known = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
    if known is not None:
        return cast(User, known.user)
    return User.objects.alias(lowered=Lower("email")).filter(lowered=address).first()


def recipient(user: User) -> Recipient:
    """Where letters to this person go, and in which language."""
    return Recipient(address=user.email, name=user.name, language=user.language, reference=user.reference)


def addresses_of(person: User) -> QuerySet[EmailAddress]:
    """The addresses of a person, the main one first."""
    addresses: QuerySet[EmailAddress] = EmailAddress.objects.filter(user_id=person.pk)
    return addresses.order_by("-primary", "email")


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[User]:
    """The people whose page `user` may open. The twin of rules.may_view_person.

    The programme team and auditors see everybody. A coordinator sees those who work or worked at an organisation they
    coordinate (from the first day of the spell), and its other coordinators. Everybody sees their own page. Nobody
    else sees anybody.
    """
    return _of_organisations(user, Employment.objects.filter(starts_on__lte=today), today)


def in_touch_with(user: User | AnonymousUser, today: date) -> QuerySet[User]:
    """Those of visible_to whose address and language `user` may know. The twin of rules.may_view_contact.

    For a coordinator without the people who have left: what they record elsewhere is not the old employer's.
    """
    return _of_organisations(user, Employment.objects.on(today), today)


def with_language_known(people: QuerySet[User], user: User | AnonymousUser, today: date) -> QuerySet[User]:
    """Adds `language_known`: the language for correspondence; null when `user` may not know it."""
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return people.annotate(language_known=F("language"))
    known = in_touch_with(user, today).order_by().values("pk")
    return people.annotate(language_known=Case(When(pk__in=known, then=F("language"))))


def _of_organisations(user: User | AnonymousUser, spells: QuerySet[Employment], today: date) -> QuerySet[User]:
    """visible_to, where these spells are what makes somebody a person of an organisation."""
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return User.objects.all()
    if not user.is_authenticated:
        return User.objects.none()
    own = roles.organisation_ids
    if not own:
        return User.objects.filter(pk=user.pk)
    # One set of keys: with OR the database would look at everybody.
    work = spells.filter(organisation_id__in=own).order_by().values("person_id")
    coordinate = (
        Role.objects.on(today).filter(kind=RoleKind.COORDINATOR, organisation_id__in=own).order_by().values("person_id")
    )
    themselves = User.objects.filter(pk=user.pk).order_by().values("pk")
    return User.objects.filter(pk__in=themselves.union(work, coordinate))


def with_words(people: QuerySet[User], words: str, *, addresses: bool) -> QuerySet[User]:
    """Those whose name, or with `addresses` any address, contains the words."""
    named = User.objects.filter(name__icontains=words).order_by().values("pk")
    if not addresses:
        return people.filter(pk__in=named)
    return people.filter(pk__in=named.union(EmailAddress.objects.filter(email__icontains=words).values("user_id")))


def working_at(organisation: Organisation, day: date) -> QuerySet[Employment]:
    """The spells that hold at an organisation on `day`, by the names of their people, who come with them."""
    spells: QuerySet[Employment] = Employment.objects.on(day).filter(organisation=organisation)
    return spells.select_related("person").order_by("person__name", "pk")


def working_days_of(references: Collection[str], day: date) -> Mapping[str, frozenset[int]]:
    """The ISO weekdays on which these people work, by reference; without those who left some spell of theirs open.

    Who works at two places works on the days of both.
    """
    told: dict[str, frozenset[int]] = {}
    untold = set()
    spells = Employment.objects.on(day).filter(person__reference__in=references)
    for reference, days in spells.values_list("person__reference", "working_days"):
        told[reference] = told.get(reference, frozenset()).union(days)
        if not days:
            untold.add(reference)
    return {reference: days for reference, days in told.items() if reference not in untold}
