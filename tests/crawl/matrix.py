"""Who may open what: one line for each URL name. A new address without its line fails, and so does a stale line.

Each line says who gets the page; everybody else is refused (403, told why) or not told that it exists (404), and a
visitor who is not signed in is sent to sign in. docs/permissions.md is printed from here.

*coordinator* and *associate* belong to the organisation and the person that the address is about (`at=`);
*other_coordinator* and *other_associate* do not. `nobody` is a known person without any role.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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


PUBLIC = Line(EVERYBODY)

MATRIX: dict[str, Line] = {
    # Pages for everybody
    "pages:front": PUBLIC,
    "pages:accessibility": PUBLIC,
    "pages:privacy": PUBLIC,
    "pages:cookies": PUBLIC,
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
