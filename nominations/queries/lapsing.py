"""What will have lapsed by a day, if nobody answers: what the night does by itself, known beforehand."""

from __future__ import annotations

from collections import Counter
from datetime import date

from cohorts.models import Cohort
from core.clock import working_days_after
from nominations.enums import NominationStatus
from nominations.models import Nomination
from nominations.queries.answers import LAPSES_ON_WORKING_DAY, with_waiting_since
from nominations.queries.offers import with_last_day


def lapsed_by(cohort: Cohort, day: date) -> Counter[int]:
    """Organisation → how many of its nominations and offers the nights up to that day end. Two queries.

    After the night’s own step (nominations.services.lapses) there are none for its day.
    """
    rows = Nomination.objects.filter(cohort=cohort)
    invited, offers = rows.filter(status=NominationStatus.INVITED), rows.filter(status=NominationStatus.OFFERED)
    waiting = with_waiting_since(invited).values_list("organisation", "waiting_since")  # type: ignore[misc]
    offered = with_last_day(offers).values_list("organisation", "answer_by")  # type: ignore[misc]
    return Counter(
        [
            *(body for body, since in waiting if working_days_after(since, LAPSES_ON_WORKING_DAY) <= day),
            *(body for body, answer_by in offered if answer_by and answer_by < day),
        ]
    )
