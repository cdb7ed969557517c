"""Joining two nominations that mean one person: one stands, the other points to it, and both histories are kept.

Lock order: cohort before places before nomination before person.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from core.audit import record
from core.lifecycle import move
from core.verdicts import require
from nominations.enums import NominationStatus, Route
from nominations.models import Endorsement, Nomination, NomineePart
from nominations.rules import nominations as rules
from nominations.services.links import revoke_links
from nominations.services.nominations import complete_if_ready
from people.models import User


@transaction.atomic
def merge_nominations(*, kept: Nomination, other: Nomination, by: User | None, today: date) -> Nomination:
    """Let `kept` stand for both. `other` becomes “merged”, keeps its words and moves, and its links stop working.

    What only `other` has (the nominee's part, the endorsement) moves over; a nomination and an application together
    have the route “both”; `other`'s reason is added. Raises NotAllowed (who, not the same organisation, too late).
    """
    Cohort.objects.select_for_update().get(pk=kept.cohort_id)
    rows = Nomination.objects.select_for_update(of=("self",)).select_related("person", "cohort", "organisation")
    locked = {row.pk: row for row in rows.filter(pk__in=[kept.pk, other.pk]).order_by("pk")}
    kept, other = locked[kept.pk], locked[other.pk]
    require(rules.may_merge(by, kept, other, today))
    other.merged_into = kept
    move(other, NominationStatus.MERGED, by=by, on=today, also=("merged_into",))
    for answers in (NomineePart, Endorsement):
        if not answers.objects.filter(nomination=kept).exists():
            answers.objects.filter(nomination=other).update(nomination=kept)
    if other.route != kept.route:
        kept.route = Route.BOTH
        kept.nominated_by = kept.nominated_by or other.nominated_by
    if other.reason not in kept.reason:
        kept.reason = f"{kept.reason}\n\n{other.reason}"
    kept.save(update_fields=["route", "nominated_by", "reason"])
    revoke_links(nomination=other)
    record("nomination.merged", about=other, by=by, into=kept.reference)
    record("nomination.enlarged", about=kept, by=by, other=other.reference, person=other.person.reference)
    return complete_if_ready(nomination=kept, today=today)
