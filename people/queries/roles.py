"""Which roles a person holds on a day. The base of every rule and of every visible_to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from core.clock import Window
from people.enums import RoleKind
from people.models import Organisation, Role, User


@dataclass(frozen=True)
class Roles:
    """What a person may act as on one day; `organisation_ids` are those they coordinate."""

    kinds: frozenset[str] = frozenset()
    organisation_ids: frozenset[int] = frozenset()

    @property
    def is_manager(self) -> bool:
        return RoleKind.MANAGER in self.kinds

    @property
    def runs_programme(self) -> bool:
        """Programme team: a manager or an administrator."""
        return self.is_manager or RoleKind.ADMINISTRATOR in self.kinds

    @property
    def is_coordinator(self) -> bool:
        return RoleKind.COORDINATOR in self.kinds

    @property
    def is_coach(self) -> bool:
        return RoleKind.COACH in self.kinds

    @property
    def is_lab_lead(self) -> bool:
        return RoleKind.LAB_LEAD in self.kinds

    @property
    def is_auditor(self) -> bool:
        return RoleKind.AUDITOR in self.kinds

    @property
    def needs_strong_sign_in(self) -> bool:
        """Whether a passkey or an authenticator app is required."""
        return bool(self.kinds & RoleKind.strong())


NO_ROLES = Roles()


def roles_on(user: User | AnonymousUser, today: date) -> Roles:
    """The roles that `user` holds on `today`; none for a visitor or a person who may no longer sign in.

    One query, kept on the user object for that day; `forget_roles` drops it after a change.
    """
    if not user.is_authenticated or not user.is_active:
        return NO_ROLES
    kept: tuple[date, Roles] | None = getattr(user, "_roles_kept", None)
    if kept is not None and kept[0] == today:
        return kept[1]
    # Every request asks: a person has few roles ever, so the days are looked at here and the question stays small.
    ever = Role.objects.filter(person_id=user.pk).values_list("kind", "organisation_id", "starts_on", "until")
    held = [row[:2] for row in ever.order_by() if today in Window(*row[2:])]
    roles = Roles(
        kinds=frozenset(kind for kind, _organisation_id in held),
        organisation_ids=frozenset(organisation_id for _kind, organisation_id in held if organisation_id),
    )
    user._roles_kept = (today, roles)  # type: ignore[attr-defined, union-attr]
    return roles


def forget_roles(user: User) -> None:
    """Drop what `roles_on` kept on this object; called by the verbs that change a role."""
    user.__dict__.pop("_roles_kept", None)


def coordinators_of(organisation: Organisation, day: date) -> QuerySet[Role]:
    """The coordinator roles of an organisation that hold on `day`, with their people, by name."""
    held: QuerySet[Role] = Role.objects.on(day).filter(kind=RoleKind.COORDINATOR, organisation=organisation)
    return held.select_related("person").order_by("person__name", "pk")


def leaves_no_coordinator(role: Role, until: date) -> bool:
    """Whether ending `role` on `until` leaves its organisation without a coordinator from that day."""
    if role.kind != RoleKind.COORDINATOR:
        return False
    others = Role.objects.on(until).filter(
        kind=RoleKind.COORDINATOR, organisation_id=role.organisation_id, person__is_active=True
    )
    return not others.exclude(pk=role.pk).exists()


def roles_of(person: User) -> QuerySet[Role]:
    """Every role a person has, had or will have, latest first, with its organisation."""
    return Role.objects.filter(person=person).select_related("organisation").order_by("-starts_on", "-pk")
