"""Who should hear about answers that are missing. Nothing is stored ahead: each run computes it from the dates.

Coordinators are reminded a week before recruitment closes, nominee and line manager on working days 5 and 10 after the
nomination (domain.md 4.1 row 2), and whoever was offered a place two working days before the last day for the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from cohorts.reminders import planned_days
from core.clock import is_working_day, working_days_after
from messaging.mail import Mail
from messaging.reminders import Source
from nominations import emails
from nominations.enums import LinkPurpose
from nominations.models import Link, Nomination
from nominations.queries.answers import LAPSES_ON_WORKING_DAY, invited_on
from nominations.queries.links import secret_of
from nominations.queries.offers import offers_to_answer_by
from nominations.queries.places import closing_on, still_to_nominate

WORKING_DAYS = (5, 10)
OFFER_WORKING_DAYS_BEFORE = 2
CLOSES_DAYS_BEFORE = 7
# No two weeks of Wales have more days off than this between two working days.
LONGEST_BREAK = 10


def nominee_reminders(
    on: date,
    people: Collection[str] | None = None,
    as_of: date | None = None,  # noqa: ARG001 (the status says it)
) -> Iterator[Mail]:
    """To nominees whose own part is missing on working day 5 or 10."""
    for nomination, step, lapses_on in _missing(on, LinkPurpose.NOMINEE, people):
        yield emails.nominee_reminder(nomination, _secret(nomination), step, on, lapses_on)


def manager_reminders(
    on: date,
    people: Collection[str] | None = None,
    as_of: date | None = None,  # noqa: ARG001 (the status says it)
) -> Iterator[Mail]:
    """To line managers whose endorsement is missing on working day 5 or 10. They have no reference with us."""
    if people is None or "" in people:
        for nomination, step, lapses_on in _missing(on, LinkPurpose.MANAGER, None):
            yield emails.manager_reminder(nomination, _secret(nomination), step, on, lapses_on)


def offer_reminders(
    on: date,
    people: Collection[str] | None = None,
    as_of: date | None = None,  # noqa: ARG001 (the status says it)
) -> Iterator[Mail]:
    """To those who were offered a place, two working days before the last day for the answer."""
    if not is_working_day(on):
        return
    ahead = (on + timedelta(days=count) for count in range(1, 2 * LONGEST_BREAK))
    days = [day for day in ahead if _working_days_before(day, OFFER_WORKING_DAYS_BEFORE) == on]
    offers = with_nonce(offers_to_answer_by(days), LinkPurpose.OFFER).filter(person__is_active=True)
    if people is not None:
        offers = offers.filter(person__reference__in=people)
    for nomination in offers.iterator(chunk_size=500):
        answer_by: date = nomination.answer_by  # type: ignore[attr-defined]
        yield emails.offer_reminder(nomination, _secret(nomination), on, answer_by)


def with_nonce(nominations: QuerySet[Nomination], purpose: str) -> QuerySet[Nomination]:
    """Those that were sent a link for that purpose, with the newest one’s `nonce`: what was sent is sent again."""
    links = Link.objects.filter(nomination=OuterRef("pk"), purpose=purpose).order_by("-created_at", "-pk")
    with_it = nominations.annotate(nonce=Subquery(links.values("nonce")[:1]))
    return with_it.exclude(nonce=None)  # type: ignore[misc]


def _secret(nomination: Nomination) -> str:
    nonce: str = nomination.nonce  # type: ignore[attr-defined]
    return secret_of(nonce)


def _missing(on: date, purpose: str, people: Collection[str] | None) -> Iterator[tuple[Nomination, int, date]]:
    """(nomination, which working day this is, when it lapses) of each that waits for that answer."""
    if not is_working_day(on):
        return
    back = [on - timedelta(days=count) for count in range(1, 7 * max(WORKING_DAYS) // 5 + LONGEST_BREAK)]
    steps = {day: step for day in back for step in WORKING_DAYS if working_days_after(day, step) == on}
    rows = with_nonce(invited_on(list(steps)), purpose)
    if purpose == LinkPurpose.NOMINEE:
        rows = rows.filter(nominee_part=None, person__is_active=True)
    else:
        rows = rows.filter(endorsement=None)
    if people is not None:
        rows = rows.filter(person__reference__in=people)
    for nomination in rows.iterator(chunk_size=500):
        since: date = nomination.waiting_since  # type: ignore[attr-defined]
        yield nomination, steps[since], working_days_after(since, LAPSES_ON_WORKING_DAY)


def _working_days_before(day: date, count: int) -> date:
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def recruitment_closes_soon(
    on: date, people: Collection[str] | None = None, as_of: date | None = None
) -> Iterator[Mail]:
    """To coordinators, a week before the last day of recruitment.

    Not for an organisation that said “no nominees this time” for the cohort, nor for one that has put forward as many
    as it was asked for. Whoever coordinates several gets one mail about those that are left.
    """
    days = [day + timedelta(days=CLOSES_DAYS_BEFORE + 1) for day in planned_days(on)]
    for cohort in closing_on(days):
        for person, lines in still_to_nominate(cohort, as_of or on, people):
            yield emails.recruitment_closes_soon(cohort, person, lines, on)


SOURCES = [
    Source("recruitment-closes-soon", recruitment_closes_soon),
    Source("nominee-reminder", nominee_reminders),
    Source("manager-reminder", manager_reminders),
    Source("offer-reminder", offer_reminders),
]
