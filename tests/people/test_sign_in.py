"""Signing in with a code by e-mail, through the pages: right, wrong, old, used; known and unknown addresses; limits."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from messaging.models import Message

SIGN_IN = "/sign-in/"
CODE = "/sign-in/code/"


def newest(kind):
    return Message.objects.filter(kind=kind).latest("pk")


def code_from(message):
    return re.search(r"\d{4}-\d{4}", message.words["en"]["body"]).group()


def ask(client, address, path=SIGN_IN, **more):
    return client.post(path, {"email": address}, **more)


def type_in(client, code, path=CODE, **more):
    return client.post(path, {"code": code}, **more)


def body(response):
    """The page's text, with apostrophes as they are written."""
    return response.content.decode().replace("&#x27;", "’").replace("&#39;", "’")


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def person(make_person):
    return make_person("Sian Rees", "sian.rees@example.gov.wales")


def test_a_code_signs_in_and_leads_home(client, person):
    response = ask(client, person.email)
    assert response.status_code == 302
    assert response["Location"] == CODE
    message = newest("sign-in-code")
    assert (message.address, message.language, message.secret) == (person.email, "en", True)
    response = type_in(client, code_from(message))
    assert response["Location"] == "/home/"
    assert is_signed_in(client)
    event = AuditEvent.objects.get(event="sign_in.succeeded")
    assert (event.about_ref, event.details) == (person.reference, {"ways": ["code"]})


@pytest.mark.parametrize(
    "typed", ["SIAN.REES@EXAMPLE.GOV.WALES", "Sian.Rees@example.gov.wales", " sian.rees@Example.gov.wales "]
)
def test_letter_case_does_not_matter(client, person, typed):
    ask(client, typed)
    type_in(client, code_from(newest("sign-in-code")))
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "change", [lambda code: code.replace("-", ""), lambda code: code.replace("-", " "), lambda code: f" {code} "]
)
def test_hyphens_and_spaces_in_the_code_do_not_matter(client, person, change):
    ask(client, person.email)
    type_in(client, change(code_from(newest("sign-in-code"))))
    assert is_signed_in(client)


def test_any_confirmed_address_of_a_person_will_do(client, person):
    EmailAddress.objects.create(user=person, email="sian@home.example", verified=True)
    ask(client, "Sian@Home.example")
    message = newest("sign-in-code")
    assert message.address.lower() == "sian@home.example"
    type_in(client, code_from(message))
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    ("path", "words"),
    [("/sign-in/code/", "This code is not right."), ("/cy/sign-in/code/", "Nid yw’r cod hwn yn gywir.")],
)
def test_a_wrong_code_is_refused_in_plain_words(client, person, path, words):
    ask(client, person.email)
    response = type_in(client, "0000-0000", path)
    assert response.status_code == 200
    assert words in response.content.decode().replace("&#x27;", "’").replace("'", "’")
    assert not is_signed_in(client)
    type_in(client, code_from(newest("sign-in-code")))
    assert is_signed_in(client)


def test_five_wrong_codes_end_the_try_and_are_noted_without_the_code(client, person):
    ask(client, person.email)
    right = code_from(newest("sign-in-code"))
    for _number in range(5):
        response = type_in(client, "0000-0000", follow=False)
    assert response["Location"] == SIGN_IN
    assert "wrong too often" in client.get(SIGN_IN).content.decode()
    type_in(client, right)
    assert not is_signed_in(client)
    event = AuditEvent.objects.get(event="sign_in.code_refused")
    assert (event.about_ref, event.details) == (person.reference, {})


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "too old, or has been used already"), ("/cy", "rhy hen, neu wedi’i ddefnyddio’n barod")]
)
def test_an_old_code_is_refused_in_plain_words(person, prefix, words):
    client = Client()
    ask(client, person.email)
    code = code_from(newest("sign-in-code"))
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 16 * 60
    session.save()
    response = type_in(client, code, prefix + CODE, follow=True)
    assert words in response.content.decode().replace("&#x27;", "’").replace("'", "’")
    assert not is_signed_in(client)


def test_a_used_code_does_not_work_again(client, person):
    ask(client, person.email)
    code = code_from(newest("sign-in-code"))
    type_in(client, code)
    client.post("/sign-out/")
    response = type_in(client, code, follow=True)
    assert "has been used already" in response.content.decode()
    assert not is_signed_in(client)


