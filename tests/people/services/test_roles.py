"""Giving and ending roles."""

from datetime import date, timedelta

import pytest

from core.models import AuditEvent
from core.verdicts import NotAllowed
from people.enums import RoleKind
from people.models import Role
from people.queries.roles import roles_on
from people.services.roles import end_role, give_role

DAY = date(2026, 11, 20)
TOMORROW = DAY + timedelta(days=1)


@pytest.mark.django_db
def test_a_role_holds_from_its_first_day(make_person):
    person = make_person()
    give_role(person=person, kind=RoleKind.COACH, starts_on=TOMORROW, by=None, today=DAY)
    assert not roles_on(person, DAY).is_coach
    assert roles_on(person, TOMORROW).is_coach


@pytest.mark.django_db
def test_the_kept_roles_are_forgotten_after_a_change(make_person):
    person = make_person()
    assert not roles_on(person, DAY).kinds
    role = give_role(person=person, kind=RoleKind.COACH, by=None, today=DAY)
    assert roles_on(person, DAY).is_coach
    end_role(role=role, until=DAY, by=None, today=DAY)
    assert not Role.objects.exists()


@pytest.mark.django_db
def test_nobody_gives_a_role_to_themselves(manager):
    with pytest.raises(NotAllowed, match="themselves"):
        give_role(person=manager, kind=RoleKind.COACH, by=manager, today=DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [RoleKind.MANAGER, RoleKind.ADMINISTRATOR, RoleKind.AUDITOR])
def test_an_administrator_does_not_appoint_who_runs_or_audits_the_programme(administrator, make_person, kind):
    with pytest.raises(NotAllowed):
        give_role(person=make_person(), kind=kind, by=administrator, today=DAY)


@pytest.mark.django_db
def test_a_coordinator_gives_no_roles(coordinator, make_person, torfaen):
    with pytest.raises(NotAllowed):
        give_role(person=make_person(), kind=RoleKind.COORDINATOR, organisation=torfaen, by=coordinator, today=DAY)


@pytest.mark.django_db
def test_the_same_role_twice_is_one_row(make_person):
    person = make_person()
    first = give_role(person=person, kind=RoleKind.LAB_LEAD, by=None, today=DAY)
    assert give_role(person=person, kind=RoleKind.LAB_LEAD, starts_on=TOMORROW, by=None, today=DAY) == first
    assert AuditEvent.objects.filter(event="role.given").count() == 1


@pytest.mark.django_db
def test_a_role_that_begins_later_already_is_refused(make_person):
    person = make_person()
    give_role(person=person, kind=RoleKind.COACH, starts_on=TOMORROW, by=None, today=DAY)
    with pytest.raises(NotAllowed, match="later day"):
        give_role(person=person, kind=RoleKind.COACH, starts_on=DAY, by=None, today=DAY)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "with_organisation"), [(RoleKind.COORDINATOR, False), (RoleKind.COACH, True)])
def test_only_a_coordinators_role_names_an_organisation(make_person, torfaen, kind, with_organisation):
    with pytest.raises(ValueError, match="organisation"):
        give_role(
            person=make_person(), kind=kind, organisation=torfaen if with_organisation else None, by=None, today=DAY
        )


@pytest.mark.django_db
def test_one_person_holds_several_roles_and_several_organisations(make_person, torfaen, cardiff):
    person = make_person(role=RoleKind.COACH)
    for organisation in (torfaen, cardiff):
        give_role(person=person, kind=RoleKind.COORDINATOR, organisation=organisation, by=None, today=DAY)
    roles = roles_on(person, DAY)
    assert roles.is_coach
    assert roles.is_coordinator
    assert roles.organisation_ids == {torfaen.pk, cardiff.pk}


@pytest.mark.django_db
def test_the_last_coordinator_goes_only_after_a_warning(coordinator, manager, torfaen):
    role = coordinator.roles.get()
    with pytest.raises(NotAllowed, match="last coordinator"):
        end_role(role=role, until=TOMORROW, by=manager, today=DAY)
    role.refresh_from_db()
    assert role.until is None
    end_role(role=role, until=TOMORROW, confirmed=True, by=manager, today=DAY)
    assert AuditEvent.objects.get(event="coordinator.ended").details["was_last"] is True


@pytest.mark.django_db
def test_one_of_two_coordinators_goes_without_a_warning(coordinator, manager, make_person, torfaen):
    make_person("Dai Evans", role=RoleKind.COORDINATOR, organisation=torfaen)
    end_role(role=coordinator.roles.get(), until=TOMORROW, by=manager, today=DAY)
    assert AuditEvent.objects.get(event="coordinator.ended").details["was_last"] is False


@pytest.mark.django_db
def test_a_second_coordinator_whose_role_ends_first_does_not_count(coordinator, manager, make_person, torfaen):
    other = make_person("Dai Evans", role=RoleKind.COORDINATOR, organisation=torfaen)
    end_role(role=other.roles.get(), until=TOMORROW, by=manager, today=DAY)
    with pytest.raises(NotAllowed, match="last coordinator"):
        end_role(role=coordinator.roles.get(), until=TOMORROW, by=manager, today=DAY)


@pytest.mark.django_db
def test_nobody_ends_their_own_role(manager):
    with pytest.raises(NotAllowed, match="own role"):
        end_role(role=manager.roles.get(), until=TOMORROW, by=manager, today=DAY)


@pytest.mark.django_db
def test_a_role_ends_once_and_after_its_start(coordinator, manager, make_person):
    role = make_person(role=RoleKind.COACH).roles.get()
    with pytest.raises(NotAllowed, match="after the first day"):
        end_role(role=role, until=role.starts_on - timedelta(days=1), by=manager, today=DAY)
    end_role(role=role, until=DAY, by=manager, today=DAY)
    with pytest.raises(NotAllowed, match="already"):
        end_role(role=role, until=TOMORROW, by=manager, today=DAY)
