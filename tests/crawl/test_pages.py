"""Every address × every role × both languages: status as the matrix says, sound markup, the right language, the toggle.

Refusals are pages too: they are held to the same.
"""

import pytest

from tests.crawl.checks import (
    client_for,
    gets,
    language_faults,
    markup_faults,
    post_faults,
    posts,
    status_faults,
    toggle_faults,
    way_in_faults,
)
from tests.crawl.line import HIDDEN, REFUSED, TO_SIGN_IN
from tests.crawl.matrix import MATRIX
from tests.crawl.walk import addresses, listed, missing_lines

pytestmark = pytest.mark.django_db

LISTED = listed(MATRIX)
BY_NAME = pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)


def test_every_address_has_its_line_and_every_line_its_address():
    faults = missing_lines(addresses(), MATRIX)
    assert not faults, "\n".join(faults)


def page_faults(world, rounds, *checks) -> list[str]:
    """Each fault of a page once, with the roles that meet it."""
    met: dict[str, list[str]] = {}
    for role, answers in rounds.items():
        for fault in [*language_faults(world, answers), *(fault for check in checks for fault in check(answers))]:
            met.setdefault(fault, []).append(role)
    return [f"{fault} — as {', '.join(roles)}" for fault, roles in met.items()]


@BY_NAME
def test_page(address, world):
    line = MATRIX[address.name]
    rounds = gets(world, address, line)
    faults = status_faults(rounds, line) + way_in_faults(rounds, line)
    faults += page_faults(world, rounds, markup_faults, toggle_faults)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "address", [one for one in LISTED if MATRIX[one.name].post is None], ids=lambda address: address.name
)
def test_form_sent_empty(address, world):
    """Refused to whoever may not have the page; to the others its errors are in their language. All is undone."""
    line = MATRIX[address.name]
    rounds = posts(world, address, line, {})
    refused = (REFUSED, HIDDEN, TO_SIGN_IN)
    answered = {role: answers for role, answers in rounds.items() if line.status(role) not in refused}
    faults = post_faults(rounds, line) + page_faults(world, answered, markup_faults)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ["anonymous", "manager", "associate"])
def test_an_address_that_is_not_there(role, world):
    client = client_for(world, role)
    answers = {language: (path, client.get(path)) for language, path in (("en", "/qarth/"), ("cy", "/cy/qarth/"))}
    assert {response.status_code for _path, response in answers.values()} == {404}
    faults = markup_faults(answers) + toggle_faults(answers) + language_faults(world, answers)
    assert not faults, "\n".join(faults)
