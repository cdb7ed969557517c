"""The demo's pages: nothing of them without INFUSE_DEMO=1; with it, one click to be anybody, and a clock."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cohorts.models import Cohort, Programme
from core import clock
from core.models import AuditEvent, DemoClock
from infuse.demo import timetravel
from infuse.demo.people import KEYS
from messaging.models import Message, NightRun
from people.models import Organisation, User
from tests.conftest import stop_the_clock
from tests.crawl.markup import faults_of, read
from tests.crawl.words import english_on, pattern_of
from tests.infuse.the_demo import TODAY, loaded_demo

pytestmark = pytest.mark.django_db
IN_THE_DEMO = "tests.crawl.demo_urls"
PATHS = ["/demo/", "/cy/demo/", "/demo/mail/", "/cy/demo/mail/", "/demo/mail/1700000000.M1P1Q1.host/", "/demo/clock/"]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo as loaded on TODAY."""
    with loaded_demo(django_db_blocker):
        yield


@pytest.fixture
def demo(loaded, settings, monkeypatch):
    """The demo, switched on, on the day of loading."""
    settings.DEMO = True
    settings.ROOT_URLCONF = IN_THE_DEMO
    stop_the_clock(monkeypatch, TODAY)


@pytest.fixture
def nights(monkeypatch):
    """The days whose nights were asked for, with the demo's date at that moment."""
    run = []
    monkeypatch.setattr(timetravel, "_run_night", lambda on: run.append((on, clock.today())))
    return run


def signed_in_as(client) -> str:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).name if key else ""


# --- Off ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("urls", ["infuse.urls", IN_THE_DEMO])
def test_without_the_variable_nothing_of_it_exists(client, settings, loaded, path, urls):
    """Neither by address, nor when the addresses are there by mistake."""
    settings.ROOT_URLCONF = urls
    assert settings.DEMO is False
    assert client.get(path).status_code == 404
    assert client.post(path, {"person": "manager", "step": "day", "seen": TODAY.isoformat()}).status_code == 404
    assert signed_in_as(client) == ""
    assert DemoClock.days_ahead() == 0


def test_without_the_variable_no_page_has_the_banner(client, loaded):
    assert "Date in the demo" not in client.get("/").content.decode()


