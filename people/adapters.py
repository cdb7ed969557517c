# ruff: noqa: ARG001, ARG002 (the signatures are allauth's)
"""Where allauth meets this house: who may come in, its letters through our outbox, what goes into the audit log."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit import record
from core.clock import today
from messaging import outbox
from people import emails
from people.queries.people import person_by_address
from people.queries.roles import roles_on
from people.queries.second_step import is_last_step


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by invitation only, in our words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask your contact in the programme team."),
        "cannot_remove_primary_email": _("Make another address your main one first."),
        "duplicate_email": _("You have added this address already."),
        "email_taken": _("This address belongs to somebody else already."),
        "incorrect_code": _(
            "This code is not right. Take the code from the newest email we sent you; older ones no longer work."
        ),
        "invalid_or_expired_key": _("This link is too old or has been used already."),
        "max_email_addresses": _("You can have up to %d addresses. Remove one first."),
        "rate_limited": _("You have tried several times. Wait a few minutes, then try again."),
        "too_many_login_attempts": _("You have tried several times. Wait a few minutes, then try again."),
        "unverified_primary_email": _("Only an address that you have confirmed can be your main one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account: people are invited."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue our letter for the one that allauth wants to send, in the person's language."""
        # As many questions for an unknown address as for a known one: the form has asked before.
        unknown = template_prefix == "account/email/unknown_account"
        person = None if unknown else context.get("user") or person_by_address(email)
        letter = emails.account_letter(template_prefix, address=email, person=person, words=context, on=today())
        with transaction.atomic():
            outbox.queue(letter)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Somebody tried to add an address that is another person's: only its owner hears of it."""
        self.send_mail("account/email/account_already_exists", email, {})

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in; the audit log keeps how, never with what."""
        with transaction.atomic():
            super().login(request, user)
            ways = [step.get("type") or step["method"] for step in get_authentication_records(request, user)]
            record("sign_in.succeeded", about=user, by=user, ways=list(dict.fromkeys(ways)))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Whoever has not said which language they want is asked once, on the way."""
        response = super().post_login(request, user, **kwargs)
        if not user.language and isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(f"{reverse('people:language-ask')}?{urlencode({'next': response.url})}")
        return response


class SecondStepAdapter(DefaultMFAAdapter):
    """Passkeys and authenticator apps, in our words; their secrets are encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your role needs a second step, and this is the only one you have. Add another one first."
        ),
        "cannot_generate_recovery_codes": _("Set up a passkey or an authenticator app first."),
        "incorrect_code": _("This code is not right. Codes change every half minute; each works once."),
        "unverified_email": _("Confirm your email addresses first."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever needs a second step keeps one; otherwise they would be sent to set one up at once."""
        if settings.DEMO or not roles_on(authenticator.user, today()).needs_strong_sign_in:
            return True
        return not is_last_step(authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 (allauth's)
        """Passkey 1, Passkey 2 …"""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Organisations that sign their people in themselves (OpenID Connect). Known people only, own domains only."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Entra does not say whether an address is verified; inside its own domains the organisation knows."""
        return _in_domains(email, provider.app)

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Only for addresses in the provider's own domains, and not where the provider itself doubts."""
        claims = login.account.extra_data or {}
        doubted = any(
            part.get("email_verified") is False for part in (claims, *claims.values()) if isinstance(part, dict)
        )
        return not doubted and _in_domains(email, login.provider.app)

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Any, str] | None:
        """The person who has confirmed one of the addresses; allauth would take an unconfirmed one too."""
        for address in sociallogin.email_addresses:
            person = person_by_address(address.email)
            if person is not None and address.verified and self.can_authenticate_by_email(sociallogin, address.email):
                return person, address.email.lower()
        return None


def _in_domains(email: str, app: Any) -> bool:
    return email.rpartition("@")[2].lower() in app.settings["domains"]


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(b"second step " + force_bytes(key)).digest())) for key in keys])


# --- The audit log ----------------------------------------------------------------------------------------------------
# allauth tells what happened by signal only. Connected when this module is loaded (PeopleConfig.ready).


@receiver(account_signals.login_code_rejected)
def _code_refused(user: Any, last_attempt: bool, **kwargs: Any) -> None:
    if last_attempt:
        record("sign_in.code_refused", about=user, by=None)


@receiver(mfa_signals.authentication_failed)
def _second_step_refused(user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    record("sign_in.second_step_refused", about=user, by=None, way=authenticator.type)


@receiver(mfa_signals.authenticator_added)
def _second_step_added(user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    record("second_step.added", about=user, by=user, way=authenticator.type)


@receiver(mfa_signals.authenticator_removed)
def _second_step_removed(user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    record("second_step.removed", about=user, by=user, way=authenticator.type)


@receiver(mfa_signals.authenticator_reset)
def _recovery_codes_made(user: Any, **kwargs: Any) -> None:
    record("second_step.recovery_codes_made", about=user, by=user)


@receiver(account_signals.email_confirmed)
def _address_confirmed(email_address: Any, **kwargs: Any) -> None:
    person = email_address.user
    record("address.confirmed", about=person, by=person, address=email_address.email)
    if person.email != email_address.email:
        outbox.queue(emails.address_added(person, to=person.email, new=email_address.email, on=today()))


@receiver(account_signals.email_changed)
def _main_address_changed(user: Any, to_email_address: Any, **kwargs: Any) -> None:
    record("address.made_primary", about=user, by=user, address=to_email_address.email)


@receiver(account_signals.email_removed)
def _address_removed(user: Any, email_address: Any, **kwargs: Any) -> None:
    record("address.removed", about=user, by=user, address=email_address.email)