def test_a_newer_code_replaces_the_older_one(client, person):
    ask(client, person.email)
    old = code_from(newest("sign-in-code"))
    client.post(CODE, {"action": "resend"})
    new = code_from(newest("sign-in-code"))
    assert old != new
    assert "newest email" in type_in(client, old).content.decode()
    type_in(client, new)
    assert is_signed_in(client)


def test_a_code_works_only_where_it_was_asked_for(client, person):
    ask(client, person.email)
    elsewhere = Client()
    type_in(elsewhere, code_from(newest("sign-in-code")))
    assert not is_signed_in(elsewhere)


def shown(response):
    """What a visitor can tell pages apart by: status, address, and the text without tokens and the typed address."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())
    return response.status_code, [url for url, _status in response.redirect_chain], text


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_an_unknown_address_looks_exactly_the_same(person, prefix):
    pages = []
    for address in (person.email, "nobody.here@example.gov.wales"):
        client = Client()
        asked = ask(client, address, prefix + SIGN_IN, follow=True)
        wrong = type_in(client, "0000-0000", prefix + CODE, follow=True)
        again = client.post(prefix + CODE, {"action": "resend"}, follow=True)
        pages.append(
            [tuple(str(part).replace(address, "ADDRESS") for part in shown(page)) for page in (asked, wrong, again)]
        )
    assert pages[0] == pages[1]


def test_an_unknown_address_takes_as_many_queries(person, django_assert_max_num_queries):
    from django.db import connection  # noqa: PLC0415 (only here)
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 (only here)

    counts = []
    for address in (person.email, "nobody.here@example.gov.wales"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(Client(), address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_unknown_address_gets_help_in_both_languages_welsh_first(client, person):
    ask(client, "Nobody.Here@example.gov.wales")
    message = newest("sign-in-unknown")
    assert message.address.lower() == "nobody.here@example.gov.wales"
    assert message.language == ""
    assert "/sign-in/unknown/" in message.words["en"]["body"]
    assert "/cy/sign-in/unknown/" in message.words["cy"]["body"]
    assert not Message.objects.filter(kind="sign-in-code").exists()
    assert client.get("/sign-in/unknown/").status_code == 200


def test_no_code_opens_the_door_for_an_unknown_address(client, db):
    ask(client, "nobody.here@example.gov.wales")
    for code in ("", "0000-0000", "None", "-"):
        type_in(client, code)
    assert not is_signed_in(client)


def test_somebody_whose_account_is_closed_is_like_somebody_unknown(client, person):
    person.is_active = False
    person.save()
    response = ask(client, person.email)
    assert response["Location"] == CODE
    assert newest("sign-in-unknown").address == person.email


def test_the_code_goes_out_in_the_language_of_the_person_not_of_the_page(client, make_person):
    person = make_person("Gwen Parry", "gwen@example.gov.wales", language="cy")
    ask(client, person.email)
    assert newest("sign-in-code").language == "cy"


def test_who_has_not_chosen_gets_both_languages_and_is_asked_once_on_the_way(client, make_person):
    person = make_person("Gwen Parry", "gwen@example.gov.wales", language="")
    ask(client, person.email, SIGN_IN + "?next=/account/")
    assert newest("sign-in-code").language == ""
    response = type_in(client, code_from(newest("sign-in-code")), CODE + "?next=/account/")
    assert response["Location"] == "/account/first-question/?next=%2Faccount%2F"
    page = client.get(response["Location"])
    assert "What language do you want to receive emails and documents in?" in page.content.decode()
    response = client.post(response["Location"], {"language": "cy", "next": "/account/"})
    assert response["Location"] == "/account/"
    person.refresh_from_db()
    assert (person.language, person.language_source) == ("cy", "person")
    assert person.language_asked_on is not None
    client.post("/sign-out/")
    ask(client, person.email)
    assert type_in(client, code_from(newest("sign-in-code")))["Location"] == "/home/"


def test_the_question_sends_nobody_to_another_site(client_as, make_person):
    client = client_as(make_person(language=""))
    response = client.post("/account/first-question/", {"language": "cy", "next": "https://evil.example/"})
    assert response["Location"] == "/home/"


def test_signing_in_leads_to_no_other_site(client, person):
    ask(client, person.email, SIGN_IN + "?next=https://evil.example/")
    response = type_in(client, code_from(newest("sign-in-code")), CODE + "?next=https://evil.example/")
    assert response["Location"] == "/home/"


def test_the_session_is_a_new_one_after_signing_in(client, person):
    ask(client, person.email)
    before = client.session.session_key
    type_in(client, code_from(newest("sign-in-code")))
    assert client.session.session_key != before


def test_signing_out_takes_a_button(client_as, person):
    client = client_as(person)
    assert client.get("/sign-out/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/sign-out/").status_code == 302
    assert not is_signed_in(client)


def test_a_form_without_its_token_is_refused(person):
    assert ask(Client(enforce_csrf_checks=True), person.email).status_code == 403


@pytest.mark.parametrize("address", ["sian.rees@example.gov.wales", "nobody.here@example.gov.wales"])
def test_asking_too_often_is_stopped_for_known_and_unknown_alike(person, address):
    for _number in range(5):
        assert ask(Client(), address).status_code == 302
    response = ask(Client(), address)
    assert response.status_code == 200
    assert "You have tried several times." in response.content.decode()
    assert Message.objects.count() == 5
    with time_machine.travel(timedelta(minutes=6), tick=True):
        assert ask(Client(), address).status_code == 302


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_one_place_that_asks_for_very_many_is_stopped(person, prefix):
    for number in range(100):
        ask(Client(), f"person.{number}@example.gov.wales")
    response = ask(Client(), person.email, prefix + SIGN_IN)
    assert response.status_code == 200
    assert not Message.objects.filter(kind="sign-in-code").exists()


def test_using_another_address_begins_again(client, person):
    ask(client, "mistyped@example.gov.wales")
    assert client.get(SIGN_IN)["Location"] == CODE
    assert client.get(SIGN_IN + "?again=1").status_code == 200
    ask(client, person.email)
    type_in(client, code_from(newest("sign-in-code")))
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "not an address", "a@b", "x" * 300 + "@example.wales", "a\x00@example.wales"])
def test_what_is_no_address_is_refused_with_words(client, db, typed):
    response = ask(client, typed)
    assert response.status_code == 200
    assert "govuk-error-message" in response.content.decode()
    assert not Message.objects.exists()


def test_a_typed_code_never_comes_back_to_the_screen_with_the_other_language(client, person):
    ask(client, person.email)
    response = client.post("/cy" + CODE, {"code": "7777-8888", "_toggle": "cy"})
    assert response.status_code == 200
    assert "7777-8888" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/login/", "/signup/", "/password/reset/", "/password/change/", "/password/set/", "/reauthenticate/",
        "/accounts/login/", "/3rdparty/", "/2fa/", "/sign-in/login/", "/account/password/set/", "/account/signup/",
        "/social/signup/", "/oidc/torfaen/login/", "/sign-in/with/nowhere/",
    ],
)  # fmt: skip
def test_the_rest_of_allauth_has_no_address(client, db, path):
    for prefix in ("", "/cy"):
        assert client.get(prefix + path).status_code == 404


def test_a_password_does_not_sign_in(client, person):
    person.set_password("a long enough password")
    person.save()
    client.post(SIGN_IN, {"login": person.email, "email": person.email, "password": "a long enough password"})
    assert not is_signed_in(client)


def test_the_cookie_is_for_this_site_and_not_for_scripts(client, person, settings):
    ask(client, person.email)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_pages_of_signing_in_are_not_kept_by_browsers(client, person):
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]


def test_a_signed_in_person_who_opens_the_sign_in_page_goes_home(client_as, person):
    assert client_as(person).get(SIGN_IN)["Location"] == reverse("reports:home")


def test_signing_in_goes_on_while_redis_is_away(person, settings):
    settings.CACHES = {"default": {"BACKEND": "infuse.cache.SteadyRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    cache.clear()
    client = Client()
    ask(client, person.email)
    type_in(client, code_from(newest("sign-in-code")))
    assert is_signed_in(client)
    for _number in range(4):
        ask(Client(), person.email)
    assert "You have tried several times." in ask(Client(), person.email).content.decode()
