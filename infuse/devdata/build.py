"""Builds the demo in one transaction, with the verbs that everybody else uses.

The past is played in its order: each verb gets the day on which its fact would have been recorded. What the dated rows
and the audit log say about *when it was written down* is the moment of loading, because that is true.

Mail: the verbs queue what they always queue. Whatever belongs to a day before today is cancelled in the same
transaction, so it is never sent; it stays in the outbox as cancelled, with its words. Mail of today is real mail.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from challenges.models import Theme
from cohorts.models import Partner, Programme, TemplatePhase
from cohorts.services.onboarding import load_agreements
from core.audit import record
from core.bilingual import WelshStatus
from core.models import AuditEvent
from infuse.devdata.cohorts import Cohorts
from infuse.devdata.messages import add_what_waits, approve_reminders
from infuse.devdata.people import Cast
from infuse.devdata.sources import facts
from labs.models import Lab
from messaging import claims
from people.models import Organisation
from people.services.organisations import add_organisation
from progress.services.template import load_template

LOADED = "demo.loaded"
# Any number will do, as long as nothing else locks it: two loads at once wait for each other.
LOCK = 20210504
# A row in one of these that the demo did not make is somebody's real work.
REAL_WORK = (
    "people.User",
    "people.Organisation",
    "cohorts.Programme",
    "cohorts.Cohort",
    "labs.Lab",
    "challenges.Theme",
)


class RealDataError(Exception):
    """The database holds data that the demo did not make. `str()` of it says which."""


def is_loaded() -> bool:
    """Whether the demo was loaded into this database. The mark is an audit row, which nobody can take away."""
    return AuditEvent.objects.filter(event=LOADED).exists()


@transaction.atomic
def load(today: date) -> bool:
    """Build everything; False, and nothing changed, when the demo is there already.

    `today` is the day on which cohort Five experiments and cohort Six recruits. Raises RealDataError when there are
    people, organisations or cohorts that the demo did not make. One transaction: all of it, or nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if is_loaded():
        return False
    refuse_real_data()
    organisations = build_organisations(today)
    programme = build_programme()
    load_template(programme=programme, by=None)
    build_labs_and_themes()
    load_agreements(by=None, today=today)
    cast = Cast(organisations)
    cast.add_staff()
    cohorts = Cohorts(programme, cast, today)
    cohorts.build_alpha()
    cohorts.build_two()
    cohorts.build_five()
    cohorts.build_six()
    cast.change_employers()
    claims.file_away(today)
    approve_reminders(cast.manager)
    add_what_waits(cast, today)
    record(LOADED, about=programme, by=None, on=today.isoformat())
    return True


def refuse_real_data() -> None:
    """Raise RealDataError when somebody's work is in the database."""
    found = {}
    for label in REAL_WORK:
        model = apps.get_model(label)
        if count := model._default_manager.count():
            found[model._meta.verbose_name_plural] = count
    if found:
        raise RealDataError(", ".join(f"{name}: {count}" for name, count in found.items()))


def build_organisations(today: date) -> dict[str, Organisation]:
    """The ten authorities and the partners: code → organisation."""
    rows = [*facts()["organisation"], *facts()["partner"]]
    built: dict[str, Organisation] = {}
    for row in rows:
        if row["code"] in built:  # the lead council is an authority and a partner
            continue
        column, line = row.get("tile", (None, None))
        built[row["code"]] = add_organisation(
            code=row["code"],
            kind=row["kind"],
            name_en=row["name_en"],
            name_cy=row["name_cy"],
            short_en=row.get("short_en", ""),
            short_cy=row.get("short_cy", ""),
            active_until=_day_after(row.get("ended_on")),
            tile_column=column,
            tile_row=line,
            by=None,
            today=today,
        )
    return built


def build_programme() -> Programme:
    """The programme, its partners, and the template of its five phases."""
    row = facts()["programme"]
    programme = Programme.objects.create(
        slug=row["slug"],
        name_en=row["name_en"],
        name_cy=row["name_cy"],
        lead=Organisation.objects.get(code=row["lead_organisation"]),
        contact_email=row["contact_email"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        target_associates=row["target_associates"],
        funder_en=row["funder_en"],
        funder_cy=row["funder_cy"],
        funder_ends_on=row["funder_ends_on"],
    )
    for partner in facts()["partner"]:
        Partner.objects.create(
            programme=programme,
            organisation=Organisation.objects.get(code=partner["code"]),
            leads=partner["role"] == "lead",
            ended_on=partner.get("ended_on"),
        )
    for phase in facts()["phase"]:
        TemplatePhase.objects.create(
            programme=programme, kind=phase["kind"], from_week=phase["from_week"], until_week=phase["until_week"]
        )
    return programme


def build_labs_and_themes() -> None:
    """The three labs and the two themes, with the marks of Welsh that waits for a translator."""
    for order, lab in enumerate(facts()["lab"], start=1):
        Lab.objects.create(
            slug=lab["slug"],
            order=order,
            name_en=lab["name_en"],
            name_cy=lab["name_cy"],
            teaches_en=lab["teaches_en"],
            teaches_cy=lab["teaches_cy"],
            welsh_status=welsh_status(lab),
        )
    for order, theme in enumerate(facts()["theme"], start=1):
        Theme.objects.create(
            slug=theme["slug"],
            order=order,
            name_en=theme["name_en"],
            name_cy=theme["name_cy"],
            about_en=theme["about_en"],
            about_cy=theme["about_cy"],
            welsh_status=welsh_status(theme),
        )


def welsh_status(row: dict[str, Any]) -> WelshStatus:
    """The mark of a row of the data files; without one, the Welsh has been seen in print."""
    return WelshStatus(row.get("cy_status", WelshStatus.CONFIRMED))


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None
