"""Every page a role may open, and every refusal, in both languages: sound markup, the right language, the toggle."""

import pytest
from django.core.cache import cache

from tests.crawl.markup import faults_of, read
from tests.crawl.matrix import MATRIX, OPEN, ROLES
from tests.crawl.test_status import client_for
from tests.crawl.walk import addresses, path_of
from tests.crawl.words import english_on

pytestmark = pytest.mark.django_db
LISTED = [address for address in addresses() if address.bilingual and address.name in MATRIX]
BY_NAME = pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)


def is_page(response) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and bool(response.content)


def both_languages(world, address, role, *, post=False):
    """{language: (path, response)} of a page as a role sees it."""
    line = MATRIX[address.name]
    client = client_for(world, role, line)
    answers = {}
    for language in address.languages:
        path = path_of(address.name, line.kwargs(world), language)
        cache.clear()
        answers[language] = (path, client.post(path, {}) if post else client.get(path))
    return answers


def language_faults(world, answers) -> list[str]:
    """English on the Welsh page, given the same page in both languages."""
    (_path, english), (path, welsh) = answers["en"], answers["cy"]
    if not is_page(welsh) or not is_page(english):
        return []
    faults = english_on(read(welsh.content.decode())[0], read(english.content.decode())[0], world.data)
    return [f"{path} ({welsh.status_code}): {fault}" for fault in faults]


def markup_faults(answers) -> list[str]:
    return [
        f"{path} ({response.status_code}): {fault}"
        for language, (path, response) in answers.items()
        if is_page(response)
        for fault in faults_of(response.content.decode(), language=language)
    ]


def toggle_faults(answers) -> list[str]:
    """Whether the way to the other language is there, says its language, and leads to the same page."""
    faults = []
    for language, other in (("en", "cy"), ("cy", "en")):
        path, response = answers[language]
        if not is_page(response):
            continue
        page, _faults = read(response.content.decode())
        toggles = [
            element
            for element in page.all("a", "button")
            if element.attributes.get("lang") == other
            and (element.tag == "button" or element.attributes.get("hreflang") == other)
        ]
        there = answers[other][0]
        ways = [element.attributes.get("href") or element.attributes.get("formaction") or "" for element in toggles]
        if len(toggles) != 1 or ways[0].split("?")[0] != there:
            faults.append(f"{path}: the toggle leads to {ways}, not to {there}")
    return faults


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
        answers = both_languages(world, address, role)
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
    answers = both_languages(world, address, role, post=True)
    faults = markup_faults(answers) + language_faults(world, answers)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ["anonymous", "manager", "associate"])
def test_an_address_that_is_not_there(role, world):
    client = client_for(world, role)
    answers = {language: (path, client.get(path)) for language, path in (("en", "/qarth/"), ("cy", "/cy/qarth/"))}
    assert {response.status_code for _path, response in answers.values()} == {404}
    faults = markup_faults(answers) + toggle_faults(answers) + language_faults(world, answers)
    assert not faults, "\n".join(faults)
