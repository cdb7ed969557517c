"""The second step: who must have one, setting one up, using it, losing it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from core.verdicts import NotAllowed
from messaging.models import Message
from people.adapters import SecondStepAdapter
from people.enums import RoleKind
from people.models import SecondStepReset
from people.services.second_step import ask_second_step_reset, confirm_second_step_reset
from tests.people.test_sign_in import ask, code_from, is_signed_in, newest, type_in
from tests.signing_in import BACKEND

INDEX = "/account/second-step/"
STRONG = sorted(RoleKind.strong())
OTHERS = sorted(set(RoleKind.values) - RoleKind.strong())


def app_code(secret, ahead=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def with_app(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def by_code_only(person):
    """A client signed in with a code by e-mail and nothing more."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def holder(make_person, kind, organisation):
    return make_person("Rhian Holder", role=kind, organisation=organisation if kind == RoleKind.COORDINATOR else None)


@pytest.mark.parametrize("kind", STRONG)
def test_a_strong_role_must_set_up_a_second_step_and_is_told_why(make_person, torfaen, kind):
    client = by_code_only(holder(make_person, kind, torfaen))
    for path in ("/account/", "/people/", "/organisations/new/", "/account/addresses/"):
        assert client.get(path)["Location"] == INDEX
    assert client.get("/cy/people/")["Location"] == "/cy" + INDEX
    page = client.get(INDEX).content.decode()
    assert "Your role sees details of other people." in page
    assert "Set up one of the two to go on." in page


@pytest.mark.parametrize("kind", OTHERS)
def test_other_roles_may_do_without(make_person, torfaen, kind):
    assert by_code_only(holder(make_person, kind, torfaen)).get("/account/").status_code == 200


def test_in_the_demo_nobody_needs_one(manager, settings):
    settings.DEMO = True
    assert by_code_only(manager).get("/account/").status_code == 200


def test_a_strong_role_that_has_ended_needs_none(make_person, today):
    from people.services.roles import end_role  # noqa: PLC0415 (only here)

    person = make_person(role=RoleKind.COACH)
    end_role(role=person.roles.get(), until=today, by=None, today=today)
    assert by_code_only(person).get("/account/").status_code == 200


def test_public_pages_and_signing_out_stay_open(manager):
    client = by_code_only(manager)
    assert client.get(reverse("pages:accessibility")).status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"


def test_signing_in_with_the_app_code_opens_everything(manager):
    secret = with_app(manager)
    client = Client()
    ask(client, manager.email)
    response = type_in(client, code_from(newest("sign-in-code")))
    assert response["Location"] == "/sign-in/second-step/"
    assert not is_signed_in(client)
    assert client.get("/people/").status_code == 302
    response = client.post("/sign-in/second-step/", {"code": app_code(secret)})
    assert response["Location"] == "/home/"
    assert client.get("/people/").status_code == 200
    assert AuditEvent.objects.get(event="sign_in.succeeded").details == {"ways": ["code", "totp"]}


def test_an_app_code_works_once_even_while_it_could_still_be_right(manager):
    secret = with_app(manager)
    early = app_code(secret, ahead=-1)
    for expected in (True, False):
        client = Client()
        ask(client, manager.email)
        type_in(client, code_from(newest("sign-in-code")))
        client.post("/sign-in/second-step/", {"code": early})
        assert is_signed_in(client) is expected


def test_a_wrong_app_code_is_refused_noted_and_limited(manager):
    with_app(manager)
    client = Client()
    ask(client, manager.email)
    type_in(client, code_from(newest("sign-in-code")))
    for _number in range(5):
        response = client.post("/sign-in/second-step/", {"code": "000000"})
        assert "This code is not right." in response.content.decode()
    assert "You have tried several times." in client.post("/sign-in/second-step/", {"code": "000000"}).content.decode()
    assert AuditEvent.objects.filter(event="sign_in.second_step_refused").count() == 5
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(manager):
    with_app(manager)
    codes = RecoveryCodes.activate(manager).get_unused_codes()
    for expected in (True, False):
        client = Client()
        ask(client, manager.email)
        type_in(client, code_from(newest("sign-in-code")))
        client.post("/sign-in/second-step/", {"code": codes[0]})
        assert is_signed_in(client) is expected


def test_a_session_without_the_second_step_is_asked_for_it(manager):
    secret = with_app(manager)
    client = by_code_only(manager)
    assert client.get("/people/?q=x")["Location"] == "/account/second-step/confirm/?next=%2Fpeople%2F%3Fq%3Dx"
    response = client.post("/account/second-step/confirm/?next=/people/", {"code": app_code(secret)})
    assert response["Location"] == "/people/"
    assert client.get("/people/").status_code == 200


