"""Creating a cohort, changing what is known of it, and moving it through its life.

Lock order: programme before cohort before person before associate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cohorts import emails, rules
from cohorts.enums import CohortStatus
from cohorts.models import Cohort, Phase, Programme
from cohorts.queries import audiences
from cohorts.queries import cohorts as queries
from cohorts.queries.phases import PlannedPhase, as_planned, changes_the_past, date_problems, not_a_working_day, stamp
from cohorts.services.welsh import confirm_welsh
from core.audit import record
from core.bilingual import WelshStatus
from core.lifecycle import begin, move
from core.verdicts import require
from messaging import outbox
from people.models import User

# Addresses that are pages, so no cohort may take them.
RESERVED_SLUGS = {"new"}
ONE_DAY = timedelta(days=1)


@transaction.atomic
def create_cohort(
    *,
    programme: Programme,
    name_en: str,
    name_cy: str,
    starts_on: date,
    capacity: int,
    phases: Sequence[PlannedPhase],
    slug: str = "",
    order: int | None = None,
    recruitment_opens_on: date | None = None,
    recruitment_until: date | None = None,
    unusual_start_reason: str = "",
    by: User | None,
    today: date,
) -> Cohort:
    """Create a cohort with its five phases, and tell the programme team.

    `starts_on` is the first phase's first day; the cohort ends with its last phase. A start on a weekend or bank
    holiday needs `unusual_start_reason`, which the audit row keeps. `slug` and `order` are found when not given.
    Raises NotAllowed for who may not, ValidationError (per field) for dates that cannot be and names that are taken.
    """
    require(rules.may_create_cohort(by, today))
    # Two managers with one name at once wait here for each other; the second is told the name is taken.
    Programme.objects.select_for_update().get(pk=programme.pk)
    name_en, name_cy = " ".join(name_en.split()), " ".join(name_cy.split())
    _check_names(name_en, name_cy)
    _check_dates(phases, starts_on)
    unusual = _check_start(starts_on, unusual_start_reason)
    cohort = Cohort(
        programme=programme,
        slug=slug or _free_slug(name_en),
        name_en=name_en,
        name_cy=name_cy,
        order=order if order is not None else (Cohort.objects.aggregate(last=Max("order"))["last"] or 0) + 1,
        starts_on=starts_on,
        until=phases[-1].until,
        capacity=capacity,
        recruitment_opens_on=recruitment_opens_on,
        recruitment_until=recruitment_until,
    )
    _check_recruitment(cohort)
    cohort.save()
    Phase.objects.bulk_create([Phase(cohort=cohort, **asdict(phase)) for phase in phases])
    begin(cohort, by=by, on=today)
    reason = {"unusual_start": unusual, "reason": unusual_start_reason} if unusual else {}
    record("cohort.created", about=cohort, by=by, phases=_as_text(phases), places=capacity, **reason)
    outbox.queue_many(emails.cohort_created(cohort, person, today) for person in audiences.programme_team(today))
    return cohort


@transaction.atomic
def change_dates(
    *,
    cohort: Cohort,
    phases: Sequence[PlannedPhase],
    recruitment_opens_on: date | None,
    recruitment_until: date | None,
    seen: str,
    reason: str = "",
    tell_associates: bool = True,
    by: User | None,
    today: date,
) -> Cohort:
    """Give the cohort new dates; reminders follow by themselves, because each night reads the dates anew.

    `seen` is the stamp of the dates that the manager started from: when somebody else has changed them meanwhile,
    nothing is saved. Changing a date that has passed, or starting on a weekend or bank holiday, needs a `reason`.
    Associates who still take part are told of the new dates when `tell_associates`.
    Raises NotAllowed, and ValidationError (per field).
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_change_dates(by, cohort, today))
    if stamp(cohort) != seen:
        raise ValidationError(
            _("Somebody else changed these dates while you were working. Nothing was saved. Compare, and save again."),
            code="changed_meanwhile",
        )
    before = as_planned(cohort)
    _check_dates(phases, phases[0].starts_on)
    if phases[0].starts_on != cohort.starts_on:
        _check_start(phases[0].starts_on, reason, field="reason")
    if not reason.strip() and changes_the_past(before, phases, today):
        raise ValidationError({"reason": _("You are changing a date that has passed. Say why.")})
    stamp_before = stamp(cohort)
    cohort.starts_on, cohort.until = phases[0].starts_on, phases[-1].until
    cohort.recruitment_opens_on, cohort.recruitment_until = recruitment_opens_on, recruitment_until
    _check_recruitment(cohort)
    by_kind = {phase.kind: phase for phase in phases}
    rows = list(cohort.phases.all())
    for row in rows:
        row.starts_on, row.until = by_kind[row.kind].starts_on, by_kind[row.kind].until
    cohort.save(update_fields=["starts_on", "until", "recruitment_opens_on", "recruitment_until"])
    Phase.objects.bulk_update(rows, ["starts_on", "until"])
    if stamp_before == stamp(cohort):
        return cohort
    record("cohort.dates_changed", about=cohort, by=by, before=_as_text(before), after=_as_text(phases), reason=reason)
    if tell_associates and before != list(phases):
        outbox.queue_many(emails.dates_changed(associate, today) for associate in audiences.listening(cohort, today))
    return cohort


