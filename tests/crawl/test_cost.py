"""The number of queries never depends on the number of rows, and a page stays light (design.md promise 10)."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.crawl.conftest import made_world
from tests.crawl.markup import read
from tests.crawl.matrix import MATRIX, OPEN, ROLES
from tests.crawl.test_status import client_for
from tests.crawl.walk import addresses, path_of

pytestmark = pytest.mark.django_db
LISTED = [address for address in addresses() if address.name in MATRIX]
FIRST, AFTER = 60_000, 15_000


def counted(world) -> dict[tuple[str, str, str], tuple[int, list[str]]]:
    """(name, role, language) → the number of queries of the page, and the queries."""
    counts = {}
    for address in LISTED:
        line = MATRIX[address.name]
        for role in ROLES:
            if line.status(role) != OPEN:
                continue
            client = client_for(world, role, line)
            for language in address.languages:
                path = path_of(address.name, line.kwargs(world), language)
                client.get(path)  # what is found once per process or session is found now
                cache.clear()
                with CaptureQueriesContext(
                    connection,
                ) as caught:
                    client.get(path)
                said = [query["sql"] for query in caught.captured_queries if "SAVEPOINT" not in query["sql"]]
                counts[address.name, role, language] = len(said), said
    return counts


def differences(one: dict, three: dict) -> list[str]:
    """The pages that take more, or fewer, queries at three rows."""
    faults = []
    for page, (count, said) in one.items():
        now, said_now = three[page]
        if count != now:
            more = [sql for sql in shapes(said_now) if shapes(said_now).count(sql) > shapes(said).count(sql)]
            faults.append(f"{page}: {count} queries at one row, {now} at three. More of: {dict.fromkeys(more)}")
    return faults


def shapes(queries: list[str]) -> list[str]:
    """Queries without their values."""
    return [re.sub(r"'[^']*'|\b\d+\b", "?", sql)[:300] for sql in queries]


def test_as_many_queries_at_one_row_as_at_three(open_database, stopped_clock):
    with made_world(1) as world:
        one = counted(world)
    with made_world(3) as world:
        three = counted(world)
    faults = differences(one, three)
    assert not faults, "\n".join(faults)


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def static_weight(address: str) -> int:
    """A static file, compressed, and what it brings along."""
    name = address.split("?")[0].split("#")[0].removeprefix("/static/")
    found = finders.find(name)
    if found is None:
        raise AssertionError(f"The page asks for {address}, which is not there.")
    with open(found, "rb") as file:
        content = file.read()
    weight = compressed(content)
    if name.endswith(".css"):
        folder = name.rpartition("/")[0]
        for brought in set(re.findall(rb"url\(['\"]?([^'\")]+)", content)):
            if not brought.startswith((b"data:", b"#")):
                weight += static_weight(f"/static/{folder}/{brought.decode()}")
    return weight


def weights(html: bytes) -> tuple[int, int]:
    """(the first time, with its styles, scripts and pictures; after that), compressed."""
    page, _faults = read(html.decode())
    parts = {
        element.attributes.get("src") or element.attributes.get("href", "")
        for element in page.all("script", "img", "link")
        if element.tag != "link" or {"stylesheet", "icon"} & set(element.attributes.get("rel", "").split())
    }
    after = compressed(html)
    return after + sum(static_weight(part) for part in parts if part.startswith("/static/")), after


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_a_page_is_light(address, world):
    line = MATRIX[address.name]
    faults = []
    for role in ROLES:
        if line.status(role) != OPEN:
            continue
        response = client_for(world, role, line).get(
            path_of(address.name, line.kwargs(world), "cy" if address.bilingual else "en")
        )
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        first, after = weights(response.content)
        if first > FIRST or after > AFTER:
            faults.append(f"{address.name} as {role}: {first} bytes the first time, {after} after")
    assert not faults, "\n".join(faults)
