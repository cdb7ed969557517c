"""Every address × every role × both languages answers as the matrix says."""

from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.shortcuts import resolve_url

from tests.crawl.matrix import HIDDEN, MATRIX, OPEN, POST_ONLY, REFUSED, ROLES, SENT_ON, TO_SIGN_IN
from tests.crawl.walk import addresses, missing_lines, path_of
from tests.signing_in import fresh, signed_in

pytestmark = pytest.mark.django_db
FOUND = addresses()
LISTED = [address for address in FOUND if address.name in MATRIX]
GETS_AN_ANSWER_TO_A_POST = {200, 302, 303, 400, 403, 404, 405, 409, 422, 429}


def test_every_address_has_its_line_and_every_line_its_address():
    assert not missing_lines(FOUND, MATRIX)


def as_the_matrix_says(response) -> int:
    """The response's status in the words of the matrix."""
    if response.status_code in (301, 302, 303):
        path = unquote(response["Location"]).split("?")[0]
        sign_in = resolve_url(settings.LOGIN_URL).removeprefix("/cy")
        return TO_SIGN_IN if path.removeprefix("/cy") == sign_in else SENT_ON
    return response.status_code


def client_for(world, role, line=None):
    """A client signed in as a role, who has done what goes before the page of `line`."""
    client = signed_in(fresh(world.people[role]) if role != "anonymous" else None)
    if line is not None and line.before is not None:
        line.before(client, world, role)
    return client


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_status(address, world):
    line = MATRIX[address.name]
    wrong = []
    for role in ROLES:
        client = client_for(world, role, line)
        for language in address.languages:
            path = path_of(address.name, line.kwargs(world), language)
            got, expected = as_the_matrix_says(client.get(path)), line.status(role)
            if got != expected:
                wrong.append(f"GET {path} as {role}: {got}, the matrix says {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_a_post_without_rights_is_refused_like_a_get(address, world):
    line = MATRIX[address.name]
    wrong = []
    for role in ROLES:
        expected = line.status(role)
        client = client_for(world, role, line)
        for language in address.languages:
            path = path_of(address.name, line.kwargs(world), language)
            cache.clear()
            got = as_the_matrix_says(client.post(path, {"name": "x"}))
            if expected in (REFUSED, HIDDEN, TO_SIGN_IN) and got != expected:
                wrong.append(f"POST {path} as {role}: {got}, the matrix says {expected}")
            if expected in (OPEN, POST_ONLY) and abs(got) not in GETS_AN_ANSWER_TO_A_POST:
                wrong.append(f"POST {path} as {role}: {got}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", LISTED, ids=lambda address: address.name)
def test_a_visitor_is_sent_to_sign_in_in_the_language_of_the_page(address, world):
    line = MATRIX[address.name]
    if line.status("anonymous") != TO_SIGN_IN:
        return
    for language in address.languages:
        path = path_of(address.name, line.kwargs(world), language)
        where = unquote(client_for(world, "anonymous").get(path)["Location"])
        assert where.startswith("/cy/") == (language == "cy"), where
        assert f"next={path}" in where
