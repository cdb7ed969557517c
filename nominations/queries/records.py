"""A selection as it stands, in both languages, as plain data that can be frozen and shown again years later."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from cohorts.models import Cohort
from nominations.enums import NominationStatus, ReviewStatus
from nominations.models import Criterion, Decision, Nomination, Panellist, Review, ReviewMove, Score, SelectionRecord
from nominations.queries import reviews
from people.models import User

# Version of the layout below; a record keeps the one it was frozen with.
LAYOUT = 1


def _both(thing: object, field: str = "name") -> dict[str, str]:
    return {language: getattr(thing, f"{field}_{language}") for language in ("en", "cy")}


def content_of(cohort: Cohort, by: User, today: date) -> dict[str, Any]:
    """Criteria, panel, conflicts, nominations with reviews, scores as they stand, decisions, and who freezes it.

    JSON-ready, and all that a file of it shows, so that the file is the same whenever it is taken. Nine queries and
    four for each member of the panel (conflicts are found from today's facts). Equality answers and needs are not in
    it.
    """
    criteria = list(Criterion.objects.filter(cohort=cohort))
    members = list(Panellist.objects.filter(cohort=cohort).select_related("person").order_by("person__name", "pk"))
    everybody = Nomination.objects.filter(cohort=cohort)
    return {
        "layout": LAYOUT,
        "cohort": {"slug": cohort.slug, "name": _both(cohort), "capacity": cohort.capacity},
        "day": today.isoformat(),
        "frozen_by": by.name,
        "criteria": [{"name": _both(one), "help": _both(one, "help"), "weight": one.weight} for one in criteria],
        "panel": [
            {
                "reference": member.person.reference,
                "name": member.person.name,
                "added_on": member.added_on.isoformat(),
                "left_on": member.left_on.isoformat() if member.left_on else "",
                "conflicts": list(
                    everybody.filter(reviews.conflicts(member.person, today))
                    .order_by("reference")
                    .values_list("reference", flat=True)
                ),
            }
            for member in members
        ],
        "nominations": _nominations(cohort, criteria),
    }


def _nominations(cohort: Cohort, criteria: list[Criterion]) -> list[dict[str, Any]]:
    results = reviews.results(cohort)
    nothing = reviews.Result(0, 0, None, None)
    reviewed, decided = _reviews(cohort, criteria), _decisions(cohort)
    rows = Nomination.objects.filter(cohort=cohort).select_related("person", "organisation").order_by("reference")
    lines = []
    for row in rows:
        result = results.get(row.pk, nothing)
        if row.status == NominationStatus.COMPLETE and not result.is_in:
            # Still hidden from the other reviewers, and one of them may read this.
            for review in reviewed[row.pk]:
                review.update(points=[], comment="")
        lines.append(
            {
                "reference": row.reference,
                "name": row.person.name,
                "organisation": _both(row.organisation),
                "status": row.status,
                "points": str(result.points) if result.points is not None else "",
                "spread": str(result.spread) if result.spread is not None else "",
                "reviews": reviewed[row.pk],
                "decisions": decided[row.pk],
            }
        )
    return lines


def _reviews(cohort: Cohort, criteria: list[Criterion]) -> dict[int, list[dict[str, Any]]]:
    points: dict[int, dict[int, int]] = defaultdict(dict)
    scores = Score.objects.filter(review__nomination__cohort=cohort)
    for review, criterion, number in scores.values_list("review", "criterion", "points"):
        points[review][criterion] = number
    why = {}
    stepped_back = ReviewMove.objects.filter(
        thing__nomination__cohort=cohort, to_status__in=(ReviewStatus.ABSTAINED, ReviewStatus.RECUSED)
    )
    for review, reason, note in stepped_back.order_by("pk").values_list("thing", "reason", "note"):
        why[review] = note or reason
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Review.objects.filter(nomination__cohort=cohort).select_related("reviewer").order_by("pk")
    for row in rows:
        found[row.nomination_id].append(
            {
                "reviewer": row.reviewer.name,
                "status": row.status,
                "at": row.submitted_at.isoformat() if row.submitted_at else "",
                "points": [points[row.pk].get(one.pk) for one in criteria],
                "comment": row.comment,
                "why": why.get(row.pk, ""),
            }
        )
    return found


def _decisions(cohort: Cohort) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = (
        Decision.objects.filter(nomination__cohort=cohort, released_at__isnull=False)
        .select_related("prepared_by", "released_by")
        .order_by("released_at", "pk")
    )
    for row in rows:
        found[row.nomination_id].append(
            {
                "outcome": row.outcome,
                "reason": row.reason,
                "note": row.note,
                "reserve_until": row.reserve_until.isoformat() if row.reserve_until else "",
                "answer_by": row.answer_by.isoformat() if row.answer_by else "",
                "prepared_by": row.prepared_by.name,
                "prepared_at": row.prepared_at.isoformat(),
                "released_by": row.released_by.name if row.released_by else "",
                "released_at": row.released_at.isoformat() if row.released_at else "",
            }
        )
    return found


def checksum_of(content: Mapping[str, Any]) -> str:
    """The same content gives the same 64 letters, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def is_as_frozen(record: SelectionRecord) -> bool:
    """Whether the content is still what was frozen."""
    return checksum_of(record.content) == record.checksum


def content_for(reader: User, record: SelectionRecord, today: date) -> dict[str, Any]:
    """The record without the nominations that are too close to this reader; `withheld` says how many are left out."""
    close = set(
        Nomination.objects.filter(cohort=record.cohort_id)
        .filter(reviews.conflicts(reader, today))
        .values_list("reference", flat=True)
    )
    content = dict(record.content)
    everything = content.get("nominations", [])
    content["nominations"] = [line for line in everything if line["reference"] not in close]
    content["withheld"] = len(everything) - len(content["nominations"])
    content["panel"] = [
        {**member, "conflicts": [one for one in member["conflicts"] if one not in close]}
        for member in content.get("panel", [])
    ]
    return content
