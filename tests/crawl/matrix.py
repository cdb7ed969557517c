"""Who may open what: one line for each URL name. A new address without its line fails, and so does a stale line.

Each line says who gets the page; everybody else is refused (403, told why) or not told that it exists (404), and a
visitor who is not signed in is sent to sign in. docs/permissions.md is printed from here.

*coordinator* and *associate* belong to the organisation and the person that the address is about (`at=`);
*other_coordinator* and *other_associate* do not. `nobody` is a known person without any role.
"""

from tests.crawl.line import (
    ASSOCIATES,
    COORDINATORS,
    COORDINATORS_KNOW,
    EVERYBODY,
    HIDDEN,
    KNOWS_RUNNING,
    MAY_LOOK,
    NOMINATE,
    OTHER_STAFF_KNOW,
    OWN,
    POST_ONLY,
    PUBLIC,
    REFUSED,
    SEES_RUNNING,
    SENT_ON,
    SIGNED_IN,
    STAFF,
    STAFF_KNOW,
    TEAM,
    WAY_IN,
    WITH_TASKS,
    Line,
    answer,
    associate,
    came_by,
    cohort,
    decision,
    in_cohort,
    key,
    link,
    nomination,
    of_kind,
    of_organisation,
    on_panel,
    person,
    places,
    row_of_associate,
    step_of_signing_in,
    stop_link,
)
from tests.crawl.lines_of_progress import PROGRESS
from tests.crawl.second_steps import (
    a_file_of_people,
    a_file_with_faults,
    a_week_later,
    added_an_address,
    asked_for_a_code,
    later_celebration,
    ten_days,
    typed_the_code,
)