def test_setting_up_the_app_counts_as_using_it_and_gives_recovery_codes(manager, django_capture_on_commit_callbacks):
    client = by_code_only(manager)
    page = client.get("/account/second-step/app/").content.decode()
    secret = re.search(r'infuse-key">([A-Z2-7]+)<', page).group(1)
    assert "data:image/svg+xml" in page
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/second-step/app/", {"code": app_code(secret)})
    assert response["Location"] == "/account/second-step/recovery-codes/"
    assert len(re.findall(r"infuse-key", client.get(response["Location"]).content.decode())) == 10
    assert client.get("/account/second-step/recovery-codes/file/")["Content-Type"].startswith("text/plain")
    assert client.get("/people/").status_code == 200
    message = newest("second-step-added")
    assert (message.address, message.template) == (manager.email, "people/emails/app_added")
    assert AuditEvent.objects.filter(event="second_step.added", details__way="totp").exists()


def test_a_wrong_first_code_sets_up_nothing(manager):
    client = by_code_only(manager)
    client.get("/account/second-step/app/")
    assert "This code is not right." in client.post("/account/second-step/app/", {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()


def test_the_secret_is_encrypted_in_the_database(manager):
    secret = with_app(manager)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert SecondStepAdapter().decrypt(stored) == secret


def test_a_new_secret_key_keeps_second_steps_while_the_old_one_is_named(manager, settings):
    secret = with_app(manager)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert SecondStepAdapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret


def test_whoever_needs_a_second_step_keeps_the_last_one(manager, client_as):
    with_app(manager)
    client = client_as(manager)
    page = client.get("/account/second-step/app/remove/").content.decode()
    assert "this is the only one you have" in page.replace("&#x27;", "’")
    client.post("/account/second-step/app/remove/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_who_needs_none_can_remove_it(make_person, client_as):
    person = make_person()
    with_app(person)
    client = client_as(person)
    client.post("/account/second-step/app/remove/")
    assert not Authenticator.objects.exists()
    assert newest("second-step-removed").template == "people/emails/app_removed"


def test_changing_the_second_step_asks_for_it_first(manager, client_as):
    with_app(manager)
    client = client_as(manager)
    assert client.get("/account/second-step/passkeys/add/").status_code == 200
    session = client.session
    session["account_authentication_methods"][1]["at"] -= 11 * 60
    session.save()
    response = client.get("/account/second-step/passkeys/add/")
    assert response["Location"].startswith("/account/second-step/confirm/")


def test_nobody_reads_another_persons_recovery_codes(make_person, manager, client_as):
    with_app(manager)
    RecoveryCodes.activate(manager)
    assert client_as(make_person()).get("/account/second-step/recovery-codes/").status_code == 404


# --- Lost: two members of the programme team ---


@pytest.fixture
def coach(make_person):
    person = make_person("Cadi Coach", role=RoleKind.COACH)
    with_app(person)
    RecoveryCodes.activate(person)
    return person


def test_two_members_of_the_team_take_a_lost_second_step_away(coach, manager, administrator, today):
    reset = ask_second_step_reset(person=coach, reason="Telephoned", by=administrator, today=today)
    assert Authenticator.objects.filter(user=coach).exists()
    with pytest.raises(NotAllowed, match="Somebody else"):
        confirm_second_step_reset(reset=reset, by=administrator, today=today)
    confirm_second_step_reset(reset=reset, by=manager, today=today)
    assert not Authenticator.objects.filter(user=coach).exists()
    assert newest("second-step-removed").address == coach.email
    with pytest.raises(NotAllowed, match="already"):
        confirm_second_step_reset(reset=reset, by=manager, today=today)


def test_asking_twice_is_one_request(coach, administrator, manager, today):
    first = ask_second_step_reset(person=coach, reason="Telephoned", by=administrator, today=today)
    assert ask_second_step_reset(person=coach, reason="Again", by=manager, today=today) == first


@pytest.mark.parametrize("who", ["coach", "coordinator"])
def test_nobody_else_asks(coach, coordinator, today, who):
    by = {"coach": coach, "coordinator": coordinator}[who]
    with pytest.raises(NotAllowed):
        ask_second_step_reset(person=coach, reason="Mine", by=by, today=today)
    assert not SecondStepReset.objects.exists()


def test_the_pages_of_the_reset(coach, manager, administrator, client_as):
    base = f"/people/{coach.reference}/"
    page = client_as(administrator).post(base + "reset/", {"reason": "Telephoned"}, follow=True).content.decode()
    assert "Somebody else in the programme team must confirm this." in page
    assert client_as(administrator).get(base + "reset/confirm/").status_code == 403
    page = client_as(manager).get(base + "reset/confirm/").content.decode()
    assert "Telephoned" in page
    client_as(manager).post(base + "reset/confirm/")
    assert not Authenticator.objects.filter(user=coach).exists()
    assert client_as(manager).get(base + "reset/confirm/").status_code == 404
    assert Message.objects.filter(kind="second-step-removed").count() == 1
