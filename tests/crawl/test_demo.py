"""The demo's own pages, which exist only where INFUSE_DEMO is set: the same crawl, with the demo's addresses."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import clear_url_caches

from infuse.demo.people import KEYS
from infuse.devdata.sources import address as demo_address
from infuse.devdata.sources import people_with_keys
from people.models import User
from tests.crawl import demo_urls
from tests.crawl.checks import client_for, gets, is_page, markup_faults, status_faults, toggle_faults
from tests.crawl.matrix import DEMO, MATRIX
from tests.crawl.test_pages import page_faults
from tests.crawl.walk import addresses, listed, missing_lines
from tests.crawl.weight import weight_faults
from tests.crawl.words import pattern_of
from tests.crawl.world import known_words
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LISTED = listed(DEMO, demo_urls.urlpatterns)
# Headers are shown as they stand: they are data.
HEADERS = {
    "To": "anest@qarth.example",
    "Subject": "Neges Qarth",
    "Date": "Wed, 11 Mar 2026 09:00:00 +0000",
    "Content-Language": "cy",
    "Content-Type": 'text/plain; charset="utf-8"',
}


def letters(folder, count: int) -> None:
    """`count` caught letters, all of them in Welsh, as one of the catcher's files each."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "new").mkdir(parents=True)
    head = "".join(f"{name}: {value}\n" for name, value in HEADERS.items())
    for number in range(count):
        (folder / "new" / f"{number}.qarth").write_text(f"{head}\nMae Qarth yn dechrau.\n", encoding="utf-8")


@contextmanager
def switched_on(folder) -> Iterator[None]:
    """An installation with INFUSE_DEMO=1, and one caught letter."""
    letters(folder, 1)
    with override_settings(DEMO=True, MAILBOX=str(folder), ROOT_URLCONF="tests.crawl.demo_urls"):
        clear_url_caches()
        yield
    clear_url_caches()


def move_in(world) -> None:
    """The demo's people, whose names are no words of ours."""
    rows = people_with_keys()
    for key in KEYS:
        UserFactory(name=rows[key]["name"], email=demo_address(rows[key]["name"], rows[key]["at"]), language="cy")
    words = known_words() | set(User.objects.values_list("name", flat=True))
    world.data = pattern_of(words | {*HEADERS.values(), "Mae Qarth yn dechrau."})


@pytest.fixture(scope="module")
def demo(world, tmp_path_factory):
    """The world with the demo switched on."""
    move_in(world)
    with switched_on(tmp_path_factory.mktemp("mail")):
        yield world


def test_every_address_of_the_demo_has_its_line():
    assert not missing_lines(addresses(demo_urls.urlpatterns), MATRIX | DEMO)


def test_none_of_it_exists_without_the_demo():
    assert not [address for address in addresses() if address.name.startswith("demo:")]


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_page(address, demo):
    line = DEMO[address.name]
    rounds = gets(demo, address, line)
    faults = status_faults(rounds, line) + page_faults(demo, rounds, markup_faults, toggle_faults)
    for answers in rounds.values():
        for path, response in answers.values():
            if is_page(response):
                faults += [f"{path}: {fault}" for fault in weight_faults(response.content)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", ["/demo/", "/cy/demo/mail/", "/home/", "/"])
def test_as_many_queries_for_one_letter_as_for_three(path, demo, settings):
    counts = []
    for count in (1, 3):
        letters(Path(settings.MAILBOX), count)
        client = client_for(demo, "manager")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
