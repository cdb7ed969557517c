"""A file of a thousand nominations: checked and shown, then saved, each within two seconds, in 150 MB.

Through the page, in a process of its own that has done nothing else, so that its memory can be seen. Each step stands
beside a bare equal measured in the same run: reading the file and printing its cells in a plain table, and inserting
as many plain rows of the four largest kinds.
"""

from __future__ import annotations

import csv
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from bench.jobs import plain_messages, rolled_back
from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from core import clock
from nominations.enums import LinkPurpose, Route
from nominations.models import Link, Nomination, Places
from people.enums import RoleKind
from people.models import Role, User

ROWS, ROUNDS, BATCH = 1_000, 3, 500
SECONDS, MEGABYTES = 2.0, 150
HEADINGS = (
    "First name,Last name,Work email,Job title,Directorate,Line manager name,Line manager email,Theme,Why this person"
)
WHY = "Runs a service that many people depend on, and has an experiment in mind that could make it better."
TABLE = "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"


def run() -> None:
    """Measure in a process of its own, and print."""
    sys.stdout.flush()
    subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); from bench import files; files.measure()"], check=True
    )


def measure() -> None:
    """Check and save a file of ten rows to warm up, then files of a thousand; print times, ratios and memory."""
    role, cohort = _ready()
    client = Client(SERVER_NAME="localhost")
    client.force_login(role.person)
    url = reverse("nominations:nomination-import", args=[cohort.slug])
    _round(client, url, role, _file(0, 10))
    before = _memory()
    rounds = []
    peak = 0.0
    ours = Nomination.objects.filter(cohort=cohort, organisation=role.organisation)
    there = ours.count()
    for number in range(ROUNDS):
        file = _file(10 + number * ROWS, ROWS)
        rounds.append(_round(client, url, role, file))
        # The bare equals have a memory of their own.
        peak = peak or _memory()
        rounds[-1] |= {"bare check": timed(_bare_check, file), "bare save": timed(_bare_save, role, cohort)}
    print(f"\nA file of {ROWS:,} nominations, {ROUNDS} times ({ours.count() - there:,} made)\n")
    print(f"{'':26}{'seconds':>9}{'÷ bare':>8}{'queries':>9}")
    for what, step in (("checked and shown", "check"), ("saved, mails written", "save")):
        seconds = statistics.median(one[step] for one in rounds)
        ratio = statistics.median(one[step] / one[f"bare {step}"] for one in rounds)
        over = "  over its budget" if seconds > SECONDS else ""
        print(f"{what:26}{seconds:9.2f}{ratio:8.1f}{rounds[0][f'{step} queries']:9.0f}{over}")
    over = "  over its budget" if peak > MEGABYTES else ""
    print(f"memory at its peak, MB: {peak:.0f}, of which for the file: {peak - before:.0f}{over}")


def _ready() -> tuple[Role, Cohort]:
    """A coordinator and a cohort that recruits, with room for everybody."""
    roles = Role.objects.on(clock.today()).filter(kind=RoleKind.COORDINATOR, person__is_active=True)
    role = roles.select_related("person", "organisation").first()
    cohort = Cohort.objects.order_by("-order").first()
    if role is None or cohort is None:
        raise SystemExit("The invented data has no coordinator or no cohort.")
    window = {"recruitment_opens_on": None, "recruitment_until": None}
    Cohort.objects.filter(pk=cohort.pk).update(status=CohortStatus.RECRUITING, **window)
    Places.objects.update_or_create(
        cohort=cohort, organisation=role.organisation, defaults={"indicative": 9 * ROWS, "no_nominees_on": None}
    )
    return role, cohort


def _file(first: int, rows: int) -> bytes:
    lines = (
        f"Anest,Prys {row},anest.prys.{row}@bench.example,Officer,Services,Delyth Ormond,"
        f"delyth.{row % 50}@bench.example,either,{WHY} ({row})"
        for row in range(first, first + rows)
    )
    return "\n".join([HEADINGS, *lines]).encode()


def _round(client: Client, url: str, role: Role, content: bytes) -> dict[str, float]:
    file = SimpleUploadedFile("bench.csv", content)
    began = time.perf_counter()
    page = client.post(url, {"file": file})
    checked = time.perf_counter() - began
    if page.status_code != 200:
        raise SystemExit(f"The file was not checked ({page.status_code} {page.headers.get('Location', '')}).")
    packed = page.content.decode().split('name="rows" value="', 1)[1].split('"', 1)[0]
    began = time.perf_counter()
    answer = client.post(url, {"rows": packed, "organisation": role.organisation.code, "save": "1"})
    saved = time.perf_counter() - began
    if answer.status_code != 302:
        raise SystemExit(f"The file was not saved ({answer.status_code}).")
    queries = {"check queries": page.headers["X-Queries"], "save queries": answer.headers["X-Queries"]}
    return {"check": checked, "save": saved, **{name: float(count) for name, count in queries.items()}}


def timed(work: Callable[..., object], *args: object) -> float:
    """How many seconds the work took."""
    began = time.perf_counter()
    work(*args)
    return time.perf_counter() - began


def _bare_check(content: bytes) -> str:
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    return Template(TABLE).render(Context({"rows": rows}))


def _bare_save(role: Role, cohort: Cohort) -> None:
    """People, nominations, two links and two messages each, and nothing else."""
    with rolled_back():
        people = _insert(User(name="A", email=f"bare.{number}@bench.example") for number in range(ROWS))
        at = clock.now()
        common = {
            "cohort": cohort, "organisation": role.organisation, "route": Route.COORDINATOR,
            "nominated_by": role.person, "submitted_at": at, "submitted_on": clock.today(), "job_title": "Officer",
            "line_manager_name": "D", "line_manager_email": "d@bench.example", "reason": WHY,
        }  # fmt: skip
        nominations = _insert(Nomination(person=person, **common) for person in people)
        times = {"address": "a@bench.example", "created_at": at, "expires_at": at}
        _insert(
            Link(nomination=row, purpose=purpose, secret_hash=f"{purpose}{row.pk}", **times)
            for row in nominations
            for purpose in (LinkPurpose.NOMINEE, LinkPurpose.MANAGER)
        )
        plain_messages(2 * ROWS)


def _insert(rows: Iterable[Any]) -> list[Any]:
    made = list(rows)
    kind: type[Model] = type(made[0])
    return kind._default_manager.bulk_create(made, BATCH)


def _memory() -> float:
    """The most that this process has held, in MB. (What `resource` says begins with what the parent held.)"""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
