"""Two coordinators nominate one person at the same moment: one nomination, and each is sent their link once."""

import threading

import pytest
from django.db import connection

from messaging.models import Message
from nominations.models import Link, Nomination
from nominations.services.nominations import nominate
from people.models import User
from tests.factories.cohorts import CohortFactory
from tests.factories.nominations import PlacesFactory
from tests.factories.people import OrganisationFactory, RoleFactory
from tests.nominations.services.test_nominate import VALUES

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_person_by_two_coordinators_at_once(today):
    cohort = CohortFactory(status="recruiting", starts_on=today.replace(month=9, day=7))
    organisation = OrganisationFactory()
    PlacesFactory(cohort=cohort, organisation=organisation)
    people = [RoleFactory(kind="coordinator", organisation=organisation).person for _ in range(2)]
    start, results = threading.Barrier(2), []

    def call(by):
        try:
            start.wait()
            results.append(nominate(cohort=cohort, organisation=organisation, by=by, today=today, **VALUES))
        except Exception as error:  # the test shows it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results[0] == results[1]
    assert Nomination.objects.count() == 1
    assert (Link.objects.count(), Message.objects.count()) == (2, 2)
    assert User.objects.filter(email="sian@qarth.example").count() == 1
