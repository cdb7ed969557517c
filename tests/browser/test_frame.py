"""The frame as people meet it: keyboard, narrow screen, paper, no script, both languages."""

from pathlib import Path

import axe_playwright_python
import pytest

from tests.core.conftest import pages
from tests.factories.cohorts import CohortFactory

__all__ = ["pages"]  # a fixture: the pages of tests/core/pages.py

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
    return found.violations.map(fault => fault.id + ": " + fault.nodes.map(node => node.target.join(" ")).join("; "));
}"""
PUBLIC = ["/", "/accessibility/", "/privacy/", "/cookies/", "/sign-in/"]
BOTH = [prefix + path for prefix in ("", "/cy") for path in PUBLIC]
TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def programme(transactional_db, today):
    """A programme whose funder is named, with a cohort that recruits."""
    cohort = CohortFactory(status="recruiting", recruitment_opens_on=today, recruitment_until=today.replace(month=4))
    programme = cohort.programme
    programme.funder_en, programme.funder_cy, programme.funder_ends_on = "The Zhill Fund", "Cronfa Zhill", None
    programme.save()
    return programme


@pytest.fixture
def unscripted(browser, browser_context_args):
    """A page without JavaScript."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_public_pages_have_no_axe_violation(page, live_server, programme):
    page.add_init_script(AXE)
    faults = []
    for path in BOTH:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(live_server.url + path)
            faults += [f"{path} at {width}: {fault}" for fault in page.evaluate(RUN_AXE)]
    assert not faults, "\n".join(faults)


def test_pages_reflow_at_320_pixels_which_is_400_percent(page, live_server, programme):
    page.set_viewport_size({"width": 320, "height": 256})
    for path in BOTH:
        page.goto(live_server.url + path)
        assert not page.evaluate(TOO_WIDE), path


