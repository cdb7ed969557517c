"""One associate: a place, and the dated changes of status.

Lock order: programme before cohort before person before associate.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts import emails, rules
from cohorts.enums import AssociateStatus, LeavingReason
from cohorts.models import Associate, Cohort
from cohorts.queries.associates import place_of
from core.audit import record
from core.lifecycle import begin, move
from core.verdicts import refused, require
from messaging import outbox
from people.models import Organisation, User
from people.queries.people import person_by_address
from people.services.people import add_person, employ


@transaction.atomic
def enrol_associate(
    *,
    cohort: Cohort,
    name: str,
    email: str,
    organisation: Organisation,
    job_title: str = "",
    language: str = "",
    source: str = "",
    by: User | None,
    today: date,
) -> Associate:
    """Give a person a place in the cohort, once: a second call returns the first row and changes nothing.

    The person is found by any known address, or added; employment at `organisation` is recorded from today unless it
    is known. The associate is told. Raises NotAllowed (who, over, full).
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_enrol_at_all(by, cohort, today))
    known = person_by_address(email)
    if known and (there := place_of(cohort, known)):
        return there
    if known and by and known.pk == by.pk:
        require(refused(_("Nobody decides on themselves. Please ask a colleague.")))
    require(rules.may_enrol(by, cohort, today))
    person = add_person(name=name, email=email, language=language, source=source, by=by, today=today)
    employ(person=person, organisation=organisation, starts_on=today, job_title=job_title, by=by, today=today)
    associate = Associate.objects.create(cohort=cohort, person=person, enrolled_on=today)
    begin(associate, by=by, on=today)
    record("associate.enrolled", about=associate, by=by, organisation=organisation.code)
    outbox.queue(emails.associate_enrolled(associate, today))
    return associate


def start_associate(*, associate: Associate, on: date, note: str = "", by: User | None, today: date) -> Associate:
    """The associate has started. Raises NotAllowed."""
    return _record_status(associate, AssociateStatus.ACTIVE, "associate.started", on=on, note=note, by=by, today=today)


@transaction.atomic
def start_everyone(*, cohort: Cohort, on: date, by: User | None, today: date) -> int:
    """Everybody with a place has started; returns how many were recorded. Raises NotAllowed."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    waiting = cohort.associates.filter(status=AssociateStatus.ENROLLED).select_related("cohort", "person")
    if by:
        waiting = waiting.exclude(person=by)
    associates = list(waiting.order_by("pk"))
    for associate in associates:
        start_associate(associate=associate, on=max(on, associate.enrolled_on), by=by, today=today)
    return len(associates)


def pause_associate(*, associate: Associate, on: date, note: str = "", by: User | None, today: date) -> Associate:
    """The associate takes a break, and hears nothing until it ends. Raises NotAllowed."""
    return _record_status(associate, AssociateStatus.PAUSED, "associate.paused", on=on, note=note, by=by, today=today)


def resume_associate(*, associate: Associate, on: date, note: str = "", by: User | None, today: date) -> Associate:
    """The break is over. Raises NotAllowed."""
    return _record_status(associate, AssociateStatus.ACTIVE, "associate.resumed", on=on, note=note, by=by, today=today)


def withdraw_associate(
    *, associate: Associate, reason: str, on: date, note: str = "", by: User | None, today: date
) -> Associate:
    """The associate leaves from the day `on`, for a LeavingReason; one who never started “did not start”.

    The place is free again only in the second case. Raises NotAllowed.
    """
    reason = LeavingReason(reason).value
    return _record_status(associate, None, "associate.withdrawn", on=on, reason=reason, note=note, by=by, today=today)


def complete_associate(*, associate: Associate, on: date, note: str = "", by: User | None, today: date) -> Associate:
    """The associate has completed the programme. Raises NotAllowed."""
    return _record_status(
        associate, AssociateStatus.COMPLETED, "associate.completed", on=on, note=note, by=by, today=today
    )


@transaction.atomic
def _record_status(
    associate: Associate,
    to: AssociateStatus | None,
    event: str,
    *,
    on: date,
    reason: str = "",
    note: str = "",
    by: User | None,
    today: date,
) -> Associate:
    # The cohort first: a status decides whether a place is taken, and the trigger locks the cohort, too.
    Cohort.objects.select_for_update().get(pk=associate.cohort_id)
    associate = (
        Associate.objects.select_for_update(of=("self",)).select_related("cohort", "person").get(pk=associate.pk)
    )
    to = to or rules.leaving_status(associate)
    require(rules.may_record(by, associate, to, today))
    require(rules.is_a_possible_day(associate, on, today))
    came_from = associate.status
    move(associate, to, by=by, on=on, reason=reason, note=note)
    details = {"reason": reason} if reason else {}
    record(event, about=associate, by=by, came_from=came_from, on=on.isoformat(), **details)
    return associate
