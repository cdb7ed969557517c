"""The one place where an audit row is written: who did what to what, as plain text.

The rows have no foreign keys, so the log never holds live data back, and the database refuses to change or delete
them (migration core/0001). Call it inside the verb's transaction: the fact and its row stand or fall together.
"""

from collections.abc import Iterable
from typing import Any

from core.clock import now
from core.models import AuditEvent


def record(event: str, *, about: Any, by: Any, **details: Any) -> AuditEvent:
    """Write one row. `event` is `noun.past_tense`; `about` the thing changed; `by` a person or None for the system.

    `details` must be JSON-ready and must never hold private words (coaching notes, equality answers, codes).
    """
    row = _row(event, about, by, details)
    row.save(force_insert=True)
    return row


def record_many(events: Iterable[tuple[str, Any, dict[str, Any]]], *, by: Any) -> None:
    """Write many rows in a few queries: (event, about, details) each. The same promises as `record`."""
    AuditEvent.objects.bulk_create([_row(event, about, by, details) for event, about, details in events], 1000)


def _row(event: str, about: Any, by: Any, details: dict[str, Any]) -> AuditEvent:
    return AuditEvent(
        at=now(),
        event=event,
        about_kind=about._meta.label_lower,
        about_ref=str(getattr(about, "reference", "") or about.pk),
        about_label=str(about)[:200],
        by_ref=str(getattr(by, "reference", "") or getattr(by, "pk", "") or ""),
        by_label=str(by)[:200] if by else "",
        details=details,
    )
