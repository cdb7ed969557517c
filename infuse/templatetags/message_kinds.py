"""What the foot of a mail says about its kind. Here, because messaging knows no list of kinds."""

from django import template

from correspondence.kinds import KINDS
from correspondence.rules import may_decline

register = template.Library()


@register.filter
def may_be_declined(kind: str) -> bool:
    """Whether the reader may decline messages of this kind."""
    return kind in KINDS and bool(may_decline(KINDS[kind]))


@register.filter
def why_not_declined(kind: str) -> str:
    """Why they may not; empty when they may."""
    return str(may_decline(KINDS[kind]).reason) if kind in KINDS and not may_decline(KINDS[kind]) else ""
