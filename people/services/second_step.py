"""Verbs for a lost second step: one member of the programme team asks, another confirms."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from django.db import transaction

from core.audit import record
from core.clock import now
from core.verdicts import require
from messaging import outbox
from people import emails, rules
from people.models import SecondStepReset, User


@transaction.atomic
def ask_second_step_reset(*, person: User, reason: str, by: User, today: date) -> SecondStepReset:
    """Ask that somebody's passkeys, authenticator app and recovery codes be taken away; `reason` says how one knows.

    Nothing changes until another member of the programme team confirms. An open request is returned as it is.
    Raises NotAllowed unless `by` may.
    """
    require(rules.may_ask_second_step_reset(by, person=person, today=today))
    User.objects.select_for_update().get(pk=person.pk)
    waiting = SecondStepReset.objects.filter(person=person, confirmed_at__isnull=True).first()
    if waiting is not None:
        return waiting
    reset = SecondStepReset.objects.create(person=person, reason=reason, asked_by=by, asked_at=now())
    record("second_step.reset_asked", about=person, by=by, reason=reason)
    return reset


@transaction.atomic
def confirm_second_step_reset(*, reset: SecondStepReset, by: User, today: date) -> SecondStepReset:
    """Take the second step away, so that the person can sign in by code and set up a new one; they are told by mail.

    Raises NotAllowed unless `by` is another member of the programme team than the one who asked.
    """
    reset = SecondStepReset.objects.select_for_update(of=("self",)).select_related("person").get(pk=reset.pk)
    require(rules.may_confirm_second_step_reset(by, reset=reset, today=today))
    reset.confirmed_by, reset.confirmed_at = by, now()
    reset.save(update_fields=["confirmed_by", "confirmed_at"])
    Authenticator.objects.filter(user=reset.person).delete()
    record("second_step.reset_confirmed", about=reset.person, by=by)
    outbox.queue(emails.second_step_reset(reset.person, on=today))
    return reset
