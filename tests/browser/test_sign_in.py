"""Signing in as people do it: a code from the e-mail, a passkey, an app without JavaScript, both languages."""

import re

import pytest

from messaging.models import Message
from people.models import User
from tests.browser.test_frame import AXE, RUN_AXE, TOO_WIDE
from tests.factories.people import RoleFactory, UserFactory
from tests.people.test_second_step import app_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def code_for(address):
    """The code in the newest e-mail to that address."""
    message = Message.objects.filter(kind="sign-in-code", address__iexact=address).latest("pk")
    return re.search(r"\d{4}-\d{4}", message.words["en"]["body"]).group()


@pytest.fixture
def virtual_authenticator(page):
    """A device with a fingerprint reader, as far as the browser can tell."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


@pytest.fixture
def unscripted(browser, browser_context_args):
    """A page without JavaScript."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


def ask_for_code(page, url, address):
    page.goto(url)
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Continue").click()


def faults_of(page):
    page.evaluate(AXE)
    faults = page.evaluate(RUN_AXE)
    if page.evaluate(TOO_WIDE):
        faults.append("wider than the window")
    return [f"{page.url}: {fault}" for fault in faults]


def test_a_person_signs_in_with_the_code_and_chooses_a_language(page, live_server, console_errors):
    person = UserFactory(name="Anest Qyfaill", email="anest@qarth.example")
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("Email address").fill("ANEST@Qarth.example")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("anest@qarth.example").wait_for()
    page.get_by_label("Code").fill("0000-0000")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").get_by_text("This code is not right.").wait_for()
    page.get_by_label("Code").fill(code_for(person.email))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Welsh").check()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/home/")
    person.refresh_from_db()
    assert (person.language, person.language_source) == ("cy", "person")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You have signed out.").wait_for()


def test_the_other_language_keeps_the_typed_address(page, live_server):
    UserFactory(email="anest@qarth.example", language="cy")
    page.goto(live_server.url + "/sign-in/")
    page.get_by_label("Email address").fill("anest@qarth.example")
    page.get_by_role("button", name="Cymraeg").click()
    assert page.url.endswith("/cy/sign-in/")
    assert page.get_by_label("Cyfeiriad e-bost").input_value() == "anest@qarth.example"
    page.get_by_role("button", name="Parhau").click()
    page.get_by_label("Cod").fill(code_for("anest@qarth.example"))
    page.get_by_role("button", name="Mewngofnodi").click()
    page.wait_for_url("**/cy/home/")


def test_by_keyboard_alone(page, live_server):
    UserFactory(email="anest@qarth.example", language="en")
    page.goto(live_server.url + "/sign-in/")
    page.get_by_label("Email address").focus()
    page.keyboard.type("anest@qarth.example")
    page.keyboard.press("Enter")
    page.get_by_label("Code").focus()
    page.keyboard.type(code_for("anest@qarth.example").replace("-", ""))
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")


def test_a_coach_sets_up_a_passkey_and_signs_in_with_it_alone(page, live_server, virtual_authenticator):
    coach = RoleFactory(kind="coach", person__email="coach@qarth.example", person__language="en").person
    ask_for_code(page, live_server.url + "/sign-in/", coach.email)
    page.get_by_label("Code").fill(code_for(coach.email))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account/second-step/")
    assert page.get_by_text("Your role sees details of other people.").is_visible()
    page.get_by_role("link", name="Add a passkey").click()
    assert not faults_of(page)
    page.get_by_label("Name of this passkey").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".infuse-codes li").count() == 10
    assert not faults_of(page)
    page.get_by_role("link", name="I have kept them. Go on.").click()
    page.wait_for_url("**/home/")

    page.get_by_role("button", name="Sign out").click()
    page.goto(live_server.url + "/sign-in/?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(live_server.url + "/account/")
    assert page.get_by_text("Office laptop").is_visible()


def test_the_passkey_as_the_second_step_after_the_code(page, live_server, virtual_authenticator):
    coach = RoleFactory(kind="coach", person__email="coach@qarth.example", person__language="en").person
    ask_for_code(page, live_server.url + "/sign-in/", coach.email)
    page.get_by_label("Code").fill(code_for(coach.email))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes/")
    page.get_by_role("button", name="Sign out").click()

    ask_for_code(page, live_server.url + "/sign-in/", coach.email)
    page.get_by_label("Code").fill(code_for(coach.email))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/second-step/")
    assert not faults_of(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/home/")


def test_a_passkey_that_is_refused_says_so(page, live_server, virtual_authenticator):
    page.goto(live_server.url + "/sign-in/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no')); }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("That did not work, or was stopped.").wait_for()


def test_without_javascript_an_app_does_the_same(unscripted, live_server):
    page = unscripted
    coach = RoleFactory(kind="coach", person__email="coach@qarth.example", person__language="en").person
    ask_for_code(page, live_server.url + "/sign-in/", coach.email)
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    page.get_by_label("Code").fill(code_for(coach.email))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Set up an authenticator app").click()
    secret = page.locator(".infuse-key").inner_text()
    page.get_by_label("Code that the app shows now").fill(app_code(secret))
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("link", name="I have kept them. Go on.").click()
    assert page.url.endswith("/home/")


@pytest.mark.parametrize("prefix", ["", "/cy"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_code_page_has_no_axe_violation_and_reflows(page, live_server, prefix, width):
    UserFactory(email="anest@qarth.example")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}{prefix}/sign-in/")
    page.locator("#id_email").fill("anest@qarth.example")
    page.locator("#page-form button[type=submit]").click()
    page.wait_for_url("**/sign-in/code/")
    assert not faults_of(page)
    page.locator("#id_code").fill("1111-1111")
    page.locator("#page-form button[type=submit]").click()
    assert not faults_of(page)


def test_a_visitor_meets_the_same_pages_with_an_unknown_address(page, live_server, transactional_db):
    ask_for_code(page, live_server.url + "/sign-in/", "nobody@qarth.example")
    assert page.url.endswith("/sign-in/code/")
    assert page.get_by_text("We sent an email to this address:").is_visible()
    assert not User.objects.exists()