@pytest.mark.parametrize(("value", "expected"), [(None, False), ("0", False), ("1", True)])
def test_the_variable_decides_about_the_addresses(value, expected):
    """A process of its own, because settings and addresses are read once."""
    code = (
        "import django, json; django.setup();"
        "from django.conf import settings; from django.urls import resolve, Resolver404\n"
        "try: found = resolve('/demo/').view_name\n"
        "except Resolver404: found = ''\n"
        "print(json.dumps([settings.DEMO, found]))"
    )
    env = {
        **{name: text for name, text in os.environ.items() if name != "INFUSE_DEMO"},
        "DJANGO_SETTINGS_MODULE": "infuse.settings",
        "SECRET_KEY": "x",
        "PUBLIC_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://127.0.0.1:2525",
        **({"INFUSE_DEMO": value} if value else {}),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=project.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [expected, "demo:people" if expected else ""]


# --- People ---------------------------------------------------------------------------------------------------------
NAMES = {
    "manager": "Lleucu Brangwyn-Hale",
    "administrator": "Marlon Trehafod",
    "lab-lead": "Ffraid O'Malley-Prosser",
    "coach": "Heulwen Castellan-Reid",
    "coordinator-torfaen": "Eirlys Whitcombe-Nnadi",
    "coordinator-cardiff": "Iolo Fitzgibbon-Rhŷs",
    "associate": "Mabli Okonkwo-Tŷ",
    "nominee": "Osian D'Souza-Llŷr",
}


def test_the_keys_are_the_fixed_ones():
    assert list(KEYS) == list(NAMES)


@pytest.mark.parametrize(("key", "name"), NAMES.items())
def test_one_click_signs_in_and_leads_home(client, demo, key, name):
    response = client.post("/demo/", {"person": key})
    assert (response.status_code, response["Location"]) == (302, "/home/")
    assert signed_in_as(client) == name
    row = AuditEvent.objects.filter(event="demo.signed_in").latest("pk")
    assert (row.about_label, row.details) == (name, {"key": key})


def test_from_the_welsh_page_it_leads_to_the_welsh_one(client, demo):
    assert client.post("/cy/demo/", {"person": "associate"})["Location"] == "/cy/home/"


def test_the_next_click_is_somebody_else(client, demo):
    client.post("/demo/", {"person": "manager"})
    before = client.session.session_key
    client.post("/demo/", {"person": "associate"})
    assert signed_in_as(client) == NAMES["associate"]
    assert client.session.session_key != before


def test_home_answers_to_everybody(client, demo):
    for key in NAMES:
        client.post("/demo/", {"person": key})
        assert client.get("/home/").status_code == 200, key


def test_looking_signs_nobody_in(client, demo):
    assert client.get("/demo/", {"person": "manager"}).status_code == 200
    assert signed_in_as(client) == ""


def test_a_post_from_elsewhere_is_refused(demo):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/demo/", {"person": "manager"}).status_code == 403
    assert signed_in_as(client) == ""


@pytest.mark.parametrize("data", [{}, {"person": ""}, {"person": "director"}, {"person": "MANAGER"}])
def test_an_unknown_key_says_so(client, demo, data):
    response = client.post("/demo/", data)
    assert response.status_code == 400
    assert "Choose one of the people on this page." in response.content.decode()
    assert signed_in_as(client) == ""


def test_a_key_whose_person_is_not_there_says_so(client, settings, monkeypatch, demo):
    """A demo that was switched on over another database finds nobody to be."""
    User.objects.filter(name=NAMES["manager"]).update(email="somebody@else.example")
    response = client.post("/demo/", {"person": "manager"})
    assert response.status_code == 400
    assert "This person is not in this database." in response.content.decode()
    assert NAMES["manager"] not in client.get("/demo/").content.decode()


def test_the_page_lists_everybody_with_role_and_organisation(client, demo):
    words = client.get("/demo/").content.decode()
    for name in NAMES.values():
        assert name.replace("'", "&#x27;") in words
    assert words.count('name="person"') == 8
    assert "Cardiff University" in words
    assert "Programme manager" in words


def test_the_command_prints_key_name_and_role(demo):
    said = StringIO()
    call_command("demo_people", stdout=said)
    lines = [line.split("\t") for line in said.getvalue().splitlines()]
    assert [(key, name) for key, name, _role in lines] == list(NAMES.items())
    assert lines[4][2] == "Coordinator, Torfaen"
    assert all(role for _key, _name, role in lines)


# --- In both languages ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["demo:people", "demo:mail-list"])
def test_the_pages_are_sound_in_both_languages(client, demo, settings, tmp_path, name):
    settings.MAILBOX = str(tmp_path)
    pages = {}
    for language in ("en", "cy"):
        with translation.override(language):
            path = reverse(name)
        pages[language] = client.get(path).content.decode()
        assert faults_of(pages[language], language=language) == []
    names = [*User.objects.values_list("name", flat=True), *Organisation.objects.values_list("name_cy", flat=True)]
    data = [*names, Programme.objects.get().contact_email, "INFUSE_MAILBOX", "make clean"]
    assert english_on(read(pages["cy"])[0], read(pages["en"])[0], pattern_of(data)) == []


@pytest.mark.parametrize(
    ("path", "day"), [("/", "Saturday 21 November 2026"), ("/cy/", "Dydd Sadwrn 21 Tachwedd 2026")]
)
def test_every_page_says_that_it_is_a_demo_and_what_day_it_is(client, demo, path, day):
    page = read(client.get(path).content.decode())[0]
    banner = next(element for element in page.all("div") if element.attributes.get("class") == "infuse-banner")
    assert day in banner.text()
    assert [link.attributes["href"] for link in banner.all("a")] == [f"{path}demo/"]


# --- The clock ------------------------------------------------------------------------------------------------------
def move(client, step, seen=TODAY, path="/demo/clock/"):
    return client.post(path, {"step": step, "seen": seen.isoformat() if isinstance(seen, date) else seen}, follow=True)


def days(first, count):
    return [(day, day) for day in (first + timedelta(days=offset) for offset in range(1, count + 1))]


@pytest.mark.parametrize(("step", "count"), [("day", 1), ("week", 7)])
def test_the_clock_moves_forward_and_runs_every_night_on_the_way(client, demo, nights, step, count):
    response = move(client, step)
    assert clock.today() == TODAY + timedelta(days=count)
    assert nights == days(TODAY, count)
    assert f"Nights run on the way: {count}." in response.content.decode()


def test_to_the_next_phase_of_any_cohort_that_is_not_over(client, demo, nights):
    until = Cohort.objects.get(slug="five").phases.get(kind="celebration").starts_on
    assert TODAY < until < Cohort.objects.get(slug="six").starts_on
    move(client, "phase")
    assert clock.today() == until
    assert nights == days(TODAY, (until - TODAY).days)


def test_a_second_click_from_the_same_page_moves_nothing(client, demo, nights):
    move(client, "day")
    response = move(client, "week", seen=TODAY)
    assert clock.today() == TODAY + timedelta(days=1)
    assert len(nights) == 1
    assert "had changed meanwhile" in response.content.decode()


def test_of_two_clicks_at_once_one_moves_the_clock(demo, monkeypatch):
    """The other one's first night finds that the clock has moved under it."""
    ran = []

    def run(on):
        ran.append(on)
        DemoClock.objects.update(days=40)

    monkeypatch.setattr(timetravel, "_run_night", run)
    assert timetravel.move_clock(seen=TODAY, until=TODAY + timedelta(days=7)) == 1
    assert ran == [TODAY + timedelta(days=1)]


@pytest.mark.parametrize("step", ["", "year", "-1", "back"])
def test_there_is_no_other_step_and_no_way_back(client, demo, nights, step):
    response = move(client, step)
    assert clock.today() == TODAY
    assert nights == []
    assert "The clock was not moved." in response.content.decode()


@pytest.mark.parametrize("seen", ["", "yesterday", "0001-01-01", "9999-12-31"])
def test_a_date_nobody_was_shown_moves_nothing(client, demo, nights, seen):
    assert move(client, "week", seen=seen).status_code == 200
    assert nights == []


def test_the_nights_are_real_ones_and_their_mail_is_sent_before_the_next_day(client, demo, mailoutbox):
    """To the next phase, seven weeks on: what a slow worker would find days late is sent on its own day."""
    move(client, "phase")
    assert clock.today() > TODAY + timedelta(weeks=6)
    # But for the one whose address does not work: theirs are held.
    people = Cohort.objects.get(slug="five").associates.filter(status="active").count() - 1
    sent = Message.objects.filter(about="cohorts.cohort:five", due_on__gt=TODAY)
    of_phases = sent.filter(kind__startswith="phase-")
    assert Counter(of_phases.values_list("kind", "state")) == {
        ("phase-ends-soon", "sent"): people,
        ("phase-starts", "sent"): people,
        ("phase-ends-soon", "held"): 1,
        ("phase-starts", "held"): 1,
    }
    assert set(sent.values_list("state", flat=True)) == {"sent", "held"}
    assert set(sent.filter(state="held").values_list("state_reason", flat=True)) == {"address"}
    assert len(mailoutbox) >= 2 * people
    assert NightRun.objects.filter(complete=True, on__gt=TODAY).count() == (clock.today() - TODAY).days


def test_a_night_waits_for_one_that_is_running(demo, monkeypatch):
    answers = [None, None, NightRun()]
    monkeypatch.setattr(timetravel.nightly, "run", lambda _on: answers.pop(0))
    timetravel._run_night(TODAY)
    assert answers == []


def test_without_a_further_phase_it_says_so(client, demo, nights):
    Cohort.objects.filter(slug__in=["five", "six"]).update(status="cancelled")
    response = move(client, "phase")
    assert "No cohort has a further phase" in response.content.decode()
    assert nights == []


def test_looking_at_the_clocks_address_is_not_moving_it(client, demo, nights):
    assert client.get("/demo/clock/").status_code == 405
    assert nights == []
