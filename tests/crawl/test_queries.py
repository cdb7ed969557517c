"""The number of queries never depends on the number of rows.

Two worlds are built one after the other, so no test here may use the `world` that lasts for a file.
"""

import re

import pytest

from people.views.organisations import OrganisationListPageView
from tests.crawl.checks import Counts, queries
from tests.crawl.conftest import made_world
from tests.crawl.matrix import MATRIX
from tests.crawl.walk import listed

pytestmark = pytest.mark.django_db

LISTED = listed(MATRIX)
# So that no single test takes long, and workers can share them.
PARTS = 4


def shapes(said: list[str]) -> list[str]:
    """Queries without their values."""
    return [re.sub(r"'[^']*'|\b\d+\b", "?", sql)[:300] for sql in said]


# With many cohorts the home page looks closely at the first to end only, and those select nobody.
FEWER = {"reports:home"}


def differences(one: Counts, three: Counts) -> list[str]:
    """The pages that take more, or fewer, queries at three rows."""
    faults = []
    for page, said in one.items():
        now = three[page]
        if len(said) != len(now) and not (page[0] in FEWER and len(now) < len(said)):
            more = dict.fromkeys(sql for sql in shapes(now) if shapes(now).count(sql) > shapes(said).count(sql))
            faults.append(f"{page}: {len(said)} queries at one row, {len(now)} at three. More of: {list(more)}")
    return faults


@pytest.mark.parametrize("part", range(PARTS))
def test_as_many_queries_at_one_row_as_at_three(part, open_database, stopped_clock):
    counts = []
    for rows in (1, 3):
        with made_world(rows) as world:
            counts.append(queries(world, LISTED[part::PARTS], MATRIX))
    faults = differences(*counts)
    assert not faults, "\n".join(faults)


def test_a_query_for_each_row_is_seen(open_database, stopped_clock, monkeypatch):
    listed = [address for address in LISTED if address.name == "people:organisation-list"]
    sound = OrganisationListPageView.get_context_data

    def asks_for_each_row(view, **kwargs):
        found = sound(view, **kwargs)
        for row in found["rows"]:
            row.roles.count()
        return found

    def faults():
        counts = []
        for rows in (1, 3):
            with made_world(rows) as made:
                counts.append(queries(made, listed, MATRIX))
        return differences(*counts)

    assert not faults()
    monkeypatch.setattr(OrganisationListPageView, "get_context_data", asks_for_each_row)
    assert any("queries at one row" in fault for fault in faults())
