"""Which second steps a person has: passkeys, an authenticator app."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from people.models import SecondStepReset, User

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_steps(person: User) -> QuerySet[Authenticator]:
    """The passkeys and the authenticator app of a person; recovery codes are no second step by themselves."""
    steps: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=person.pk, type__in=STRONG)
    return steps


def has_second_step(person: User) -> bool:
    """Whether a person has a passkey or an authenticator app."""
    return second_steps(person).exists()


def is_last_step(authenticator: Authenticator) -> bool:
    """Whether taking this one away leaves the person without a second step."""
    return authenticator.type in STRONG and not second_steps(authenticator.user).exclude(pk=authenticator.pk).exists()


def open_reset(person: User) -> SecondStepReset | None:
    """The request to take away this person's second step that waits for somebody to confirm it."""
    return SecondStepReset.objects.filter(person=person, confirmed_at__isnull=True).select_related("asked_by").first()
