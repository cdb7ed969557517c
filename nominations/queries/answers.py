"""Answers that nominations wait for, and who is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Max, Q, QuerySet

from core.clock import Window, working_days_after
from nominations.enums import LinkPurpose, NominationStatus
from nominations.models import Nomination
from people.enums import RoleKind
from people.models import Organisation, Role, User
from people.queries.people import person_by_address

# The DfE’s early careers service reminds on working days 5 and 10 and ends on 15; the reminders’ days are a rule here.
LAPSES_ON_WORKING_DAY = 15
WORDS = ("person", "cohort__programme", "organisation", "nominated_by")


def waiting() -> QuerySet[Nomination]:
    """Nominations that wait for answers, each with `waiting_since`."""
    return with_waiting_since(Nomination.objects.filter(status=NominationStatus.INVITED))


def with_waiting_since(nominations: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Adds `waiting_since`: the day from which answers were awaited; one that was revived waits from then on."""
    since = Max("moves__effective_on", filter=Q(moves__to_status=NominationStatus.INVITED))
    return nominations.annotate(waiting_since=since).select_related(*WORDS).order_by("pk")


def lapses_on(waiting_since: date) -> date:
    """The day on which a nomination that has waited for answers since then lapses."""
    return working_days_after(waiting_since, LAPSES_ON_WORKING_DAY)


def waiting_for_address(address: str) -> Iterator[tuple[Nomination, str]]:
    """(nomination, purpose) of every answer that we wait for from whoever reads this address."""
    address = address.strip().lower()
    person = person_by_address(address)
    nominations = Nomination.objects.select_related(*WORDS).order_by("pk")
    if person:
        open_part = (NominationStatus.INVITED, NominationStatus.COMPLETE)
        for nomination in nominations.filter(person=person, status__in=(*open_part, NominationStatus.OFFERED)):
            offered = nomination.status == NominationStatus.OFFERED
            yield nomination, LinkPurpose.OFFER if offered else LinkPurpose.NOMINEE
    for nomination in nominations.filter(line_manager_email__iexact=address, status=NominationStatus.INVITED):
        yield nomination, LinkPurpose.MANAGER


def coordinators_of(organisation: Organisation, today: date) -> list[User]:
    """The organisation's coordinators of that day who can be written to."""
    held = Role.objects.filter(Window.q(today), kind=RoleKind.COORDINATOR, organisation=organisation)
    return list(User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk"))
