"""Two people at the same moment, with real connections."""

import threading

import pytest
from django.db import connection

from core.verdicts import NotAllowed
from people.enums import RoleKind
from people.models import Role, User
from people.queries.roles import coordinators_of
from people.services.people import add_person, employ
from people.services.roles import end_role, give_role

pytestmark = pytest.mark.django_db(transaction=True)


def together(*jobs):
    """Run the jobs at once; what each returned or raised, in their order."""
    results = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number, job):
        try:
            start.wait()
            results[number] = job()
        except Exception as fault:
            results[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_add_one_address_get_one_person(today):
    def job(address):
        return lambda: add_person(name="Sian Rees", email=address, by=None, today=today)

    results = together(*[job(address) for address in ("sian@x.example", "SIAN@x.example") * 4])
    assert {getattr(result, "pk", result) for result in results} == {User.objects.get().pk}


def test_two_who_give_one_role_or_employer_make_one_row(make_person, torfaen, today):
    person = make_person()

    def give():
        return give_role(person=person, kind=RoleKind.COACH, by=None, today=today)

    def take_on():
        return employ(person=person, organisation=torfaen, starts_on=today, by=None, today=today)

    results = together(give, take_on, give, take_on, give, take_on)
    assert not [result for result in results if isinstance(result, Exception)]
    assert (person.roles.count(), person.employments.count()) == (1, 1)


def test_two_who_end_the_last_two_coordinators_do_not_both_get_by_unwarned(make_person, manager, torfaen, today):
    roles = [
        make_person(name, role=RoleKind.COORDINATOR, organisation=torfaen).roles.get()
        for name in ("Ann One", "Bea Two")
    ]

    def job(role):
        return lambda: end_role(role=role, until=today, by=User.objects.get(pk=manager.pk), today=today)

    results = together(*[job(role) for role in roles])
    assert sorted(type(result) for result in results if isinstance(result, NotAllowed)) == [NotAllowed]
    assert coordinators_of(torfaen, today).count() == 1


def test_two_managers_who_end_each_other_leave_one(make_person, today):
    ann, bea = (make_person(name, role=RoleKind.MANAGER) for name in ("Ann One", "Bea Two"))

    def job(role, by):
        return lambda: end_role(role=role, until=today, by=User.objects.get(pk=by.pk), today=today)

    together(job(ann.roles.get(), bea), job(bea.roles.get(), ann))
    assert Role.objects.on(today).filter(kind=RoleKind.MANAGER).count() == 1
