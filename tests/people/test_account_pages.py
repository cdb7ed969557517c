"""A person's own account: name, language, addresses."""

import pytest
from allauth.account.models import EmailAddress

from core.models import AuditEvent
from tests.people.test_sign_in import body, code_from, newest


@pytest.fixture
def person(make_person, torfaen):
    return make_person("Sian Rees", works_at=torfaen)


@pytest.fixture
def in_cardiff(make_person, cardiff):
    return make_person("Carl Cardiff", "carl@cardiff.example", works_at=cardiff)


def test_the_name_and_the_language_are_the_persons_own_to_change(client_as, person, today):
    client = client_as(person)
    client.post("/account/name/", {"name": "Siân Rees"})
    client.post("/account/language/", {"language": "cy"})
    person.refresh_from_db()
    assert (person.name, person.language, person.language_source) == ("Siân Rees", "cy", "person")
    assert person.language_asked_on == today


def test_a_further_address_counts_once_its_code_was_typed_in(client_as, person):
    client = client_as(person)
    client.post("/account/addresses/", {"action_add": "1", "email": "Sian@Home.example"})
    message = newest("address-code")
    assert (message.address, message.language, message.secret) == ("sian@home.example", "en", True)
    assert not EmailAddress.objects.filter(email="sian@home.example").exists()
    assert "This code is not right." in body(client.post("/account/addresses/confirm/", {"code": "0000-0000"}))
    client.post("/account/addresses/confirm/", {"code": code_from(message)})
    assert EmailAddress.objects.get(email="sian@home.example").verified
    assert newest("address-added").address == person.email


def test_making_an_address_the_main_one_and_removing_the_other(client_as, person):
    old = person.email
    EmailAddress.objects.create(user=person, email="sian@home.example", verified=True)
    client = client_as(person)
    client.post("/account/addresses/", {"action_remove": "1", "email": old})
    assert EmailAddress.objects.filter(email=old).exists()
    client.post("/account/addresses/", {"action_primary": "1", "email": "sian@home.example"})
    person.refresh_from_db()
    assert person.email == "sian@home.example"
    assert newest("address-changed").address == old
    client.post("/account/addresses/", {"action_remove": "1", "email": old})
    assert list(person.emailaddress_set.values_list("email", flat=True)) == ["sian@home.example"]
    assert newest("address-removed").address == "sian@home.example"
    assert {"address.made_primary", "address.removed"} <= set(AuditEvent.objects.values_list("event", flat=True))


def test_the_address_of_somebody_else_cannot_be_added_and_looks_the_same_until_the_code(client_as, person, in_cardiff):
    client = client_as(person)
    response = client.post("/account/addresses/", {"action_add": "1", "email": in_cardiff.email})
    assert response["Location"] == "/account/addresses/confirm/"
    client.post("/account/addresses/confirm/", {"code": code_from(newest("address-code"))})
    assert EmailAddress.objects.get(email=in_cardiff.email).user == in_cardiff


@pytest.mark.parametrize(
    "path", ["/account/", "/account/addresses/", "/account/second-step/", "/people/", "/organisations/"]
)
def test_a_visitor_is_led_to_the_sign_in_page_and_back(client, db, path):
    assert client.get(path)["Location"] == f"/sign-in/?next={path}"
    assert client.get("/cy" + path)["Location"] == f"/cy/sign-in/?next=/cy{path}"
