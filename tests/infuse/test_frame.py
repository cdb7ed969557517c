"""The frame of every page: who may go where, the cohorts, the funder, and what it costs."""

import gzip
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.cohorts import CohortFactory

PUBLIC = ["/", "/accessibility/", "/privacy/", "/cookies/"]
BOTH = [prefix + path for prefix in ("", "/cy") for path in PUBLIC]


def queries(client, path) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def labels(response) -> list[str]:
    return [str(item.label) for item in response.context["frame"].navigation]


# --- Public pages ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", BOTH)
def test_public_pages_are_open_light_and_strict(db, client, path):
    response = client.get(path)
    page = response.content
    assert response.status_code == 200
    assert len(gzip.compress(page)) <= 15_000
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.count(b"<h1") == 1


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_ask_the_database_at_most_twice(db, client, path):
    CohortFactory(status="recruiting")
    assert queries(client, path) <= 2


def test_front_page_shows_the_open_recruitment(db, client, today):
    cohort = CohortFactory(
        status="recruiting",
        starts_on=today + timedelta(days=60),
        recruitment_opens_on=today,
        recruitment_until=today + timedelta(days=30),
    )
    page = client.get("/").content.decode()
    assert "Recruiting now" in page
    assert cohort.name_en in page
    assert "Thursday 9 April 2026" in page  # the last day, not the first day after
    welsh = client.get("/cy/").content.decode()
    assert cohort.name_cy in welsh
    assert "Dydd Iau 9 Ebrill 2026" in welsh


@pytest.mark.parametrize(
    "window",
    [{"recruitment_opens_on": 1, "recruitment_until": 30}, {"recruitment_opens_on": -30, "recruitment_until": 0}],
)
def test_front_page_is_silent_outside_the_window(db, client, today, window):
    days = {name: today + timedelta(days=offset) for name, offset in window.items()}
    CohortFactory(status="recruiting", starts_on=today + timedelta(days=60), **days)
    page = client.get("/").content.decode()
    assert "Recruiting now" not in page
    assert "No cohort is recruiting at the moment" in page


def test_front_page_works_before_anything_is_set_up(db, client):
    assert client.get("/").status_code == 200


# --- Funder and contact ---------------------------------------------------------------------------------------------
def test_funder_is_named_up_to_and_including_the_last_day(db, client, today):
    programme = CohortFactory().programme
    programme.funder_en, programme.funder_cy = "The Zhill Fund", "Cronfa Zhill"
    for last_day, named in ((today, True), (today - timedelta(days=1), False), (None, True)):
        programme.funder_ends_on = last_day
        programme.save()
        assert ("The Zhill Fund" in client.get("/cookies/").content.decode()) is named
        assert ("Cronfa Zhill" in client.get("/cy/cookies/").content.decode()) is named


def test_contact_is_on_every_page(db, client):
    programme = CohortFactory().programme
    assert f"mailto:{programme.contact_email}" in client.get("/cookies/").content.decode()


# --- Navigation and cohorts -----------------------------------------------------------------------------------------
def test_visitors_have_no_menu(db, client):
    page = client.get("/cookies/").content.decode()
    assert "infuse-nav" not in page
    assert 'href="/sign-in/"' in page


@pytest.mark.parametrize(
    ("role", "has", "has_not"),
    [
        ("manager", {"Home", "Cohorts", "People", "Organisations", "Messages", "Welsh texts"}, set()),
        ("administrator", {"Home", "Cohorts", "People", "Organisations", "Messages", "Welsh texts"}, set()),
        ("coordinator", {"Home", "Cohorts", "People"}, {"Organisations", "Messages"}),
        ("coach", {"Cohorts"}, {"People", "Organisations"}),
        ("lab_lead", {"Cohorts"}, {"People", "Organisations"}),
        ("associate", {"Home"}, {"Cohorts", "People", "Organisations"}),
        ("nobody", {"Home"}, {"Cohorts", "People", "Organisations"}),
    ],
)
def test_menu_is_the_roles_and_everything_in_it_opens(client_as, person_as, role, has, has_not):
    client = client_as(person_as(role))
    response = client.get("/cookies/")
    assert has <= set(labels(response))
    assert not has_not & set(labels(response))
    for item in response.context["frame"].navigation:
        assert client.get(item.url).status_code == 200, item.label


def test_menu_says_where_the_reader_is(client_as, manager):
    client = client_as(manager)
    assert 'href="/people/" aria-current="page"' in client.get("/people/").content.decode()
    assert 'href="/people/" aria-current="true"' in client.get("/people/new/").content.decode()


def test_cohorts_are_switched_without_a_script_and_only_where_there_are_two(client_as, manager):
    first = CohortFactory()
    client = client_as(manager)
    assert "infuse-switcher" not in client.get("/people/").content.decode()
    second = CohortFactory()
    page = client.get("/cy/people/").content.decode()
    assert '<details class="infuse-switcher">' in page
    for cohort in (first, second):
        assert f'href="/cy/cohorts/{cohort.slug}/"' in page


def test_the_switcher_ends_after_the_newest_and_leads_to_the_rest(client_as, manager):
    cohorts = [CohortFactory() for _unused in range(12)]
    oldest, newest = cohorts[0], cohorts[-1]
    client = client_as(manager)
    page = client.get("/cookies/").content.decode()
    assert page.count("infuse-switcher__link") == 11
    assert f'href="/cohorts/{newest.slug}/"' in page
    assert f'href="/cohorts/{oldest.slug}/"' not in page
    assert "All cohorts</a>" in page
    summary = client.get(f"/cohorts/{oldest.slug}/").content.decode().split("infuse-switcher__summary")[1]
    assert oldest.name_en in summary.split("</summary>")[0]


def test_frame_costs_the_same_however_many_cohorts(client_as, manager):
    client = client_as(manager)
    CohortFactory()
    few = queries(client, "/cookies/")
    for _unused in range(4):
        CohortFactory()
    assert queries(client, "/cookies/") == few <= 5


# --- Sign out -------------------------------------------------------------------------------------------------------
def test_sign_out_is_a_button_on_every_page(client_as, manager):
    client = client_as(manager)
    assert 'action="/cy/sign-out/"' in client.get("/cy/people/").content.decode()
    client.post("/sign-out/")
    assert client.get("/people/").status_code == 302
    assert settings.SESSION_COOKIE_NAME == "infuse_session"
