"""Every address × every role × both languages answers as the matrix says."""

import pytest

from tests.crawl.checks import post_faults, status_faults, way_in_faults
from tests.crawl.matrix import MATRIX
from tests.crawl.walk import addresses, missing_lines

pytestmark = pytest.mark.django_db

FOUND = addresses()
LISTED = [address for address in FOUND if address.name in MATRIX]
BY_NAME = pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)


def test_every_address_has_its_line_and_every_line_its_address():
    faults = missing_lines(FOUND, MATRIX)
    assert not faults, "\n".join(faults)


@BY_NAME
def test_status(address, world):
    faults = status_faults(world, address, MATRIX[address.name])
    assert not faults, "\n".join(faults)


@BY_NAME
def test_a_post_without_rights_is_refused_like_a_get(address, world):
    faults = post_faults(world, address, MATRIX[address.name])
    assert not faults, "\n".join(faults)


@BY_NAME
def test_a_visitor_is_sent_to_sign_in_in_the_language_of_the_page(address, world):
    faults = way_in_faults(world, address, MATRIX[address.name])
    assert not faults, "\n".join(faults)
