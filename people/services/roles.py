"""Verbs about roles: give and end. Lock order: the organisation or the managers, then the role; or the person."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.audit import record
from core.verdicts import refused, require
from messaging import outbox
from people import emails, rules
from people.enums import RoleKind
from people.models import Organisation, Role, User
from people.queries.roles import forget_roles, leaves_no_coordinator


@transaction.atomic
def give_role(
    *,
    person: User,
    kind: str,
    organisation: Organisation | None = None,
    starts_on: date | None = None,
    tell: bool = False,
    by: User | None,
    today: date,
) -> Role:
    """Give `person` a role from `starts_on` (default: today) on; a coordinator's names the organisation.

    With `tell` an e-mail says so, and how to sign in. The same role that holds on that day is returned as it is.
    Raises NotAllowed when `by` may not (nobody gives a role to themselves), or when the same role begins later
    already; ValueError when an organisation is missing or extra.
    """
    if (kind == RoleKind.COORDINATOR) != (organisation is not None):
        raise ValueError("A coordinator's role names an organisation, and no other role does.")
    if by is not None:
        forget_roles(by)  # asked again inside the transaction
    require(rules.may_give_role(by, person=person, kind=kind, today=today))
    starts_on = starts_on or today
    User.objects.select_for_update().get(pk=person.pk)  # one change of a person's roles at a time
    same = Role.objects.filter(person=person, kind=kind, organisation=organisation)
    held: Role | None = same.on(starts_on).first()
    if held is not None:
        return held
    if same.filter(starts_on__gte=starts_on).exists():
        require(refused(_("This person already has this role from a later day.")))
    role = Role.objects.create(person=person, kind=kind, organisation=organisation, starts_on=starts_on)
    forget_roles(person)
    details = {"role": str(kind), "starts_on": starts_on.isoformat()}
    if organisation is not None:
        details["organisation"] = organisation.code
        record("coordinator.appointed", about=organisation, by=by, person=person.reference)
    record("role.given", about=person, by=by, **details)
    if tell:
        outbox.queue(emails.invited(role, on=today))
    return role


@transaction.atomic
def end_role(*, role: Role, until: date, confirmed: bool = False, by: User | None, today: date) -> Role:
    """End a role on `until`, the first day it no longer holds; today ends it now.

    When that leaves the organisation without a coordinator, a person must have `confirmed` it after reading the
    warning, and the audit row says so. A role that would end on its first day, such as one given by mistake,
    is removed; the audit rows remain. Raises NotAllowed when `by` may not, or without the confirmation.
    """
    if role.organisation_id:
        Organisation.objects.select_for_update().get(pk=role.organisation_id)
    if role.kind == RoleKind.MANAGER:
        # Two managers who end each other at one moment: the second is no manager any more when it comes to be asked.
        list(Role.objects.select_for_update().filter(kind=RoleKind.MANAGER).order_by("pk"))
    role = Role.objects.select_for_update(of=("self",)).select_related("person", "organisation").get(pk=role.pk)
    if by is not None:
        forget_roles(by)
    require(rules.may_end_role(by, role=role, today=today))
    if until != role.starts_on:
        require(rules.may_end(role, until))
    last = leaves_no_coordinator(role, until)
    if last and by is not None and not confirmed:
        require(rules.is_warned_about_last_coordinator(role, until))
    details = {"role": role.kind, "until": until.isoformat()}
    if role.organisation is not None:
        details["organisation"] = role.organisation.code
        record("coordinator.ended", about=role.organisation, by=by, person=role.person.reference, was_last=last)
    record("role.ended", about=role.person, by=by, **details)
    if until == role.starts_on:
        role.delete()
    else:
        role.until = until
        role.save(update_fields=["until"])
    forget_roles(role.person)
    return role
