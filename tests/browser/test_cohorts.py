"""The two journeys of the foundation: a cohort by keyboard alone, and the next date from sign-in."""

import time
from datetime import date

import pytest

from cohorts.models import Cohort
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THREE_MINUTES = 180
FAR_ENOUGH = 60


def tab_to(page, label):
    """Press Tab until the thing with this accessible name has the focus; fail when it cannot be reached."""
    for _unused in range(FAR_ENOUGH):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement;
                return (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText || '').trim(); }"""
        )
        if found.removesuffix(" (optional)") == label:
            return
    pytest.fail(f"“{label}” cannot be reached with the keyboard.")


def write(page, label, text):
    """Go to a box and write into it, in place of what is there."""
    tab_to(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def follow(page, label):
    """Go to a link or a button and press Enter."""
    tab_to(page, label)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_manager_creates_a_cohort_by_keyboard_alone(live_server, sign_in, manager, today):
    ProgrammeFactory()
    page = sign_in(manager)
    page.goto(f"{live_server.url}/home/")
    began = time.monotonic()
    follow(page, "Cohorts")
    follow(page, "New cohort")
    write(page, "Name in English", "Cohort Seven")
    write(page, "Name in Welsh", "Carfan Saith")
    write(page, "First day", "7 September 2026")
    write(page, "Places", "20")
    follow(page, "Work out the dates")
    write(page, "Celebration: last day", "5 March 2027")
    follow(page, "Create cohort")
    assert time.monotonic() - began < THREE_MINUTES
    assert page.locator("h1").inner_text() == "Cohort Seven"
    cohort = Cohort.objects.get()
    assert (cohort.starts_on, cohort.last_day) == (date(2026, 9, 7), date(2027, 3, 5))


def test_the_associate_finds_the_next_date_in_one_click_from_sign_in(live_server, sign_in, associate, today):
    page = sign_in(associate)
    page.goto(f"{live_server.url}/home/")
    assert page.get_by_text("Monday 6 April 2026").is_visible()  # without any click
    page.get_by_role("link", name="My journey, with every date").click()
    assert page.get_by_role("heading", name="My journey").is_visible()
    assert page.get_by_text("Monday 6 April 2026").first.is_visible()


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_nothing_is_wider_than_the_page(live_server, sign_in, manager, associate, today, language, width):
    row = associate.associates.get()
    page = sign_in(manager)
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/home/",
        "/cohorts/",
        f"/cohorts/{row.cohort.slug}/",
        f"/cohorts/{row.cohort.slug}/dates/",
        f"/cohorts/{row.cohort.slug}/associates/import/",
        f"/cohorts/{row.cohort.slug}/associates/{associate.reference}/",
        "/reports/welsh/",
        "/programme/",
    ):
        page.goto(f"{live_server.url}{language}{path}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, (path, over)


def test_without_javascript_everything_works(live_server, browser, manager, today):
    ProgrammeFactory()
    CohortFactory(name_en="Cohort Qix")
    from django.conf import settings  # noqa: PLC0415 (Django must be set up)

    from tests.signing_in import session_cookie  # noqa: PLC0415 (as above)

    context = browser.new_context(java_script_enabled=False)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_cookie(manager), "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/cohorts/new/")
    page.get_by_label("Name in English").fill("Cohort QIX")
    page.get_by_label("Name in Welsh").fill("Carfan Saith")
    page.get_by_label("First day").fill("7/9/2026")
    page.get_by_label("Places").fill("20")
    page.get_by_role("button", name="Work out the dates").click()
    assert page.get_by_role("link", name="Name in English: Another cohort already has this name").is_visible()
    page.get_by_role("button", name="Cymraeg").click()  # the other language, and back, with what was typed
    assert page.get_by_label("Diwrnod cyntaf").input_value() == "7/9/2026"
    page.get_by_role("button", name="English").click()
    page.get_by_label("Name in English").fill("Cohort Seven")
    page.get_by_role("button", name="Work out the dates").click()
    page.get_by_role("button", name="Create cohort").click()
    assert page.locator("h1").inner_text() == "Cohort Seven"
    context.close()


def test_a_long_cohort_page_prints_its_timeline_and_not_its_buttons(live_server, sign_in, manager, today):
    cohort = CohortFactory(status="running")
    AssociateFactory(cohort=cohort, status="active")
    page = sign_in(manager)
    page.emulate_media(media="print")
    page.goto(f"{live_server.url}/cohorts/{cohort.slug}/")
    assert page.locator(".timeline__picture--wide").is_visible()
    assert not page.get_by_role("heading", name="Next steps for this cohort").is_visible()
