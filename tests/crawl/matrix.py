"""Who may open what: one line for each URL name. A new address without its line fails, and so does a stale line.

Each line says who gets the page; everybody else is refused (403, told why) or not told that it exists (404), and a
visitor who is not signed in is sent to sign in. docs/permissions.md is printed from here.

*coordinator* and *associate* belong to the organisation and the person that the address is about (`at=`);
*other_coordinator* and *other_associate* do not. `nobody` is a known person without any role.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.test import Client

from nominations.views.links import COOKIE, SALT
from tests.crawl.second_steps import (
    a_file_of_people,
    a_file_with_faults,
    a_week_later,
    added_an_address,
    asked_for_a_code,
    later_celebration,
    typed_the_code,
)

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
    query: str = ""  # what stands behind the address
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


def nomination(name: str, **more: str) -> At:
    return lambda world: {
        "slug": world.things[name].cohort.slug,
        "reference": world.things[name].reference,
        **{word: world.things[thing].reference for word, thing in more.items()},
    }


def answer(name: str) -> At:
    return lambda world: {"reference": world.things[name].reference}


def link(secret: str) -> At:
    return lambda _world: {"secret": secret}


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


MATRIX: dict[str, Line] = {
    # Pages for everybody
    "pages:front": PUBLIC,
    "pages:accessibility": PUBLIC,
    "pages:privacy": PUBLIC,
    "pages:cookies": PUBLIC,
    # Signing in and out
    "account_login": WAY_IN,
    "account_request_login_code": WAY_IN,
    "account_confirm_login_code": step_of_signing_in(before=asked_for_a_code),
    "mfa_authenticate": step_of_signing_in(before=typed_the_code),
    "mfa_login_webauthn": Line(frozenset(), SENT_ON, starts_again=True),
    "account_signup": PUBLIC,
    "account_inactive": PUBLIC,
    "account_logout": Line(SIGNED_IN, anonymous=SENT_ON),
    "openid_connect_login": Line(frozenset(), HIDDEN, anonymous=HIDDEN, at=lambda _world: {"provider_id": "none"}),
    "openid_connect_callback": Line(frozenset(), HIDDEN, anonymous=HIDDEN, at=lambda _world: {"provider_id": "none"}),
    "socialaccount_login_cancelled": PUBLIC,
    # One's own account. The associate has a passkey and recovery codes, the other associate an authenticator app.
    "people:account": OWN,
    "people:account-name": OWN,
    "people:account-language": OWN,
    "people:language-ask": OWN,
    "account_email": OWN,
    "account_email_verification_sent": Line(SIGNED_IN, before=added_an_address),
    "mfa_index": OWN,
    "mfa_reauthenticate": Line(ASSOCIATES),
    "mfa_reauthenticate_webauthn": Line(frozenset({"associate"}), but={"other_associate": SENT_ON}),
    "mfa_activate_totp": Line(SIGNED_IN - {"other_associate"}, SENT_ON),
    "mfa_deactivate_totp": Line(frozenset({"other_associate"}), HIDDEN),
    "mfa_add_webauthn": OWN,
    "mfa_edit_webauthn": Line(frozenset({"associate"}), HIDDEN, at=key("passkey")),
    "mfa_remove_webauthn": Line(frozenset({"associate"}), HIDDEN, at=key("passkey")),
    "mfa_view_recovery_codes": Line(frozenset({"associate"}), HIDDEN),
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": Line(frozenset({"associate"}), HIDDEN, download=True),
    # People and organisations
    "people:person-list": Line(TEAM | COORDINATORS | {"auditor"}, HIDDEN),
    "people:person-add": Line(TEAM),
    "people:person-detail": Line(TEAM | {"coordinator", "associate", "auditor"}, HIDDEN, at=person("associate")),
    "people:person-name": Line(TEAM, HIDDEN, at=person("associate"), but=MAY_LOOK),
    "people:person-language": Line(
        TEAM | {"coordinator", "associate"}, HIDDEN, at=person("associate"), but={"auditor": REFUSED}
    ),
    "people:address-record": Line(TEAM, HIDDEN, at=person("associate"), but=MAY_LOOK),
    "people:employment-add": Line(TEAM, HIDDEN, at=person("associate"), but=MAY_LOOK),
    "people:employment-end": Line(TEAM, HIDDEN, at=row_of_associate("employment"), but=MAY_LOOK),
    "people:role-give": Line(TEAM, HIDDEN, at=person("associate"), but=MAY_LOOK),
    "people:role-end": Line(TEAM, HIDDEN, at=row_of_associate("role"), but=MAY_LOOK),
    "people:role-end last": Line(
        TEAM,
        HIDDEN,
        at=lambda world: {
            "reference": world.people["other_coordinator"].reference,
            "pk": world.things["last_coordinator"].pk,
        },
        but={"coordinator": REFUSED, "other_coordinator": REFUSED, "auditor": REFUSED},
        shows='name="confirmed"',
    ),
    "people:reset-ask": Line(TEAM, HIDDEN, at=person("associate"), but=MAY_LOOK),
    "people:reset-confirm": Line(TEAM, HIDDEN, at=person("other_associate")),
    "people:organisation-list": Line(TEAM | COORDINATORS | {"auditor"}, HIDDEN),
    "people:organisation-add": Line(TEAM),
    "people:organisation-detail": Line(TEAM | {"coordinator", "auditor"}, HIDDEN, at=of_organisation("organisation")),
    "people:organisation-change": Line(
        TEAM, HIDDEN, at=of_organisation("organisation"), but={"coordinator": REFUSED, "auditor": REFUSED}
    ),
    # Cohorts
    "cohorts:programme-update": Line(frozenset({"manager"})),
    "cohorts:cohort-list": OWN,
    "cohorts:cohort-create": Line(TEAM),
    "cohorts:cohort-create plan": Line(
        TEAM, query="?name_en=Qarth&name_cy=Zhill&capacity=20&starts_on=2026-12-25", shows="phase-dates"
    ),
    "cohorts:cohort-detail": Line(SEES_RUNNING, HIDDEN, at=cohort("running")),
    "cohorts:cohort-detail planned": Line(STAFF, HIDDEN, at=cohort("planned")),
    "cohorts:cohort-detail finished": Line(STAFF | COORDINATORS, HIDDEN, at=cohort("finished")),
    "cohorts:cohort-update": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "cohorts:cohort-dates": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "planning:replan": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "planning:replan check": Line(
        TEAM,
        HIDDEN,
        at=cohort("running"),
        but=KNOWS_RUNNING,
        post=a_week_later,
        shows="govuk-inset-text changes",
    ),
    "planning:replan-list": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "planning:replan-undo": Line(TEAM, HIDDEN, at=in_cohort("replan", "running"), but=KNOWS_RUNNING),
    "cohorts:cohort-dates check": Line(
        TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING, post=later_celebration, shows='name="checked"'
    ),
    "cohorts:cohort-status recruit": Line(TEAM, HIDDEN, at=cohort("planned", step="recruit"), but=STAFF_KNOW),
    "cohorts:cohort-status cancel": Line(TEAM, HIDDEN, at=cohort("planned", step="cancel"), but=STAFF_KNOW),
    "cohorts:cohort-status select": Line(
        TEAM, HIDDEN, at=cohort("recruiting", step="select"), but=STAFF_KNOW | COORDINATORS_KNOW
    ),
    "cohorts:cohort-status start": Line(
        TEAM, HIDDEN, at=cohort("due", step="start"), but=STAFF_KNOW | COORDINATORS_KNOW
    ),
    "cohorts:cohort-status finish": Line(
        TEAM, HIDDEN, at=cohort("over", step="finish"), but=STAFF_KNOW | COORDINATORS_KNOW
    ),
    "cohorts:associate-create": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "cohorts:associate-import": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "cohorts:associate-import check": Line(
        TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING, post=a_file_of_people, shows='name="rows"'
    ),
    "cohorts:associate-import faults": Line(
        TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING, post=a_file_with_faults, shows="<tbody"
    ),
    "cohorts:enrolment-template": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING, download=True),
    "progress:associate-journey": Line(
        TEAM | {"auditor", "coordinator", "associate"}, HIDDEN, at=associate("associate")
    ),
    "progress:associate-journey withdrawn": Line(TEAM | {"auditor", "coordinator"}, HIDDEN, at=associate("withdrawn")),
    "cohorts:associate-status start": Line(TEAM, HIDDEN, at=associate("enrolled", step="start")),
    "cohorts:associate-status complete": Line(TEAM, HIDDEN, at=associate("associate", step="complete")),
    "cohorts:associate-status pause": Line(TEAM, HIDDEN, at=associate("associate", step="pause")),
    "cohorts:associate-status resume": Line(TEAM, HIDDEN, at=associate("paused", step="resume")),
    "cohorts:associate-status withdraw": Line(TEAM, HIDDEN, at=associate("associate", step="withdraw")),
    # Milestones and the journey
    "progress:milestone-list": Line(SEES_RUNNING, HIDDEN, at=cohort("running")),
    "progress:milestone-list none": Line(STAFF, HIDDEN, at=cohort("planned")),
    "progress:milestone-create": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "progress:milestone-template": Line(TEAM, HIDDEN, at=cohort("planned"), but=STAFF_KNOW),
    "progress:milestone-update": Line(TEAM, HIDDEN, at=in_cohort("milestone", "running"), but=KNOWS_RUNNING),
    "progress:milestone-retire": Line(TEAM, HIDDEN, at=in_cohort("milestone", "running"), but=KNOWS_RUNNING),
    "progress:completion-list": Line(TEAM | {"lab_lead", "coach"}),
    # The lab lead was asked to confirm it; coordinators and auditors see states and days.
    "progress:completion-detail": Line(
        TEAM | {"auditor", "coordinator", "associate", "lab_lead"}, HIDDEN, at=milestone_of("completion")
    ),
    "progress:completion-detail open": Line(
        TEAM | {"auditor", "coordinator", "associate"}, HIDDEN, at=milestone_of("milestone")
    ),
    "progress:completion-ready": Line(
        frozenset({"associate"}), HIDDEN, at=milestone_of("milestone"), but=dict.fromkeys(LOOK_AT_PROGRESS, REFUSED)
    ),
    "progress:evidence-file": Line(
        TEAM | {"associate", "lab_lead"},
        HIDDEN,
        at=milestone_of("completion", evidence="evidence"),
        but=dict.fromkeys(("coordinator", "auditor"), REFUSED),
        download=True,
    ),
    "progress:completion-decide confirm": Line(
        TEAM | {"lab_lead"},
        HIDDEN,
        at=milestone_of("completion", step="confirm"),
        but=dict.fromkeys(("coordinator", "auditor", "associate"), REFUSED),
    ),
    "progress:completion-decide ask-again": Line(
        TEAM | {"lab_lead"},
        HIDDEN,
        at=milestone_of("completion", step="ask-again"),
        but=dict.fromkeys(("coordinator", "auditor", "associate"), REFUSED),
    ),
    "progress:completion-decide exempt": Line(
        TEAM,
        HIDDEN,
        at=milestone_of("completion", step="exempt"),
        but=dict.fromkeys(("coordinator", "auditor", "associate", "lab_lead"), REFUSED),
    ),
    "progress:phase-complete": Line(
        TEAM,
        HIDDEN,
        at=associate("associate", kind="inspire"),
        but=dict.fromkeys(("coordinator", "auditor", "associate"), REFUSED),
    ),
    "progress:phase-complete missing": Line(
        frozenset(),
        HIDDEN,
        at=associate("associate", kind="learn_and_explore"),
        but=dict.fromkeys(LOOK_AT_PROGRESS | {"associate"}, REFUSED),
    ),
    # Recruitment and nominations
    "nominations:recruitment": Line(NOMINATE, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW),
    "nominations:recruitment-window": Line(TEAM, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW),
    "nominations:places-none": Line(
        TEAM | {"other_coordinator"}, HIDDEN, at=places("recruiting", "other_organisation")
    ),
    "nominations:places-after-all": Line(
        TEAM | {"other_coordinator"}, HIDDEN, at=places("recruiting", "other_organisation")
    ),
    "nominations:nomination-list": Line(NOMINATE | {"auditor"}, HIDDEN, at=cohort("recruiting"), but=OTHER_STAFF_KNOW),
    "nominations:nomination-create": Line(NOMINATE, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW),
    "nominations:nomination-import": Line(NOMINATE, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW),
    "nominations:nomination-template": Line(
        NOMINATE, HIDDEN, at=cohort("recruiting", language="cy", kind="csv"), but=STAFF_KNOW, download=True
    ),
    "nominations:nomination-detail": Line(TEAM | {"auditor", "coordinator"}, HIDDEN, at=nomination("nomination")),
    "nominations:nomination-withdraw": Line(
        TEAM | {"coordinator"}, HIDDEN, at=nomination("nomination"), but={"auditor": REFUSED}
    ),
    "nominations:nomination-merge": Line(
        TEAM | {"coordinator"}, HIDDEN, at=nomination("nomination", other="lookalike"), but={"auditor": REFUSED}
    ),
    "nominations:nomination-revive": Line(
        TEAM | {"coordinator"}, HIDDEN, at=nomination("lapsed"), but={"auditor": REFUSED}
    ),
    "nominations:apply": Line(EVERYBODY, at=cohort("recruiting")),
    "nominations:applied": Line(EVERYBODY, at=cohort("recruiting")),
    # Selection. The other associate is also a reviewer.
    "nominations:selection": Line(TEAM, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW),
    "nominations:selection-criteria": Line(TEAM, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW),
    "nominations:selection-panel": Line(TEAM, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW),
    "nominations:panel-leave": Line(
        TEAM, HIDDEN, at=on_panel("other_associate", "recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW
    ),
    "nominations:selection-assign": Line(TEAM, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW),
    "nominations:selection-release": Line(
        frozenset({"administrator"}),
        HIDDEN,
        at=cohort("recruiting"),
        but=STAFF_KNOW | COORDINATORS_KNOW | {"manager": REFUSED},
    ),
    "nominations:decision": Line(TEAM, HIDDEN, at=nomination("reviewed")),
    "nominations:decision-take-back": Line(TEAM, HIDDEN, at=nomination("reviewed")),
    "nominations:review-recuse": Line(TEAM, HIDDEN, at=in_cohort("review", "recruiting")),
    "nominations:record-list": Line(
        TEAM | {"auditor"}, HIDDEN, at=cohort("recruiting"), but=OTHER_STAFF_KNOW | COORDINATORS_KNOW
    ),
    "nominations:record-create": Line(TEAM, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW),
    "nominations:record-download": Line(
        TEAM | {"auditor"},
        HIDDEN,
        at=in_cohort("record", "recruiting", language="cy", kind="xlsx"),
        but=OTHER_STAFF_KNOW | COORDINATORS_KNOW,
        download=True,
    ),
    "nominations:review-list": OWN,
    "nominations:review": Line(frozenset({"other_associate"}), HIDDEN, at=key("review")),
    "nominations:review-abstain": Line(frozenset({"other_associate"}), HIDDEN, at=key("review")),
    # Answers, by link or signed in
    "nominations:link-lost": PUBLIC,
    "nominations:link-enter": Line(EVERYBODY, at=link("q-good-link")),
    "nominations:link-enter used": Line(EVERYBODY, at=link("q-used-link")),
    "nominations:link-enter unknown": Line(frozenset(), SENT_ON, anonymous=SENT_ON, at=link("q-no-link")),
    "nominations:nominee-part": Line(frozenset({"associate"}), HIDDEN, anonymous=SENT_ON, at=answer("own_nomination")),
    "nominations:nominee-part by-link": Line(EVERYBODY, at=answer("own_nomination"), before=came_by("nominee_link")),
    "nominations:nominee-decline": Line(
        frozenset({"associate"}), HIDDEN, anonymous=SENT_ON, at=answer("own_nomination")
    ),
    "nominations:endorsement": Line(frozenset(), HIDDEN, anonymous=SENT_ON, at=answer("own_nomination")),
    "nominations:endorsement by-link": Line(EVERYBODY, at=answer("own_nomination"), before=came_by("manager_link")),
    "nominations:offer": Line(frozenset({"associate"}), HIDDEN, anonymous=SENT_ON, at=nomination("own_offer")),
    "nominations:offer by-link": Line(EVERYBODY, at=nomination("own_offer"), before=came_by("offer_link")),
    # Before the first day
    "cohorts:onboarding": Line(WITH_TASKS),
    "cohorts:onboarding-needs": Line(WITH_TASKS),
    "cohorts:agreement privacy": Line(WITH_TASKS, at=lambda _world: {"kind": "privacy"}),
    "cohorts:agreement coaching": Line(WITH_TASKS, at=lambda _world: {"kind": "coaching"}),
    "cohorts:agreement image": Line(WITH_TASKS, at=lambda _world: {"kind": "image"}),
    "cohorts:cohort-onboarding": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    # Home and reports
    "reports:home": OWN,
    "reports:welsh": Line(TEAM),
    "correspondence:message-list": Line(TEAM),
    "correspondence:message-detail": Line(TEAM, at=key("message")),
    "correspondence:message-detail uncertain": Line(TEAM, at=key("uncertain")),
    # Machines
    "health": Line(EVERYBODY, answer=503, anonymous=503, download=True),
}

# Pages that exist only in the demo.
DEMO: dict[str, Line] = {
    "demo:people": PUBLIC,
    "demo:clock": Line(frozenset(), POST_ONLY, anonymous=POST_ONLY),
    "demo:mail-list": PUBLIC,
    "demo:mail-detail": Line(EVERYBODY, at=lambda _world: {"key": "0.qarth"}),
}
