"""What a person needs in sessions is on no page, list, export or file of anybody who does not arrange sessions."""

import pytest

from tests.crawl.checks import gets
from tests.crawl.matrix import MATRIX
from tests.crawl.walk import listed

pytestmark = pytest.mark.django_db

# Of the associate of the crawl's world.
NEED = b"Qramp"
# Pages that the person themselves came to by a link of their own.
OWN_BY_LINK = {"nominations:nominee-part by-link"}


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_nobody_else_reads_what_somebody_needs(role, world):
    shown = []
    for address in listed(MATRIX):
        if address.name in OWN_BY_LINK:
            continue
        for answers in gets(world, address, MATRIX[address.name], [role]).values():
            for path, response in answers.values():
                body = b"".join(response.streaming_content) if response.streaming else response.content
                if NEED in body:
                    shown.append(path)
    assert not shown, f"{role} reads it on {shown}"


def test_the_person_reads_it(world):
    (own,) = [address for address in listed(MATRIX) if address.name == "cohorts:onboarding-needs"]
    answers = gets(world, own, MATRIX[own.name], ["associate"])["associate"]
    assert all(NEED in response.content for _path, response in answers.values())
