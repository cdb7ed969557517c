"""Several people click at the same time: real threads, real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cohorts.models import Associate, Cohort
from cohorts.queries.phases import plan_phases
from cohorts.services.associates import enrol_associate
from cohorts.services.cohorts import create_cohort
from core.verdicts import NotAllowed
from people.models import User
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 11)


def at_once(*calls):
    """Run the calls in threads that start together; each result is what the call returned or raised."""
    together = Barrier(len(calls))

    def run(call):
        try:
            together.wait(timeout=10)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def enrolling(cohort, organisation, address):
    return lambda: enrol_associate(
        cohort=cohort, name="Mari Qew", email=address, organisation=organisation, by=None, today=TODAY
    )


def test_two_enrolments_of_the_last_place_give_one_associate_and_one_clear_sentence():
    cohort = CohortFactory(capacity=2, status="running")
    AssociateFactory(cohort=cohort)
    organisation = OrganisationFactory()
    results = at_once(*(enrolling(cohort, organisation, f"p{number}@qarth.example") for number in range(4)))
    refusals = [str(result) for result in results if isinstance(result, NotAllowed)]
    assert len(refusals) == 3, results
    assert set(refusals) == {"Every place in this cohort is taken. Places: 2"}
    assert cohort.associates.count() == 2
    assert User.objects.filter(email__startswith="p").count() == 1


def test_the_same_person_enrolled_by_four_people_at_once_is_one_row():
    cohort = CohortFactory(status="running")
    organisation = OrganisationFactory()
    addresses = ["mari@qarth.example", "MARI@qarth.example", "Mari@Qarth.example", "mari@qarth.example"]
    results = at_once(*(enrolling(cohort, organisation, address) for address in addresses))
    assert len({result.pk for result in results}) == 1, results
    assert Associate.objects.count() == User.objects.count() == 1


def test_the_same_new_person_enrolled_in_two_cohorts_at_once_is_one_person():
    organisation = OrganisationFactory()
    cohorts = [CohortFactory(status="running") for _unused in range(2)]
    results = at_once(*(enrolling(cohort, organisation, "mari@qarth.example") for cohort in cohorts))
    assert len({result.person_id for result in results}) == 1, results
    assert Associate.objects.count() == 2


def test_two_cohorts_of_one_name_at_once_give_one_and_name_the_field():
    programme = ProgrammeFactory()
    starts_on = date(2026, 9, 7)
    phases = plan_phases(programme, starts_on)

    def creating(name):
        return lambda: create_cohort(
            programme=programme,
            name_en=name,
            name_cy=f"Carfan {name}",
            starts_on=starts_on,
            capacity=20,
            phases=phases,
            by=None,
            today=TODAY,
        )

    results = at_once(creating("Cohort Qeven"), creating("cohort  QEVEN"), creating("CohortQeven"))
    assert Cohort.objects.count() == 1, results
    assert [set(r.message_dict) for r in results if isinstance(r, ValidationError)] == [{"name_en", "name_cy"}] * 2


def test_the_database_itself_refuses_one_associate_too_many():
    cohort = CohortFactory(capacity=1)
    AssociateFactory(cohort=cohort)
    with pytest.raises(IntegrityError, match="is full"), transaction.atomic():
        AssociateFactory(cohort=cohort)


def test_the_database_itself_refuses_a_second_name():
    CohortFactory(name_en="Cohort Qeven")
    with pytest.raises(IntegrityError, match="cohort_english_name_is_unique"), transaction.atomic():
        CohortFactory(name_en="COHORT  qeven")


def test_the_database_itself_wants_five_phases_in_order():
    cohort = CohortFactory()
    with pytest.raises(IntegrityError, match="five phases"), transaction.atomic():
        cohort.phases.filter(kind="inspire").delete()
    with pytest.raises(IntegrityError, match="five phases"), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(until=cohort.starts_on.replace(month=2))
