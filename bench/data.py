"""A made world of any size, written by the database itself, so that 100,000 rows take seconds."""

import time
from datetime import timedelta

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from cohorts.models import Cohort
from core.clock import today
from people.enums import RoleKind
from people.models import Role, User

PEOPLE_PER_COHORT = 50

PEOPLE = """
INSERT INTO people_user
    (password, reference, name, email, language, language_source, language_asked_on, is_active, created_at)
SELECT '!', 'm' || lpad(n::text, 9, '0'), 'Person ' || n, 'person' || n || '@made.example',
       CASE n %% 3 WHEN 0 THEN 'cy' WHEN 1 THEN 'en' ELSE '' END,
       CASE n %% 3 WHEN 2 THEN '' ELSE 'staff' END,
       CASE n %% 3 WHEN 2 THEN NULL ELSE current_date END, true, now()
FROM generate_series(%(from)s, %(to)s) AS n;
INSERT INTO people_employment (person_id, organisation_id, starts_on, job_title, directorate, working_days,
                               line_manager_name, line_manager_email)
SELECT u.id, o.ids[1 + u.id %% array_length(o.ids, 1)], current_date - 400, 'Officer', 'Services', '{}', '', ''
FROM people_user u, (SELECT array_agg(id ORDER BY id) AS ids FROM people_organisation) o
WHERE u.reference BETWEEN 'm' || lpad(%(from)s::text, 9, '0') AND 'm' || lpad(%(to)s::text, 9, '0');
"""

COHORTS = """
INSERT INTO cohorts_cohort
    (programme_id, slug, name_en, name_cy, "order", starts_on, until, capacity, status, welsh_status)
SELECT (SELECT min(id) FROM cohorts_programme), 'made-' || n, 'Made ' || n, 'Gwneud ' || n, n,
       %(start)s::date, %(start)s::date + 182, %(size)s + 10, 'running', 'confirmed'
FROM generate_series(%(from)s, %(to)s) AS n;
INSERT INTO cohorts_phase (cohort_id, kind, starts_on, until)
SELECT c.id, p.kind, c.starts_on + p.a * 7, c.starts_on + p.b * 7
FROM cohorts_cohort c, (VALUES ('inspire', 0, 2), ('learn_and_activate', 2, 6), ('learn_and_explore', 6, 13),
                               ('experiment', 13, 24), ('celebration', 24, 26)) AS p(kind, a, b)
WHERE c."order" BETWEEN %(from)s AND %(to)s;
INSERT INTO cohorts_associate (cohort_id, person_id, status, enrolled_on)
SELECT c.id, u.id, 'active', c.starts_on - 21
FROM cohorts_cohort c
JOIN people_user u ON u.reference BETWEEN 'm' || lpad(((c."order" - %(base)s) * %(size)s + 1)::text, 9, '0')
                                      AND 'm' || lpad(((c."order" - %(base)s + 1) * %(size)s)::text, 9, '0')
WHERE c."order" BETWEEN %(from)s AND %(to)s;
INSERT INTO cohorts_associatemove (thing_id, from_status, to_status, effective_on, recorded_at, reason, note)
SELECT a.id, '', 'enrolled', a.enrolled_on, now(), '', '' FROM cohorts_associate a
JOIN cohorts_cohort c ON c.id = a.cohort_id WHERE c."order" BETWEEN %(from)s AND %(to)s
UNION ALL
SELECT a.id, 'enrolled', 'active', c.starts_on, now(), '', '' FROM cohorts_associate a
JOIN cohorts_cohort c ON c.id = a.cohort_id WHERE c."order" BETWEEN %(from)s AND %(to)s;
"""

BASE_ORDER = 1000
# A cohort of the usual size with nearly all of its half year, and so of its messages, to come.
THIRTY, THIRTY_ORDER = 30, 900


def grow(people: int) -> dict[str, str]:
    """Make the world hold at least `people` people, all in cohorts of fifty; returns the addresses the pages need."""
    have = User.objects.filter(reference__startswith="m0").count()
    cohorts_have = have // PEOPLE_PER_COHORT
    cohorts_want = people // PEOPLE_PER_COHORT
    # The middle of Experiment, with a phase start tomorrow for nobody: a night has the same work at every size.
    start = today() - timedelta(weeks=15)
    with connection.cursor() as cursor:
        if people > have:
            cursor.execute(PEOPLE, {"from": have + 1, "to": people})
        if cohorts_want > cohorts_have:
            cursor.execute(
                COHORTS,
                {
                    "from": BASE_ORDER + cohorts_have,
                    "to": BASE_ORDER + cohorts_want - 1,
                    "base": BASE_ORDER,
                    "size": PEOPLE_PER_COHORT,
                    "start": start,
                },
            )
        if not have:
            begun = today() - timedelta(weeks=1)
            only = {"from": THIRTY_ORDER, "to": THIRTY_ORDER, "base": THIRTY_ORDER, "size": THIRTY, "start": begun}
            cursor.execute(COHORTS, only)
        cursor.execute("ANALYZE")
    cohort = Cohort.objects.get(order=BASE_ORDER)
    associate = cohort.associates.select_related("person").first()
    reference, thirty = associate.person.reference, Cohort.objects.get(order=THIRTY_ORDER).slug
    return {"cohort": cohort.slug, "thirty": thirty, "associate": reference, "person": reference}


PRODUCT_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FLOOR_BACKEND = "django.contrib.auth.backends.ModelBackend"


def sessions(world: dict[str, str]) -> dict[str, str]:
    """A session key for each role that looks at pages, one for nobody, and the floor's own."""
    manager = Role.objects.filter(kind=RoleKind.MANAGER).select_related("person").first().person
    coordinator = Role.objects.filter(kind=RoleKind.COORDINATOR).select_related("person").first().person
    associate = User.objects.get(reference=world["associate"])
    return {
        "": "",
        "manager": session(manager, PRODUCT_BACKEND),
        "coordinator": session(coordinator, PRODUCT_BACKEND),
        "associate": session(associate, PRODUCT_BACKEND),
        "floor": session(manager, FLOOR_BACKEND),
    }


def session(user: User, backend: str = PRODUCT_BACKEND) -> str:
    """The key of a new session of this person, who has shown a second step."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = backend
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # Signed in with a second step, as the programme team must.
    store[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    store[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    store.create()
    return store.session_key
