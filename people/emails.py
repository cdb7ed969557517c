"""Words to people about their account: one function per letter, each returning a Mail."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from messaging.mail import Mail, Recipient
from people.enums import RoleKind
from people.models import Role, User
from people.queries.people import recipient


@dataclass(frozen=True)
class AccountLetter:
    """A letter that allauth asks for: our kind and template, and whether its words are wiped once sent."""

    kind: str
    template: str
    secret: bool = False


# Everything allauth can send with our settings (tests/people/test_adapters.py compares the list with its code).
ACCOUNT_LETTERS = {
    "account/email/login_code": AccountLetter("sign-in-code", "sign_in_code", secret=True),
    "account/email/unknown_account": AccountLetter("sign-in-unknown", "unknown_address"),
    "account/email/account_already_exists": AccountLetter("address-taken", "address_taken"),
    "account/email/email_confirmation": AccountLetter("address-code", "confirm_address", secret=True),
    "account/email/email_confirmation_signup": AccountLetter("address-code", "confirm_address", secret=True),
    "account/email/email_changed": AccountLetter("address-changed", "address_changed"),
    "account/email/email_deleted": AccountLetter("address-removed", "address_removed"),
    "mfa/email/totp_activated": AccountLetter("second-step-added", "app_added"),
    "mfa/email/totp_deactivated": AccountLetter("second-step-removed", "app_removed"),
    "mfa/email/webauthn_added": AccountLetter("second-step-added", "passkey_added"),
    "mfa/email/webauthn_removed": AccountLetter("second-step-removed", "passkey_removed"),
    "mfa/email/recovery_codes_generated": AccountLetter("recovery-codes-made", "recovery_codes_made"),
}
WORDS = ("code", "from_email", "to_email", "deleted_email")


def account_letter(template_prefix: str, *, address: str, person: User | None, words: dict[str, Any], on: date) -> Mail:
    """The letter that allauth knows as `template_prefix`, to `address`.

    `person` is who the address belongs to: their language; nobody known means both languages, Welsh first. Of `words`
    only the few that our templates use are taken. Raises KeyError for a letter that has no template of ours.
    """
    letter = ACCOUNT_LETTERS[template_prefix]
    to = Recipient(
        address=address,
        name=person.name if person else "",
        language=person.language if person else "",
        reference=person.reference if person else "",
    )
    context = {name: str(words[name]) for name in WORDS if words.get(name)}
    return Mail(
        key=f"{letter.kind}:{secrets.token_hex(12)}",
        kind=letter.kind,
        to=to,
        template=f"people/emails/{letter.template}",
        due_on=on,
        context={**context, "address": address, "name": to.name},
        about=f"people.user:{to.reference}" if to.reference else "",
        late_after_days=0,
        secret=letter.secret,
    )


def invited(role: Role, *, on: date) -> Mail:
    """Tells a person that they were given a role, and how to sign in for the first time."""
    person = role.person
    return Mail(
        key=f"invited:{role.pk}",
        kind="invited",
        to=recipient(person),
        template="people/emails/invited",
        due_on=on,
        context={
            "name": person.name,
            "address": person.email,
            "role": RoleKind(role.kind).label,
            "organisation": role.organisation,
            "starts_on": role.starts_on,
            "strong": role.kind in RoleKind.strong(),
        },
        about=f"people.user:{person.reference}",
        late_after_days=7,
    )


def address_added(person: User, *, to: str, new: str, on: date) -> Mail:
    """Tells an address of a person that another one was added, by themselves or by the programme team."""
    return Mail(
        key=f"address-added:{secrets.token_hex(12)}",
        kind="address-added",
        to=Recipient(address=to, name=person.name, language=person.language, reference=person.reference),
        template="people/emails/address_added",
        due_on=on,
        context={"name": person.name, "address": new},
        about=f"people.user:{person.reference}",
    )


def second_step_reset(person: User, *, on: date) -> Mail:
    """Tells a person that their passkeys and authenticator app were taken away."""
    return Mail(
        key=f"second-step-reset:{secrets.token_hex(12)}",
        kind="second-step-removed",
        to=recipient(person),
        template="people/emails/second_step_reset",
        due_on=on,
        context={"name": person.name},
        about=f"people.user:{person.reference}",
    )
