"""Every page a role may open, and every refusal, in both languages: sound markup, the right language, the toggle."""

import pytest

from tests.crawl.checks import both_languages, client_for, language_faults, markup_faults, toggle_faults
from tests.crawl.matrix import MATRIX, OPEN, ROLES
from tests.crawl.walk import addresses

pytestmark = pytest.mark.django_db

LISTED = [address for address in addresses() if address.bilingual and address.name in MATRIX]
BY_NAME = pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)


def unique(faults: list[tuple[str, str]]) -> str:
    """Each fault once, with the roles that meet it."""
    roles: dict[str, list[str]] = {}
    for role, fault in faults:
        roles.setdefault(fault, []).append(role)
    return "\n".join(f"{fault} — as {', '.join(who)}" for fault, who in roles.items())


@BY_NAME
def test_pages(address, world):
    faults = []
    for role in ROLES:
        answers = both_languages(world, address, MATRIX[address.name], role)
        found = markup_faults(answers) + toggle_faults(answers) + language_faults(world, answers)
        faults += [(role, fault) for fault in found]
    assert not faults, unique(faults)


@BY_NAME
def test_forms_sent_empty(address, world):
    """What a form says when nothing was filled in, or what the verb says; everything is undone."""
    line = MATRIX[address.name]
    role = next((role for role in ROLES if line.status(role) == OPEN), None)
    if role is None:
        return
    answers = both_languages(world, address, line, role, post=True)
    faults = markup_faults(answers) + language_faults(world, answers)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ["anonymous", "manager", "associate"])
def test_an_address_that_is_not_there(role, world):
    client = client_for(world, role)
    answers = {language: (path, client.get(path)) for language, path in (("en", "/qarth/"), ("cy", "/cy/qarth/"))}
    assert {response.status_code for _path, response in answers.values()} == {404}
    faults = markup_faults(answers) + toggle_faults(answers) + language_faults(world, answers)
    assert not faults, "\n".join(faults)
