"""One line of the matrix: who may open an address, where it is, and how one comes there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.test import Client

from messaging.preferences import stop_token
from nominations.views.links import COOKIE, SALT

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
# In the world, every active associate of the running cohort is asked something before the first day.
WITH_TASKS = ASSOCIATES
STAFF = TEAM | {"lab_lead", "coach", "auditor"}

OPEN, TO_SIGN_IN, REFUSED, HIDDEN, POST_ONLY = 200, 302, 403, 404, 405
# Sent on to another page, which is not the sign-in page.
SENT_ON = -302

At = Callable[[Any], dict[str, Any]]
Before = Callable[[Client, Any, str], None]
Post = Callable[[Any], dict[str, Any]]


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
    starts_again: bool = False  # a step of signing in, taken out of turn: back to the first step, and no page after it
    before: Before | None = None  # what the reader did just before, where a page is the second step of something
    query: str = ""  # what stands behind the address; “{associate}” and the like is that person's reference
    # What the reader fills into the page's form; the page is then what the filled form is answered with.
    post: Post | None = None
    shows: str = ""  # markup by which the page is known, where the address alone does not say which it is

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


def cohort(name: str, **more: str) -> At:
    return lambda world: {"slug": world.things[name].slug, **more}


def associate(name: str, **more: str) -> At:
    return lambda world: {
        "slug": world.things[name].cohort.slug,
        "reference": world.things[name].person.reference,
        **more,
    }


def person(name: str) -> At:
    return lambda world: {"reference": world.people[name].reference}


def of_organisation(name: str) -> At:
    return lambda world: {"code": world.things[name].code}


def row_of_associate(name: str) -> At:
    return lambda world: {"reference": world.people["associate"].reference, "pk": world.things[name].pk}


def key(name: str) -> At:
    return lambda world: {"pk": world.things[name].pk}


def decision(name: str, step: str) -> At:
    return lambda world: {"pk": world.things[name].pk, "step": step}


def nomination(name: str, other: str = "", **more: str) -> At:
    return lambda world: {
        "slug": world.things[name].cohort.slug,
        "reference": world.things[name].reference,
        **({"other": world.things[other].reference} if other else {}),
        **more,
    }


def answer(name: str) -> At:
    return lambda world: {"reference": world.things[name].reference}


def link(secret: str) -> At:
    return lambda _world: {"secret": secret}


def stop_link(kind: str) -> At:
    """The link in the foot of a mail of that kind to the associate."""
    return lambda world: {"token": stop_token(world.people["associate"].reference, kind)}


def of_kind(kind: str) -> At:
    return lambda _world: {"kind": kind}


def came_by(link_name: str) -> Before:
    """The browser has entered by that link."""

    def enter(client: Client, world: Any, _role: str) -> None:
        client.cookies[COOKIE] = signing.dumps([world.things[link_name].pk], salt=SALT)

    return enter


def in_cohort(name: str, cohort_name: str, **more: str) -> At:
    return lambda world: {"slug": world.things[cohort_name].slug, "pk": world.things[name].pk, **more}


def on_panel(person_name: str, cohort_name: str) -> At:
    return lambda world: {
        "slug": world.things[cohort_name].slug,
        "reference": world.people[person_name].reference,
    }


def milestone_of(name: str, **more: str) -> At:
    """The associate's page of a milestone; of the row whose milestone it is, if `name` is one."""

    def at(world: Any) -> dict[str, Any]:
        thing = world.things[name]
        words = {word: getattr(world.things.get(value), "pk", value) for word, value in more.items()}
        return {
            "slug": "running",
            "reference": world.people["associate"].reference,
            "pk": getattr(thing, "milestone", thing).pk,
            **words,
        }

    return at


def places(cohort_name: str, organisation: str) -> At:
    return lambda world: {"slug": world.things[cohort_name].slug, "code": world.things[organisation].code}


PUBLIC = Line(EVERYBODY)
# For visitors only: who is signed in is led to the home page.
WAY_IN = Line(frozenset({"anonymous"}), SENT_ON)
OWN = Line(SIGNED_IN)
# They may see the person, but not do this: so they are told why.
MAY_LOOK = {"coordinator": REFUSED, "associate": REFUSED, "auditor": REFUSED}
SEES_RUNNING = STAFF | COORDINATORS | ASSOCIATES
KNOWS_RUNNING = dict.fromkeys(SEES_RUNNING - TEAM, REFUSED)
STAFF_KNOW = dict.fromkeys(STAFF - TEAM, REFUSED)
COORDINATORS_KNOW = dict.fromkeys(COORDINATORS, REFUSED)
OTHER_STAFF_KNOW = dict.fromkeys(("lab_lead", "coach"), REFUSED)
LOOK_AT_PROGRESS = TEAM | {"auditor", "coordinator"}
NOMINATE = TEAM | COORDINATORS


def step_of_signing_in(before: Before) -> Line:
    """A page that a visitor reaches on the way in."""
    return Line(frozenset({"anonymous"}), SENT_ON, before=before)