def test_larger_letters_do_not_break_the_page(page, live_server, programme):
    """Text alone at 200% (WCAG 1.4.4), on a phone."""
    page.set_viewport_size({"width": 375, "height": 800})
    for path in BOTH:
        page.goto(live_server.url + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate(TOO_WIDE), path


def test_first_tab_is_the_skip_link_and_it_skips(page, live_server, programme):
    page.goto(live_server.url + "/cy/cookies/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Neidio i’r prif gynnwys"
    assert focused.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_everything_in_reach_of_tab_shows_where_the_focus_is(page, live_server, sign_in, manager, programme):
    CohortFactory()
    sign_in(manager)
    page.goto(live_server.url + "/people/new/")
    look = """() => { const now = document.activeElement, style = getComputedStyle(now);
        return [now.tagName + "." + now.className,
            style.backgroundColor + style.boxShadow + style.outlineStyle + style.outlineColor + style.borderColor]; }"""
    seen = 0
    for _unused in range(60):
        page.keyboard.press("Tab")
        name, focused = page.evaluate(look)
        if name.startswith("BODY"):
            break
        page.evaluate("window.was = document.activeElement; window.was.blur()")
        _name, plain = page.evaluate(
            f"() => {{ {look.partition('{')[2].replace('document.activeElement', 'window.was')}"
        )
        page.evaluate("window.was.focus()")
        if "radios__input" not in name and "checkboxes__input" not in name:  # their ring is on the label
            assert focused != plain, name
        seen += 1
    assert seen > 15


def test_menu_and_cohort_switcher_work_without_a_script(unscripted, live_server, manager, programme, today):
    from tests.signing_in import session_cookie  # noqa: PLC0415 (needs Django set up)

    other = CohortFactory()
    unscripted.context.add_cookies(
        [{"name": "infuse_session", "value": session_cookie(manager), "url": live_server.url}]
    )
    unscripted.goto(live_server.url + "/people/")
    switcher = unscripted.locator("details.infuse-switcher")
    assert not switcher.get_by_role("link").first.is_visible()
    switcher.locator("summary").focus()
    unscripted.keyboard.press("Enter")
    assert switcher.get_by_role("link", name=other.name_en).is_visible()
    unscripted.set_viewport_size({"width": 320, "height": 640})
    assert not unscripted.locator("body").evaluate("() => document.documentElement.scrollWidth > window.innerWidth")


def test_toggle_keeps_page_query_and_typed_values_without_a_script(pages, unscripted, live_server, programme):
    page = unscripted
    page.goto(live_server.url + "/notes/?from=a")
    page.get_by_label("Name").fill("Élin Ŵyn")
    page.get_by_label("Green").check()
    page.get_by_label("On").fill("4 o Fai 2021")
    page.get_by_role("button", name="Cymraeg").click()
    assert page.url == live_server.url + "/cy/notes/?from=a"
    assert page.locator("html").get_attribute("lang") == "cy"
    assert page.get_by_label("Enw").input_value() == "Élin Ŵyn"
    assert page.get_by_label("Green").is_checked()
    assert page.get_by_label("On").input_value() == "4 o Fai 2021"
    assert page.locator(".govuk-error-summary").count() == 0
    page.get_by_role("button", name="English").click()
    assert page.url == live_server.url + "/notes/?from=a"
    assert page.get_by_label("Name").input_value() == "Élin Ŵyn"


def test_return_in_a_field_sends_the_form_and_not_the_toggle(pages, page, live_server, programme):
    page.goto(live_server.url + "/notes/")
    page.get_by_label("Name").press("Enter")
    assert page.url == live_server.url + "/notes/"
    assert page.locator(".govuk-error-summary").is_visible()


def test_toggle_before_and_after_signing_in(page, live_server, sign_in, manager, programme):
    page.goto(live_server.url + "/sign-in/?next=/people/")
    page.get_by_role("textbox").fill("somebody@qarth.example")
    page.get_by_role("button", name="Cymraeg").click()
    assert page.url == live_server.url + "/cy/sign-in/?next=/people/"
    assert page.get_by_role("textbox").input_value() == "somebody@qarth.example"
    sign_in(manager)
    page.goto(live_server.url + "/cy/people/?sort=-name")
    page.get_by_role("link", name="English").click()
    assert page.url == live_server.url + "/people/?sort=-name"


def test_error_summary_has_the_focus_and_leads_to_the_field(pages, page, live_server, programme):
    page.goto(live_server.url + "/notes/")
    page.get_by_role("button", name="Save").click()
    assert page.title() == "Error: Name – Infuse"
    summary = page.locator(".govuk-error-summary")
    assert summary.evaluate("summary => summary === document.activeElement")
    summary.get_by_role("link", name="Shade").click()
    assert page.evaluate("document.activeElement.id") == "id_shade_0"


def test_error_pages_are_as_accessible_as_the_rest(
    pages, page, live_server, sign_in, nobody, programme, console_errors
):
    sign_in(nobody)
    page.add_init_script(AXE)
    for prefix in ("", "/cy"):
        for path, status in (
            ("/nothing/", 404),
            ("/shelf/locked/", 403),
            ("/press/", 405),
            ("/broken/unreadable/", 400),
            ("/broken/badly/", 500),
        ):
            assert page.goto(live_server.url + prefix + path).status == status
            assert page.evaluate(RUN_AXE) == [], path
            page.set_viewport_size({"width": 320, "height": 640})
            assert not page.evaluate(TOO_WIDE), path
    console_errors.clear()  # Chromium names each answer of 400 and above


def test_on_paper_there_is_the_page_and_no_buttons(page, live_server, programme):
    page.goto(live_server.url + "/")
    page.emulate_media(media="print")
    for gone in (".infuse-toggle", ".infuse-banner", ".front-hero__actions", ".govuk-skip-link"):
        assert not page.locator(gone).is_visible(), gone
    assert page.get_by_role("heading", level=1).is_visible()
    dark = """() => [...document.querySelectorAll("body, body *")].filter(element => {
        const style = getComputedStyle(element), colour = style.backgroundColor.match(/[\\d.]+/g).map(Number);
        return element.checkVisibility() && (colour[3] ?? 1) > 0.5 && colour[0] + colour[1] + colour[2] < 380; })
        .map(element => element.className)"""
    assert page.evaluate(dark) == []
    pale = """() => [...document.querySelectorAll("h1, h2, h3, p, li, dt, dd, a")].filter(element => {
        const colour = getComputedStyle(element).color.match(/[\\d.]+/g).map(Number);
        return element.checkVisibility() && element.innerText && colour[0] + colour[1] + colour[2] > 420; })
        .map(element => element.className + ": " + element.innerText)"""
    assert page.evaluate(pale) == []
