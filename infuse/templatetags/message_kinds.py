"""What the foot of a mail says about its kind. Here, because messaging knows no list of kinds."""

from django import template

from correspondence.kinds import KINDS
from correspondence.rules import may_decline
from messaging.kinds import DIGEST

register = template.Library()


@register.filter
def may_be_declined(kind: str) -> bool:
    """Whether the reader may decline messages of this kind."""
    return kind in KINDS and bool(may_decline(KINDS[kind]))


@register.filter
def why_not_declined(kind: str) -> str:
    """Why they may not; empty when they may, and of the daily summary, which they chose."""
    if kind not in KINDS or KINDS[kind] is DIGEST:
        return ""
    verdict = may_decline(KINDS[kind])
    return "" if verdict else str(verdict.reason)
