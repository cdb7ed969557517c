"""The number of queries never depends on the number of rows, and a page stays light (design.md promise 10)."""

import re

import pytest

from tests.crawl.checks import Counts, client_for, is_page, queries
from tests.crawl.conftest import made_world
from tests.crawl.matrix import MATRIX, OPEN, ROLES
from tests.crawl.walk import addresses, path_of
from tests.crawl.weight import weight_faults

pytestmark = pytest.mark.django_db

LISTED = [address for address in addresses() if address.name in MATRIX]


def shapes(said: list[str]) -> list[str]:
    """Queries without their values."""
    return [re.sub(r"'[^']*'|\b\d+\b", "?", sql)[:300] for sql in said]


def differences(one: Counts, three: Counts) -> list[str]:
    """The pages that take more, or fewer, queries at three rows."""
    faults = []
    for page, said in one.items():
        now = three[page]
        if len(said) != len(now):
            more = dict.fromkeys(sql for sql in shapes(now) if shapes(now).count(sql) > shapes(said).count(sql))
            faults.append(f"{page}: {len(said)} queries at one row, {len(now)} at three. More of: {list(more)}")
    return faults


def test_as_many_queries_at_one_row_as_at_three(open_database, stopped_clock):
    with made_world(1) as world:
        one = queries(world, LISTED, MATRIX)
    with made_world(3) as world:
        three = queries(world, LISTED, MATRIX)
    faults = differences(one, three)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_a_page_is_light(address, world):
    line = MATRIX[address.name]
    faults = []
    for role in ROLES:
        if line.status(role) != OPEN:
            continue
        path = path_of(address.name, line.kwargs(world), "cy" if address.bilingual else "en")
        response = client_for(world, role, line).get(path)
        if is_page(response):
            faults += [f"{address.name} as {role}: {fault}" for fault in weight_faults(response.content)]
    assert not faults, "\n".join(faults)
