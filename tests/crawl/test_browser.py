"""In a real browser: every page × the roles that may see it × both languages.

No accessibility fault (axe: WCAG 2.0 to 2.2, A and AA), nothing in the console (which is also where the content
security policy complains), no sideways scrolling at 320 pixels, and the same words without JavaScript.
"""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.conftest import collect_console_errors
from tests.crawl.browsing import faults_in_browser, words_differ
from tests.crawl.checks import place_of
from tests.crawl.line import OPEN, ROLES, Line
from tests.crawl.matrix import MATRIX
from tests.crawl.walk import LANGUAGES, listed

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

# Nobody’s pages take so long that a slow machine gives one test up, and two cores share the work.
PARTS = 4
LISTED = [address for address in listed(MATRIX) if address.bilingual]
# These offer a passkey where the device can use one, or show a new secret each time; everything else says the same.
DIFFERS = {
    "account_login",
    "account_request_login_code",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
}
# That an auditor read this page is written down, and stands on the page the next time.
GROWS = {("auditor", "people:person-detail")}


@pytest.fixture(scope="module")
def known() -> dict[str, list[str]]:
    """What was found in each page's text."""
    return {}


@pytest.fixture(scope="module")
def said_the_same() -> set[str]:
    """The texts of pages that say the same without script."""
    return set()


def pages_of(role: str, part: int) -> Iterator[tuple[str, Line]]:
    """One part of the lines of the pages that a role may open."""
    names = [address.name for address in LISTED]
    seen = [name for name in names if MATRIX[name].status(role) == OPEN and not MATRIX[name].download]
    for name in seen[part::PARTS]:
        yield name, MATRIX[name]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_in_the_browser(role, language, part, served_world, visit, known):
    world, url = served_world
    page = visit(role)
    errors = collect_console_errors(page)
    faults = []
    for name, line in pages_of(role, part):
        path = place_of(world, name, line, language)
        if line.before:
            page = visit(role, name)
            errors = collect_console_errors(page)
        found = faults_in_browser(page, url + path, errors, known, line.post and line.post(world))
        faults += [f"{path} ({name}) as {role}: {fault}" for fault in found]
        if line.before:
            page = visit(role)
            errors = collect_console_errors(page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", ROLES)
def test_the_same_words_without_script(role, part, served_world, visit, said_the_same):
    world, url = served_world
    with_script, without = visit(role), visit(role, script=False)
    faults = []
    for name, line in pages_of(role, part):
        if line.before or name in DIFFERS or (role, name) in GROWS:
            continue
        path = place_of(world, name, line, "cy")
        typed = partial(line.post, world) if line.post else lambda: None
        if words_differ(with_script, without, url + path, typed, said_the_same):
            faults.append(f"{path} as {role} says less, or more, without script")
    assert not faults, "\n".join(faults)
