"""The demo's own pages in the browser, as a visitor and as two who are signed in."""

import pytest

from tests.conftest import collect_console_errors
from tests.crawl.browsing import faults_in_browser
from tests.crawl.conftest import serving
from tests.crawl.line import OPEN
from tests.crawl.matrix import DEMO
from tests.crawl.test_demo import LISTED, move_in, switched_on
from tests.crawl.walk import LANGUAGES, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture(scope="module")
def served_world(open_database, stopped_clock, tmp_path_factory):
    with switched_on(tmp_path_factory.mktemp("mail")), serving(move_in) as served:
        yield served


@pytest.mark.parametrize("role", ["anonymous", "manager", "associate"])
def test_demo_pages_in_the_browser(role, served_world, visit):
    world, url = served_world
    page = visit(role)
    errors = collect_console_errors(page)
    faults = []
    for address in LISTED:
        line = DEMO[address.name]
        for language in LANGUAGES if line.status(role) == OPEN else ():
            path = path_of(address.name, line.kwargs(world), language)
            faults += [f"{path} as {role}: {fault}" for fault in faults_in_browser(page, url + path, errors, {})]
    assert not faults, "\n".join(faults)
