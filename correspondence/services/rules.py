"""Setting how a kind of message is sent, from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.emails import about
from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.verdicts import require
from correspondence import rules
from correspondence.queries.rules import proposed_rule
from messaging.kinds import Kind
from messaging.models import MessageRule
from people.models import User


@transaction.atomic
def set_rule(
    *,
    kind: Kind,
    cohort: Cohort | None,
    from_on: date,
    by: User | None,
    today: date,
    follows: bool = False,
    is_on: bool = True,
    offsets: Sequence[int] = (),
    audience: str = "",
    stop: str = "",
    late_after_days: int | None = None,
    approve_above: int | None = None,
) -> MessageRule:
    """Let a rule count from the day `from_on`: in a cohort, or (None) wherever a cohort has none of its own.

    What is left out is as usual; with `follows` what stands above counts again. A rule that has not begun is replaced
    by another one from the same day; one that has begun stays as it is. Writes an audit row. Nothing is sent, and what
    was sent stays sent. Raises NotAllowed and ValidationError.
    """
    scope = about(cohort) if cohort else ""
    rule = proposed_rule(
        kind=kind,
        scope=scope,
        from_on=from_on,
        follows=follows,
        is_on=is_on,
        offsets=offsets,
        audience=audience,
        stop=stop,
        late_after_days=late_after_days,
        approve_above=approve_above,
    )
    require(rules.may_set_rule(by, kind, cohort, today))
    same_day = MessageRule.objects.select_for_update().filter(scope=scope, kind=kind.slug, from_on=from_on)
    before = same_day.first()
    if not (verdict := rules.may_begin(from_on, today, before is not None)):
        raise ValidationError({"from_on": str(verdict.reason)})
    if kind.offsets and not (verdict := rules.are_possible_days(kind, rule.offsets)):
        raise ValidationError({"offsets": str(verdict.reason)})
    for name, options in (("audience", kind.audiences), ("stop", kind.stops)):
        if options and getattr(rule, name) not in {option.slug for option in options}:
            raise ValidationError({name: _("Choose one of the answers.")})
    if before is not None:
        rule.pk = before.pk
    rule.set_at, rule.set_by = clock.now(), by.reference if by else ""
    rule.save()
    says = {
        "from_on": from_on.isoformat(),
        "follows": rule.follows,
        "is_on": rule.is_on,
        "offsets": rule.offsets,
        "audience": rule.audience,
        "stop": rule.stop,
        "late_after_days": rule.late_after_days,
        "approve_above": rule.approve_above,
    }
    record("message_rule.changed" if before else "message_rule.added", about=rule, by=by, says=says)
    return rule


@transaction.atomic
def take_back_rule(*, rule: MessageRule, by: User | None, today: date) -> None:
    """Remove a rule that has not begun. Writes an audit row. Raises NotAllowed."""
    rule = MessageRule.objects.select_for_update().get(pk=rule.pk)
    require(rules.may_take_back(by, rule, today))
    record("message_rule.removed", about=rule, by=by, from_on=rule.from_on.isoformat())
    rule.delete()
