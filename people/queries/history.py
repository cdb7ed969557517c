"""What happened to a person or an organisation, and where a person worked: for reading, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.bilingual import pick
from core.models import AuditEvent
from people.enums import Language, LanguageSource, RoleKind
from people.models import Employment, Organisation, User
from people.queries.roles import roles_on

Text = str | Promise

SHOWN = 50
EVENTS: dict[str, Text] = {
    "person.added": _("Added"),
    "person.viewed": _("Page read"),
    "person.renamed": _("Name changed"),
    "person.language_recorded": _("Language recorded"),
    "employment.started": _("Employment recorded"),
    "employment.ended": _("Employment ended"),
    "role.given": _("Role given"),
    "role.ended": _("Role ended"),
    "coordinator.appointed": _("Coordinator appointed"),
    "coordinator.ended": _("Coordinator ended"),
    "organisation.added": _("Organisation added"),
    "organisation.changed": _("Organisation changed"),
    "sign_in.succeeded": _("Signed in"),
    "sign_in.code_refused": _("Wrong code, several times"),
    "sign_in.second_step_refused": _("Second step refused"),
    "second_step.added": _("Second step added"),
    "second_step.removed": _("Second step removed"),
    "second_step.recovery_codes_made": _("New recovery codes made"),
    "second_step.reset_asked": _("Reset of the second step asked for"),
    "second_step.reset_confirmed": _("Reset of the second step confirmed"),
    "address.recorded": _("Email address recorded"),
    "address.confirmed": _("Email address confirmed"),
    "address.made_primary": _("Main email address changed"),
    "address.removed": _("Email address removed"),
}
OTHER: Text = _("Other change")
DETAILS: dict[str, Text] = {
    "role": _("Role"),
    "organisation": _("Organisation"),
    "starts_on": _("First day"),
    "until": _("First day after the end"),
    "language": _("Language for correspondence"),
    "source": _("Source"),
    "before": _("Before"),
    "after": _("After"),
    "address": _("Email address"),
    "reason": _("Reason"),
    "was_last": _("Was the last one"),
    "way": _("Way"),
    "ways": _("Way"),
}
WAYS: dict[str, Text] = {
    "code": _("code by email"),
    "totp": _("authenticator app"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery code"),
    "socialaccount": _("work account"),
    "demo": _("demo"),
}


@dataclass(frozen=True)
class Spell:
    """A spell of work as its page shows it; `last_day` is None while it lasts."""

    row: Employment
    starts_on: date
    last_day: date | None
    is_current: bool

    @property
    def organisation(self) -> Organisation:
        return self.row.organisation


def person_spells(person: User, *, viewer: User, today: date) -> list[Spell]:
    """Where `person` works and worked, latest first, as far as `viewer` may know.

    The programme team, auditors and the person see all. A coordinator sees the spells at the own organisation, from
    their first day: the old organisation keeps its history and learns nothing of the new one.
    """
    roles = roles_on(viewer, today)
    rows = Employment.objects.filter(person=person).select_related("organisation").order_by("-starts_on", "-pk")
    if not (roles.runs_programme or roles.is_auditor or viewer.pk == person.pk):
        rows = rows.filter(organisation_id__in=roles.organisation_ids, starts_on__lte=today)
    return [Spell(row, row.starts_on, row.window.last_day, today in row.window) for row in rows]


@dataclass(frozen=True)
class Happening:
    """One line of “what happened”: when, what, by whom, and the facts as (label, value)."""

    at: datetime
    what: Text
    by: str
    facts: list[tuple[Text, str]]


def what_happened(thing: User | Organisation) -> list[Happening]:
    """The last fifty rows of the audit log about a person or an organisation, latest first. Two queries."""
    reference = str(getattr(thing, "reference", "") or thing.pk)
    rows = list(
        AuditEvent.objects.filter(about_kind=thing._meta.label_lower, about_ref=reference).order_by("-at", "-pk")[
            :SHOWN
        ]
    )
    codes = {row.details["organisation"] for row in rows if row.details.get("organisation")}
    names = {
        organisation.code: pick(organisation, "name") for organisation in Organisation.objects.filter(code__in=codes)
    }
    return [
        Happening(row.at, EVENTS.get(row.event, OTHER), row.by_label, list(_facts(row.details, names))) for row in rows
    ]


def _facts(details: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[tuple[Text, str]]:
    for name, value in details.items():
        label = DETAILS.get(name)
        if label is None or value in ("", None, [], False):
            continue
        yield label, _value(name, value, names)


def _value(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name == "role":
        return _label(RoleKind, value)
    if name == "source":
        return _label(LanguageSource, value)
    if name == "language" or (name == "before" and value in Language.values):
        return _label(Language, value)
    if name == "organisation":
        return names.get(value, value)
    if name in ("way", "ways"):
        return ", ".join(str(WAYS.get(way, way)) for way in ([value] if isinstance(value, str) else value))
    if name in ("starts_on", "until"):
        day = parse_date(value)
        return date_format(day, "j F Y") if day else value
    if value is True:
        return "✓"
    return str(value)


def _label(enum: Any, value: str) -> str:
    return str(enum(value).label) if value in enum.values else value
