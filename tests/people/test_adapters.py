"""allauth's letters, and the organisations that sign their people in themselves."""

import re
from pathlib import Path
from types import SimpleNamespace

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from infuse.settings import origin_of, read_oidc_providers  # noqa: TID251 (what these functions do is tested here)
from messaging.models import Message
from people.emails import ACCOUNT_LETTERS
from people.models import User

# What our settings and addresses leave out (passwords, connecting accounts), and a text that its code never uses.
NEVER_SENT = re.compile(r"password|socialaccount|email/email_confirm$")


def test_every_letter_that_allauth_can_send_is_one_of_ours():
    folder = Path(allauth.__file__).parent / "templates"
    theirs = {
        path.relative_to(folder).as_posix().removesuffix("_message.txt") for path in folder.rglob("email/*_message.txt")
    }
    theirs = {name for name in theirs if not NEVER_SENT.search(name) and "base" not in name}
    assert theirs <= set(ACCOUNT_LETTERS)


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", sorted(ACCOUNT_LETTERS))
@pytest.mark.parametrize("language", ["cy", "en", ""])
def test_every_letter_can_be_written_in_both_languages(prefix, language, make_person, rf):
    from people.adapters import AccountAdapter  # noqa: PLC0415 (needs the settings of the test)

    person = make_person(language=language)
    words = {
        "code": "1234-5678",
        "from_email": "a@b.example",
        "to_email": "c@d.example",
        "deleted_email": "e@f.example",
    }
    AccountAdapter(rf.get("/")).send_mail(prefix, person.email, words)
    message = Message.objects.latest("pk")
    known = prefix != "account/email/unknown_account"
    assert (message.language, message.person) == ((language, person.reference) if known else ("", ""))
    for version in ("cy", "en"):
        subject, body = message.words[version]["subject"], message.words[version]["body"]
        assert subject
        assert "1234" not in subject
        assert "http://testserver" in body
    if ACCOUNT_LETTERS[prefix].secret:
        assert "1234-5678" in body
        assert message.secret


# --- OpenID Connect ---

PROVIDER = {
    "provider_id": "torfaen",
    "name": "Torfaen",
    "client_id": "client",
    "secret": "hush",
    "settings": {"server_url": "https://login.torfaen.example/v2.0", "domains": ["torfaen.example"]},
}


@pytest.fixture
def providers(settings):
    settings.OIDC_PROVIDERS = [{"id": "torfaen", "name_en": "Torfaen Council", "name_cy": "Cyngor Torfaen"}]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [PROVIDER], "OAUTH_PKCE_ENABLED": True}}


def come_in(email, claims=None):
    """What happens after the provider has said who somebody is."""
    request = RequestFactory().get("/sign-in/with/torfaen/done/")
    request.user = AnonymousUser()
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 (needs the database)

    request.session = SessionStore()
    request.allauth = SimpleNamespace()
    request._messages = FallbackStorage(request)
    with context.request_context(request):
        provider = get_adapter().get_provider(request, "torfaen")
        login: SocialLogin = provider.sociallogin_from_response(
            request, {"userinfo": {"sub": "subject-1", "email": email, **(claims or {})}}
        )
        response = complete_login(request, login)
    return request, response


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["sian@torfaen.example", "Sian@Torfaen.Example"])
def test_a_known_address_in_the_providers_domain_signs_in(providers, make_person, typed):
    person = make_person("Sian Rees", "sian@torfaen.example")
    request, response = come_in(typed)
    assert request.session["_auth_user_id"] == str(person.pk)
    assert response["Location"] == "/home/"
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_a_second_confirmed_address_will_do(providers, make_person):
    person = make_person("Sian Rees", "sian@home.example")
    EmailAddress.objects.create(user=person, email="sian@torfaen.example", verified=True)
    assert come_in("sian@torfaen.example")[0].session["_auth_user_id"] == str(person.pk)


@pytest.mark.django_db
def test_an_unknown_person_gets_a_clear_page_and_no_account(providers):
    request, response = come_in("nobody@torfaen.example")
    assert "_auth_user_id" not in request.session
    assert response.status_code == 200
    assert "We do not know this account" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "claims"),
    [
        ("sian@cardiff.example", {}),
        ("sian@cardiff.example", {"email_verified": True}),
        ("sian@torfaen.example", {"email_verified": False}),
        ("sian@sub.torfaen.example", {}),
        ("sian@torfaen.example.evil.example", {}),
    ],
)
def test_a_provider_speaks_for_its_own_domains_only_and_not_against_its_own_doubt(
    providers, make_person, email, claims
):
    make_person("Sian Rees", email)
    request, response = come_in(email, claims)
    assert "_auth_user_id" not in request.session
    assert "We do not know this account" in response.content.decode()


@pytest.mark.django_db
def test_an_address_that_was_never_confirmed_matches_nobody(providers, make_person):
    person = make_person("Sian Rees", "sian@home.example")
    EmailAddress.objects.create(user=person, email="elin@torfaen.example", verified=False)
    assert "_auth_user_id" not in come_in("elin@torfaen.example")[0].session


@pytest.mark.django_db
def test_the_button_bears_the_name_in_the_readers_language(providers, client):
    assert "Torfaen Council" in client.get("/sign-in/").content.decode()
    assert "Cyngor Torfaen" in client.get("/cy/sign-in/").content.decode()


@pytest.mark.django_db
def test_without_a_provider_there_is_no_button_and_no_address(client):
    assert "work account" not in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/with/torfaen/").status_code == 404


ONE = (
    '[{"id": "t", "name_en": "T", "name_cy": "T", "server_url": "https://a.example/x", "client_id": "c", '
    '"secret": "s", "domains": ["t.example"]}]'
)


def test_providers_are_read_from_the_environment():
    assert read_oidc_providers("") == []
    assert [provider["id"] for provider in read_oidc_providers(ONE)] == ["t"]
    assert origin_of("https://login.a.example:8443/tenant/v2.0") == "https://login.a.example:8443"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("{}", "list"),
        ('["x"]', "list"),
        (ONE.replace('"domains": ["t.example"]', '"domains": []'), "give domains"),
    ],
)
def test_a_provider_that_is_not_whole_stops_the_start_with_a_sentence(text, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        read_oidc_providers(text)
