"""Which labs run in a cohort, who leads them and who is in them.

Lock order: cohort before run before associate.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Associate, Cohort
from core.audit import record
from core.verdicts import require
from labs import rules
from labs.models import Lab, LabRun, Membership, RunLead
from people.models import User


@transaction.atomic
def open_run(
    *,
    cohort: Cohort,
    lab: Lab,
    starts_on: date,
    until: date,
    min_size: int = 1,
    max_size: int = 12,
    by: User | None,
    today: date,
) -> LabRun:
    """Let a lab run in a cohort from `starts_on` up to, not including, `until`; again: the same run, unchanged.

    Sizes are people. Raises NotAllowed, and ValidationError (per field) for days outside the cohort.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_open_runs(by, cohort, today))
    if there := LabRun.objects.filter(cohort=cohort, lab=lab).first():
        return there
    if not cohort.starts_on <= starts_on < until <= cohort.until:
        raise ValidationError({"starts_on": _("A lab runs within the cohort’s dates.")})
    if min_size > max_size:
        raise ValidationError({"min_size": _("The fewest people cannot be more than the most.")})
    run = LabRun.objects.create(
        cohort=cohort, lab=lab, starts_on=starts_on, until=until, min_size=min_size, max_size=max_size
    )
    record("lab_run.opened", about=cohort, by=by, lab=lab.slug)
    return run


@transaction.atomic
def appoint_lead(*, run: LabRun, person: User, by: User | None, today: date) -> RunLead:
    """Let somebody lead the lab from today; again: the row that is there. Raises NotAllowed."""
    run = LabRun.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    require(rules.may_open_runs(by, run.cohort, today))
    lead: RunLead | None = RunLead.objects.on(today).filter(run=run, person=person).first()
    if lead is None:
        lead = RunLead.objects.create(run=run, person=person, starts_on=today)
        record("lab_lead.appointed", about=person, by=by, lab=run.lab.slug, cohort=run.cohort.slug)
    return lead


@transaction.atomic
def join_lab(*, run: LabRun, associate: Associate, home: bool = True, by: User | None, today: date) -> Membership:
    """Put an associate into a lab from today; again: the row that is there. A new home lab ends the one before.

    Raises NotAllowed, and ValidationError when the lab is full.
    """
    run = LabRun.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    require(rules.may_open_runs(by, run.cohort, today))
    there: Membership | None = Membership.objects.on(today).filter(run=run, associate=associate).first()
    if there is not None:
        return there
    if Membership.objects.on(today).filter(run=run).count() >= run.max_size:
        raise ValidationError(_("This lab is full. Places: %(places)s.") % {"places": run.max_size})
    if home:
        for old in Membership.objects.on(today).filter(associate=associate, home=True):
            _end(old, today)
    membership = Membership.objects.create(run=run, associate=associate, home=home, starts_on=today)
    record("lab.joined", about=associate, by=by, lab=run.lab.slug)
    return membership


@transaction.atomic
def leave_lab(*, run: LabRun, associate: Associate, by: User | None, today: date) -> bool:
    """Take an associate out of a lab from today; False when they were not in it. Raises NotAllowed."""
    run = LabRun.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    require(rules.may_open_runs(by, run.cohort, today))
    membership = Membership.objects.on(today).filter(run=run, associate=associate).first()
    if membership is None:
        return False
    _end(membership, today)
    record("lab.left", about=associate, by=by, lab=run.lab.slug)
    return True


def _end(membership: Membership, today: date) -> None:
    """A membership that began today never was."""
    if membership.starts_on >= today:
        membership.delete()
    else:
        membership.until = today
        membership.save(update_fields=["until"])
