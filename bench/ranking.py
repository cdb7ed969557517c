"""The ranked view of a selection: three nominations and five hundred, as many queries for either.

Beside a bare equal measured in the same run: the same nominations from one query, in a plain table of as many cells.
"""

from __future__ import annotations

import gzip
import statistics
from typing import Any

from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from bench.data import session
from bench.files import TABLE, timed
from bench.jobs import rolled_back
from cohorts.models import Cohort
from core import clock
from nominations.models import Nomination
from people.enums import RoleKind
from people.models import Role
from tests.nominations.selecting import a_selection, many_more, scored

FEW, MANY, ROUNDS = 3, 500, 10
FACTS = (
    "person__name", "organisation__short_en", "reason", "status", "job_title", "endorsement__endorsed", "reference",
    "submitted_on", "route",
)  # fmt: skip


def run() -> None:
    """Make the selection, measure at both sizes, print, and leave nothing behind."""
    role = Role.objects.on(clock.today()).filter(kind=RoleKind.MANAGER).select_related("person").first()
    if role is None:
        raise SystemExit("The invented data has no manager.")
    with rolled_back():
        cohort = a_selection(nominations=FEW, panel=2, slug="bench-selection", order=9000)
        scored(cohort, clock.today(), by=role.person)
        client = Client(SERVER_NAME="localhost")
        client.cookies["infuse_session"] = session(role.person)
        url = reverse("nominations:selection", args=[cohort.slug])
        print(f"\nThe ranked view\n\n{'nominations':>12}{'ms':>8}{'÷ bare':>8}{'queries':>9}{'kB, gzipped':>13}")
        _line(client, url, cohort)
        many_more(cohort, Nomination.objects.filter(cohort=cohort)[0], MANY - FEW)
        _line(client, url, cohort)


def _line(client: Client, url: str, cohort: Cohort) -> None:
    page: Any = client.get(url)
    if page.status_code != 200:
        raise SystemExit(f"The ranked view answered {page.status_code} {page.headers.get('Location', '')}")
    pairs = [(timed(client.get, url), timed(_bare, cohort)) for _round in range(ROUNDS)]
    ours = statistics.median(mine for mine, _bare_one in pairs)
    ratio = statistics.median(mine / bare for mine, bare in pairs)
    weight = len(gzip.compress(page.content, 6)) / 1000
    rows = len(page.context["lines"]) if page.context else Nomination.objects.filter(cohort=cohort).count()
    print(f"{rows:12}{ours * 1000:8.1f}{ratio:8.2f}{int(page.headers['X-Queries']):9}{weight:13.1f}")


def _bare(cohort: Cohort) -> str:
    rows = Nomination.objects.filter(cohort=cohort).values_list(*FACTS)
    return Template(TABLE).render(Context({"rows": rows}))
