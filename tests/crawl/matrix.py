"""Who may open what: one line for each URL name. A new address without its line fails, and so does a stale line.

Each line says who gets the page; everybody else is refused (403, told why) or not told that it exists (404), and a
visitor who is not signed in is sent to sign in. docs/permissions.md is printed from here.

*coordinator* and *associate* belong to the organisation and the person that the address is about (`at=`);
*other_coordinator* and *other_associate* do not. `nobody` is a known person without any role.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

ROLES = (
    "anonymous",
    "manager",
    "administrator",
    "lab_lead",
    "coach",
    "coordinator",
    "other_coordinator",
    "auditor",
    "associate",
    "other_associate",
    "nobody",
)
SIGNED_IN = frozenset(ROLES[1:])
EVERYBODY = frozenset(ROLES)
TEAM = frozenset({"manager", "administrator"})
COORDINATORS = frozenset({"coordinator", "other_coordinator"})
ASSOCIATES = frozenset({"associate", "other_associate"})
STAFF = TEAM | {"lab_lead", "coach", "auditor"}

OPEN, TO_SIGN_IN, REFUSED, HIDDEN, POST_ONLY = 200, 302, 403, 404, 405
# Sent on to another page, which is not the sign-in page.
SENT_ON = -302

At = Callable[[Any], dict[str, Any]]
Before = Callable[[Client, Any, str], None]


@dataclass(frozen=True)
class Line:
    """`seen_by` get `answer`, others who are signed in `others`, visitors `anonymous`; `but` names the odd ones out."""

    seen_by: frozenset[str]
    others: int = REFUSED
    anonymous: int = TO_SIGN_IN
    answer: int = OPEN
    at: At | None = None
    but: dict[str, int] = field(default_factory=dict)
    download: bool = False  # a file, not a page
    before: Before | None = None  # what the reader did just before, where a page is the second step of something

    def status(self, role: str) -> int:
        """What a GET by this role is answered with."""
        if role in self.but:
            return self.but[role]
        if role in self.seen_by:
            return self.answer
        return self.anonymous if role == "anonymous" else self.others

    def kwargs(self, world: Any) -> dict[str, Any]:
        """What stands in the address."""
        return self.at(world) if self.at else {}


def cohort(name: str) -> At:
    return lambda world: {"slug": world.things[name].slug}


def associate(name: str, **more: str) -> At:
    return lambda world: {
        "slug": world.things[name].cohort.slug,
        "reference": world.things[name].person.reference,
        **more,
    }


def person(name: str, **more: str) -> At:
    return lambda world: {"reference": world.people[name].reference, **more}


def of_organisation(name: str) -> At:
    return lambda world: {"code": world.things[name].code}


def thing(name: str, **more: str) -> At:
    """`reference` of the associate and the primary key of a row of theirs."""
    return lambda world: {"reference": world.people["associate"].reference, "pk": world.things[name].pk, **more}


def key(name: str) -> At:
    return lambda world: {"pk": world.things[name].pk}


def asked_for_a_code(client: Client, world: Any, role: str) -> None:
    """Typed an address on the sign-in page."""
    if role == "anonymous":
        client.post("/sign-in/", {"email": world.people["associate"].email})


PUBLIC = Line(EVERYBODY)
# For visitors only: who is signed in is led to the home page.
WAY_IN = Line(frozenset({"anonymous"}), SENT_ON)
OWN = Line(SIGNED_IN)

MATRIX: dict[str, Line] = {
    # Pages for everybody
    "pages:front": PUBLIC,
    "pages:accessibility": PUBLIC,
    "pages:privacy": PUBLIC,
    "pages:cookies": PUBLIC,
    # Signing in and out
    "account_login": WAY_IN,
    "account_request_login_code": WAY_IN,
    "account_confirm_login_code": Line(frozenset({"anonymous"}), SENT_ON, before=asked_for_a_code),
    "account_signup": PUBLIC,
    "account_inactive": PUBLIC,
    "account_logout": Line(SIGNED_IN, anonymous=SENT_ON),
    "mfa_authenticate": Line(frozenset()),
    "mfa_login_webauthn": Line(frozenset(), 405, anonymous=405),
    "openid_connect_login": Line(frozenset(), HIDDEN, anonymous=HIDDEN, at=lambda _world: {"provider_id": "none"}),
    "openid_connect_callback": Line(frozenset(), HIDDEN, anonymous=HIDDEN, at=lambda _world: {"provider_id": "none"}),
    "socialaccount_login_cancelled": PUBLIC,
    # One's own account
    "people:account": OWN,
    "people:account-name": OWN,
    "people:account-language": OWN,
    "people:language-ask": OWN,
    "account_email": OWN,
    "account_email_verification_sent": OWN,
    "mfa_index": OWN,
    "mfa_reauthenticate": OWN,
    "mfa_reauthenticate_webauthn": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_edit_webauthn": Line(frozenset({"associate"}), HIDDEN, at=key("passkey")),
    "mfa_remove_webauthn": Line(frozenset({"associate"}), HIDDEN, at=key("passkey")),
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": OWN,
    # People and organisations
    "people:person-list": Line(TEAM | COORDINATORS),
    "people:person-add": Line(TEAM | COORDINATORS),
    "people:person-detail": Line(TEAM | {"coordinator", "associate"}, HIDDEN, at=person("associate")),
    "people:person-name": Line(TEAM, HIDDEN, at=person("associate")),
    "people:person-language": Line(TEAM, HIDDEN, at=person("associate")),
    "people:address-record": Line(TEAM, HIDDEN, at=person("associate")),
    "people:employment-add": Line(TEAM, HIDDEN, at=person("associate")),
    "people:employment-end": Line(TEAM, HIDDEN, at=thing("employment")),
    "people:role-give": Line(TEAM, HIDDEN, at=person("associate")),
    "people:role-end": Line(TEAM, HIDDEN, at=thing("role")),
    "people:reset-ask": Line(TEAM, HIDDEN, at=person("associate")),
    "people:reset-confirm": Line(TEAM, HIDDEN, at=person("other_associate")),
    "people:organisation-list": Line(TEAM | COORDINATORS),
    "people:organisation-add": Line(TEAM),
    "people:organisation-detail": Line(TEAM | {"coordinator"}, HIDDEN, at=of_organisation("organisation")),
    "people:organisation-change": Line(TEAM, HIDDEN, at=of_organisation("organisation")),
    # Cohorts
    "cohorts:programme-update": Line(TEAM),
    "cohorts:cohort-list": Line(STAFF | COORDINATORS | ASSOCIATES),
    "cohorts:cohort-create": Line(TEAM),
    "cohorts:cohort-detail": Line(STAFF | COORDINATORS | ASSOCIATES, HIDDEN, at=cohort("running")),
    "cohorts:cohort-update": Line(TEAM, at=cohort("running")),
    "cohorts:cohort-dates": Line(TEAM, at=cohort("running")),
    "cohorts:associate-create": Line(TEAM, at=cohort("running")),
    "cohorts:associate-import": Line(TEAM, at=cohort("running")),
    "cohorts:associate-journey": Line(
        TEAM | {"auditor", "coordinator", "associate"}, HIDDEN, at=associate("associate")
    ),
}