MATRIX: dict[str, Line] = {
    **PROGRESS,
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
    "correspondence:preferences": OWN,
    "correspondence:message-stop": Line(EVERYBODY, at=stop_link("phase-starts")),
    "correspondence:message-stop again": Line(EVERYBODY, at=stop_link("phase-ends-soon")),
    "correspondence:message-stop service": Line(EVERYBODY, at=stop_link("dates-changed")),
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
    "cohorts:associate-status start": Line(TEAM, HIDDEN, at=associate("enrolled", step="start")),
    "cohorts:associate-status complete": Line(TEAM, HIDDEN, at=associate("associate", step="complete")),
    "cohorts:associate-status pause": Line(TEAM, HIDDEN, at=associate("associate", step="pause")),
    "cohorts:associate-status resume": Line(TEAM, HIDDEN, at=associate("paused", step="resume")),
    "cohorts:associate-status withdraw": Line(TEAM, HIDDEN, at=associate("associate", step="withdraw")),
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
    "nominations:link-send": Line(
        TEAM | {"coordinator"}, HIDDEN, at=nomination("lookalike", purpose="manager"), but={"auditor": REFUSED}
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
    "correspondence:message-detail summary": Line(TEAM, at=key("summary")),
    "correspondence:message-detail uncertain": Line(TEAM, at=key("uncertain")),
    "correspondence:message-decide": Line(TEAM, at=decision("held_late", "release")),
    "correspondence:message-decide discard": Line(TEAM, at=decision("held_late", "discard")),
    "correspondence:message-decide again": Line(TEAM, at=decision("failed", "again")),
    "correspondence:message-decide aside": Line(TEAM, at=decision("failed", "aside")),
    "correspondence:message-decide arrived": Line(TEAM, at=decision("uncertain", "arrived")),
    "correspondence:why": Line(TEAM),
    "correspondence:why search": Line(TEAM, query="?q=Anest"),
    "correspondence:why person": Line(TEAM, query="?person={associate}&cohort=running"),
    "correspondence:why kind": Line(TEAM, query="?person={coordinator}&kind=recruitment-closes-soon&cohort=recruiting"),
    "correspondence:forecast": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "correspondence:forecast recruiting": Line(
        TEAM, HIDDEN, at=cohort("recruiting"), but=STAFF_KNOW | COORDINATORS_KNOW
    ),
    "correspondence:forecast over": Line(TEAM, HIDDEN, at=cohort("over"), but=STAFF_KNOW | COORDINATORS_KNOW),
    "correspondence:forecast-list": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "correspondence:forecast-people": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "correspondence:waiting-list": Line(TEAM),
    "correspondence:waiting-group": Line(TEAM, at=key("held_first_use")),
    "correspondence:waiting-group late": Line(TEAM, at=key("held_late")),
    "correspondence:waiting-words": Line(TEAM, at=key("held_first_use")),
    "correspondence:waiting-decide": Line(TEAM, at=decision("held_first_use", "release")),
    "correspondence:waiting-decide discard": Line(TEAM, at=decision("held_first_use", "discard")),
    "correspondence:outage": Line(TEAM),
    "correspondence:outage-discard": Line(TEAM),
    "correspondence:address-list": Line(TEAM | COORDINATORS),
    "correspondence:address-detail": Line(TEAM | {"coordinator"}, HIDDEN, at=key("bad_address")),
    "correspondence:address-held": Line(TEAM, HIDDEN, at=key("mended"), but={"coordinator": REFUSED}),
    "correspondence:health": Line(TEAM),
    "correspondence:announcement-list": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "correspondence:announcement-create": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "correspondence:announcement-detail": Line(TEAM, HIDDEN, at=nomination("announcement"), but=KNOWS_RUNNING),
    "correspondence:announcement-detail waiting": Line(TEAM, HIDDEN, at=nomination("to_approve"), but=KNOWS_RUNNING),
    "correspondence:announcement-detail out": Line(TEAM, HIDDEN, at=nomination("announced"), but=KNOWS_RUNNING),
    "correspondence:announcement-update": Line(TEAM, HIDDEN, at=nomination("announcement"), but=KNOWS_RUNNING),
    "correspondence:announcement-day": Line(TEAM, HIDDEN, at=nomination("announcement"), but=KNOWS_RUNNING),
    "correspondence:announcement-approve": Line(TEAM, HIDDEN, at=nomination("to_approve"), but=KNOWS_RUNNING),
    "correspondence:announcement-cancel": Line(TEAM, HIDDEN, at=nomination("announcement"), but=KNOWS_RUNNING),
    # How messages are sent, and their words
    "correspondence:rule-defaults": Line(TEAM),
    "correspondence:rule-default": Line(TEAM, at=of_kind("cohort-created")),
    "correspondence:rule-take-back": Line(TEAM, at=key("rule")),
    "correspondence:rule-list": Line(TEAM, HIDDEN, at=cohort("running"), but=KNOWS_RUNNING),
    "correspondence:rule-set": Line(
        TEAM, HIDDEN, at=cohort("running", kind="phase-starts"), but=KNOWS_RUNNING, shows="id_days"
    ),
    "correspondence:rule-set check": Line(
        TEAM,
        HIDDEN,
        at=cohort("running", kind="phase-starts"),
        but=KNOWS_RUNNING,
        post=ten_days,
        shows='name="checked"',
    ),
    "correspondence:rule-set news": Line(
        TEAM, HIDDEN, at=cohort("running", kind="recruitment-opened"), but=KNOWS_RUNNING
    ),
    "correspondence:wording": Line(TEAM, HIDDEN, at=cohort("running", kind="phase-starts"), but=KNOWS_RUNNING),
    "correspondence:wording own": Line(
        TEAM, HIDDEN, at=cohort("running", kind="dates-changed"), but=KNOWS_RUNNING, shows="wording/drop/"
    ),
    "correspondence:wording several": Line(
        TEAM,
        HIDDEN,
        at=cohort("recruiting", kind="decision-released"),
        but=STAFF_KNOW | COORDINATORS_KNOW,
        query="?text=decision_reserve",
    ),
    "correspondence:wording-drop": Line(TEAM, HIDDEN, at=cohort("running", kind="dates-changed"), but=KNOWS_RUNNING),
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
