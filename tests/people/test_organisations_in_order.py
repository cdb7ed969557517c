"""The lists from which people choose an organisation are in the order of the page's language."""

from datetime import date

import pytest
from django.utils import translation

from people.queries.organisations import active_on
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_organisations_are_in_the_order_of_the_readers_language():
    OrganisationFactory(short_en="Bridgend", short_cy="Pen-y-bont ar Ogwr")
    OrganisationFactory(short_en="Cardiff", short_cy="Caerdydd")
    day = date(2026, 11, 21)
    with translation.override("en"):
        assert [one.short_en for one in active_on(day)] == ["Bridgend", "Cardiff"]
    with translation.override("cy"):
        assert [one.short_cy for one in active_on(day)] == ["Caerdydd", "Pen-y-bont ar Ogwr"]
