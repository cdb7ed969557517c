"""Finding people, and who may see whom."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet, Subquery

from core.clock import Window
from messaging.mail import Recipient
from people.enums import RoleKind
from people.models import Employment, Organisation, User
from people.queries.roles import roles_on


def person_by_address(address: str) -> User | None:
    """The person that one of our letters to `address` would reach, whatever the letter case; None when nobody.

    Only verified addresses count: otherwise anybody could be found under an address they merely typed in.
    """
    address = address.strip().lower()
    if not address:
        return None
    by_address = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user_id")
    return User.objects.filter(Q(email__iexact=address) | Q(pk__in=by_address)).first()


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
    else sees anybody (features.md ROL-4).
    """
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return User.objects.all()
    if not user.is_authenticated:
        return User.objects.none()
    seen = Q(pk=user.pk)
    if roles.organisation_ids:
        own = roles.organisation_ids
        seen |= Q(
            pk__in=User.objects.filter(employments__organisation_id__in=own, employments__starts_on__lte=today).values(
                "pk"
            )
        )
        seen |= Q(
            pk__in=User.objects.filter(
                Window.q(today, "roles__"), roles__kind=RoleKind.COORDINATOR, roles__organisation_id__in=own
            ).values("pk")
        )
    return User.objects.filter(seen)


def working_at(organisation: Organisation, day: date) -> QuerySet[User]:
    """The people who work at an organisation on `day`, by name, each with `job_title_there`."""
    here = Employment.objects.on(day).filter(organisation=organisation)
    title = here.filter(person=OuterRef("pk")).values("job_title")[:1]
    return (
        User.objects.filter(pk__in=here.values("person_id"))
        .annotate(job_title_there=Subquery(title))
        .order_by("name", "pk")
    )
