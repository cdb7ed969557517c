"""Who should hear about their phases on a given day. Nothing is stored ahead: each run computes it from the dates.

A reminder is planned for a fixed number of days before its event and moved to the working day before when that is a
weekend or a bank holiday in Wales. Seen from a working day, that is every planned day from it up to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta

from django.db.models import Q

from cohorts import emails
from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate, Phase
from cohorts.queries.associates import with_status_on
from core.clock import is_working_day
from messaging.mail import Mail
from messaging.reminders import Source

STARTS_DAYS_BEFORE = 1
ENDS_DAYS_BEFORE = 7
ROWS_AT_A_TIME = 500


def planned_days(on: date) -> list[date]:
    """The planned days whose reminders go out on `on`: none unless it is a working day, else up to the next one."""
    if not is_working_day(on):
        return []
    days = [on]
    while not is_working_day(day := days[-1] + timedelta(days=1)):
        days.append(day)
    return days


def phase_starts(on: date, people: Collection[str] | None = None, as_of: date | None = None) -> Iterator[Mail]:
    """The phase-starts reminders of the day `on`, for everybody or for the people with these references.

    Who hears is judged by the status on `as_of` (default: `on`): the day of sending, when that is a later one.
    """
    return _to_associates(on, people, as_of or on, "starts_on", STARTS_DAYS_BEFORE, emails.phase_starts)


def phase_ends_soon(on: date, people: Collection[str] | None = None, as_of: date | None = None) -> Iterator[Mail]:
    """The phase-ends-soon reminders of the day `on`, for everybody or for the people with these references.

    Who hears is judged by the status on `as_of` (default: `on`): the day of sending, when that is a later one.
    """
    return _to_associates(on, people, as_of or on, "until", ENDS_DAYS_BEFORE, emails.phase_ends_soon)


def _to_associates(
    on: date,
    people: Collection[str] | None,
    as_of: date,
    column: str,
    days_before: int,
    mail: Callable[[Associate, Phase, date], Mail],
) -> Iterator[Mail]:
    """One Mail for each phase whose `column` is that many days after a planned day, and each associate who hears."""
    days = [day + timedelta(days=days_before) for day in planned_days(on)]
    if not days:
        return
    phases: dict[int, list[Phase]] = {}
    due = Phase.objects.filter(**{f"{column}__in": days}).exclude(cohort__status=CohortStatus.CANCELLED)
    for phase in due.select_related("cohort__programme").prefetch_related("cohort__phases").order_by("pk"):
        phases.setdefault(phase.cohort_id, []).append(phase)
    if not phases:
        return
    associates = with_status_on(Associate.objects.filter(cohort__in=list(phases)), as_of).filter(
        Q(status_that_day__in=AssociateStatus.hears(), person__is_active=True)
    )
    if people is not None:
        associates = associates.filter(person__reference__in=people)
    for associate in associates.select_related("person").order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
        for phase in phases[associate.cohort_id]:
            associate.cohort = phase.cohort
            yield mail(associate, phase, on)


SOURCES = [
    Source("phase-starts", phase_starts),
    Source("phase-ends-soon", phase_ends_soon),
]
