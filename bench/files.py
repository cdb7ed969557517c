"""A file of a thousand nominations: checked and shown, then saved, each within two seconds and 150 MB.

Through the page, in this process, so that its memory can be seen: `python -m bench --files` does nothing else.
"""

import resource
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from core import clock
from nominations.models import Nomination, Places
from people.enums import RoleKind
from people.models import Role

ROWS = 1_000
SECONDS, MEGABYTES = 2.0, 150
HEADINGS = (
    "First name,Last name,Work email,Job title,Directorate,Line manager name,Line manager email,Theme,Why this person"
)
WHY = "Runs a service that many people depend on, and has an experiment in mind that could make it better."


def run() -> None:
    """Check and save the file once to warm up with ten rows, then with all of them; print times and memory."""
    roles = Role.objects.on(clock.today()).filter(kind=RoleKind.COORDINATOR, person__is_active=True)
    role = roles.select_related("person", "organisation").first()
    cohort = Cohort.objects.order_by("-order").first()
    if role is None or cohort is None:
        raise SystemExit("The invented data has no coordinator or no cohort.")
    window = {"recruitment_opens_on": None, "recruitment_until": None}
    Cohort.objects.filter(pk=cohort.pk).update(status=CohortStatus.RECRUITING, **window)
    Places.objects.update_or_create(
        cohort=cohort, organisation=role.organisation, defaults={"indicative": 3 * ROWS, "no_nominees_on": None}
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(role.person)
    url = reverse("nominations:nomination-import", args=[cohort.slug])
    _round(client, url, role.organisation.code, 0, 10)
    before = _memory()
    checked, saved = _round(client, url, role.organisation.code, 10, ROWS)
    memory = _memory()
    made = Nomination.objects.filter(cohort=cohort, organisation=role.organisation).count()
    print(f"\nA file of {ROWS:,} nominations ({made - 10:,} made)\n")
    for what, value, most, unit in (
        ("checked and shown", checked, SECONDS, "s"),
        ("saved, mails written", saved, SECONDS, "s"),
        ("memory at its peak", memory, MEGABYTES, "MB"),
        ("of which for the file", memory - before, MEGABYTES, "MB"),
    ):
        print(f"{what:26}{value:8.2f} {unit:3}{'over its budget' if value > most else ''}")


def _round(client: Client, url: str, code: str, first: int, rows: int) -> tuple[float, float]:
    lines = (
        f"Anest,Prys {row},anest.prys.{row}@bench.example,Officer,Services,Delyth Ormond,"
        f"delyth.{row % 50}@bench.example,either,{WHY} ({row})"
        for row in range(first, first + rows)
    )
    file = SimpleUploadedFile("bench.csv", "\n".join([HEADINGS, *lines]).encode())
    began = time.perf_counter()
    page = client.post(url, {"file": file})
    checked = time.perf_counter() - began
    if page.status_code != 200:
        raise SystemExit(f"The file was not checked ({page.status_code} {page.headers.get('Location', '')}).")
    packed = page.content.decode().split('name="rows" value="', 1)[1].split('"', 1)[0]
    began = time.perf_counter()
    answer = client.post(url, {"rows": packed, "organisation": code, "save": "1"})
    saved = time.perf_counter() - began
    if answer.status_code != 302:
        raise SystemExit(f"The file was not saved ({answer.status_code}).")
    return checked, saved


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
