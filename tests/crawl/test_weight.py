"""A page stays light: 60 kB with its styles the first time, 15 kB after."""

import pytest

from tests.crawl.checks import ask, client_for, is_page, place_of
from tests.crawl.line import OPEN, ROLES
from tests.crawl.matrix import MATRIX
from tests.crawl.walk import listed
from tests.crawl.weight import weight_faults

pytestmark = pytest.mark.django_db

LISTED = listed(MATRIX)


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_a_page_is_light(address, world):
    line = MATRIX[address.name]
    faults = []
    for role in ROLES:
        if line.status(role) != OPEN:
            continue
        path = place_of(world, address.name, line, "cy" if address.bilingual else "en")
        response = ask(client_for(world, role, line), world, line, path)
        if is_page(response):
            faults += [f"{address.name} as {role}: {fault}" for fault in weight_faults(response.content)]
    assert not faults, "\n".join(faults)