@transaction.atomic
def change_details(
    *,
    cohort: Cohort,
    name_en: str,
    name_cy: str,
    capacity: int,
    welsh_confirmed: bool = True,
    by: User | None,
    today: date,
) -> Cohort:
    """Change a cohort's names and places, and say whether its Welsh name is confirmed.

    When one name changes without the other, the pair is marked as old, whatever was said. Raises NotAllowed, and
    ValidationError (per field).
    """
    Programme.objects.select_for_update().get(pk=cohort.programme_id)
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_change_details(by, cohort, today))
    name_en, name_cy = " ".join(name_en.split()), " ".join(name_cy.split())
    _check_names(name_en, name_cy, apart_from=cohort)
    taken = cohort.capacity - queries.places_left(cohort)
    if capacity < taken:
        raise ValidationError(
            {"capacity": _("More places than this are taken. Places taken: %(taken)s") % {"taken": taken}}
        )
    before = {"name_en": cohort.name_en, "name_cy": cohort.name_cy, "places": cohort.capacity}
    was_stale = cohort.welsh_status == WelshStatus.STALE
    cohort.name_en, cohort.name_cy, cohort.capacity = name_en, name_cy, capacity
    cohort.save(update_fields=["name_en", "name_cy", "capacity"])
    if was_stale or cohort.welsh_status != WelshStatus.STALE:
        confirm_welsh(thing=cohort, confirmed=welsh_confirmed, by=by, today=today)
    record("cohort.details_changed", about=cohort, by=by, before=before)
    return cohort


@transaction.atomic
def open_recruitment(*, cohort: Cohort, by: User | None, today: date) -> Cohort:
    """Open recruitment, and tell every coordinator. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_open_recruitment(by, cohort, today))
    move(cohort, CohortStatus.RECRUITING, by=by, on=today)
    record("cohort.recruitment_opened", about=cohort, by=by)
    outbox.queue_many(emails.recruitment_opened(cohort, person, today) for person in audiences.coordinators(today))
    return cohort


@transaction.atomic
def close_recruitment(*, cohort: Cohort, by: User | None, today: date) -> Cohort:
    """Recruitment ends and people are chosen. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_close_recruitment(by, cohort, today))
    move(cohort, CohortStatus.SELECTING, by=by, on=today)
    record("cohort.recruitment_closed", about=cohort, by=by)
    return cohort


@transaction.atomic
def start_cohort(*, cohort: Cohort, by: User | None, today: date) -> Cohort:
    """The cohort runs from today. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_start_cohort(by, cohort, today))
    move(cohort, CohortStatus.RUNNING, by=by, on=today)
    record("cohort.started", about=cohort, by=by)
    return cohort


@transaction.atomic
def finish_cohort(*, cohort: Cohort, by: User | None, today: date) -> Cohort:
    """The cohort is over, and it is recorded of everybody how it ended. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_finish_cohort(by, cohort, today))
    move(cohort, CohortStatus.FINISHED, by=by, on=today)
    record("cohort.finished", about=cohort, by=by)
    return cohort


@transaction.atomic
def cancel_cohort(*, cohort: Cohort, reason: str, by: User | None, today: date) -> Cohort:
    """The cohort will not take place; its people get no more reminders. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_cancel_cohort(by, cohort, today))
    move(cohort, CohortStatus.CANCELLED, by=by, on=today, note=reason)
    record("cohort.cancelled", about=cohort, by=by, reason=reason)
    return cohort


def _check_names(name_en: str, name_cy: str, *, apart_from: Cohort | None = None) -> None:
    clashes = queries.clashing_names(name_en, name_cy, apart_from=apart_from)
    if clashes:
        message = _("Another cohort already has this name. Choose a different one.")
        raise ValidationError(dict.fromkeys(clashes, message))


def _check_dates(phases: Sequence[PlannedPhase], starts_on: date) -> None:
    if problems := date_problems(phases):
        raise ValidationError([f"{PlannedPhase(p.kind, starts_on, starts_on).label}: {p.message}" for p in problems])
    if phases[0].starts_on != starts_on:
        raise ValidationError({"starts_on": _("The cohort starts on the first day of its first phase.")})


def _check_start(starts_on: date, reason: str, field: str = "unusual_start_reason") -> str:
    unusual = not_a_working_day(starts_on)
    if unusual and not reason.strip():
        raise ValidationError({field: _("The first day is not a working day. Say why it is right.")})
    return unusual


def _check_recruitment(cohort: Cohort) -> None:
    opens_on, until = cohort.recruitment_opens_on, cohort.recruitment_until
    if until and not opens_on:
        raise ValidationError({"recruitment_opens_on": _("Give the day when recruitment opens, too.")})
    if opens_on and until and until <= opens_on:
        raise ValidationError({"recruitment_until": _("Recruitment must not end before it opens.")})
    if until and until > cohort.starts_on:
        raise ValidationError({"recruitment_until": _("Recruitment must end before the cohort’s first day.")})


def _free_slug(name: str) -> str:
    """An address word from the English name, without the word “cohort”, that no other cohort has."""
    base = slugify(name).removeprefix("cohort-")[:50] or "cohort"
    slug, number = base, 1
    while slug in RESERVED_SLUGS or Cohort.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _as_text(phases: Sequence[PlannedPhase]) -> dict[str, str]:
    return {phase.kind: f"{phase.starts_on.isoformat()}/{phase.until.isoformat()}" for phase in phases}
