"""In a real browser: every page × the roles that may see it × both languages.

No accessibility fault (axe: WCAG 2.0 to 2.2, A and AA), nothing in the console (which is also where the content
security policy complains), no sideways scrolling at 320 pixels, and the same words without JavaScript.
"""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings

from tests.conftest import collect_console_errors
from tests.crawl.checks import client_for
from tests.crawl.matrix import MATRIX, OPEN, ROLES
from tests.crawl.walk import LANGUAGES, listed, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

LISTED = [address for address in listed(MATRIX) if address.bilingual]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The page's own policy forbids foreign scripts; this one is there before the page is.
RUN_AXE = """async () => {
    const found = await axe.run(document, {
        runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
        resultTypes: ["violations"],
    });
    return found.violations.map(fault => `${fault.id}: ${fault.nodes.map(node => node.target.join(" ")).join("; ")}`);
}"""
TOO_WIDE = """() => {
    const width = document.documentElement.scrollWidth;
    return width > window.innerWidth ? `is ${width} pixels wide on a screen of ${window.innerWidth}` : null;
}"""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
# What anybody may read without script: the words as they stand, line breaks aside.
WORDS = "() => document.body.innerText.replace(/\\s+/g, ' ').trim()"


@pytest.fixture(scope="module")
def cookies(served_world):
    """Role → the cookie of a session of that person."""
    world, url = served_world
    return {
        role: {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client_for(world, role).session.session_key,
            "url": url,
        }
        for role in ROLES
        if role != "anonymous"
    }


@pytest.fixture
def visit(served_world, cookies, browser, browser_context_args):
    """`with` a page signed in as a role: `visit(role)`; script=False turns JavaScript off."""
    contexts = []

    def enter(role, *, script=True):
        context = browser.new_context(**browser_context_args, viewport=WIDE, java_script_enabled=script)
        contexts.append(context)
        if role != "anonymous":
            context.add_cookies([cookies[role]])
        if script:
            context.add_init_script(AXE)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield enter
    for context in contexts:
        context.close()


def pages_of(world, role: str, language: str) -> Iterator[str]:
    """The paths that a role may open in a language."""
    for address in LISTED:
        line = MATRIX[address.name]
        if line.status(role) == OPEN and not line.download:
            yield path_of(address.name, line.kwargs(world), language)


def faults_in_browser(page, address: str, errors: list[str]) -> list[str]:
    """What is wrong with one page as a browser sees it; `errors` fills with what its console says."""
    page.set_viewport_size(WIDE)
    answer = page.goto(address)
    faults = [] if answer and answer.ok else [f"answers {answer and answer.status}"]
    faults += page.evaluate(RUN_AXE)
    page.set_viewport_size(NARROW)
    too_wide = page.evaluate(TOO_WIDE)
    return faults + ([too_wide] if too_wide else []) + [f"console: {error}" for error in errors]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_in_the_browser(role, language, served_world, visit):
    world, url = served_world
    page = visit(role)
    errors = collect_console_errors(page)
    faults = []
    for path in pages_of(world, role, language):
        errors.clear()
        faults += [f"{path} as {role}: {fault}" for fault in faults_in_browser(page, url + path, errors)]
    assert not faults, "\n".join(faults)


def words_differ(with_script, without, address: str) -> bool:
    """Whether a page says something else without script."""
    said = []
    for page in (with_script, without):
        page.goto(address)
        said.append(page.evaluate(WORDS))
    return said[0] != said[1]


@pytest.mark.parametrize("role", ["anonymous", "manager", "associate"])
def test_the_same_words_without_script(role, served_world, visit):
    world, url = served_world
    with_script, without = visit(role), visit(role, script=False)
    faults = []
    for path in pages_of(world, role, "cy"):
        if words_differ(with_script, without, url + path):
            faults.append(f"{path} as {role} says less, or more, without script")
    assert not faults, "\n".join(faults)


# --- Plants ---------------------------------------------------------------------------------------------------------

PLANTS = {
    "a picture without words": ("image-alt", "document.querySelector('main').innerHTML += '<img src=\"data:,\">'"),
    "a field without a label": ("label", "document.querySelector('main').innerHTML += '<input>'"),
    "grey on white": (
        "color-contrast",
        "const p = document.createElement('p'); p.textContent = 'x'; p.style.color = '#bbb';"
        "p.style.background = '#fff'; document.querySelector('main').append(p)",
    ),
    "a small target": (
        "target-size",
        "document.querySelector('main').innerHTML += '<div><button>a</button><button>b</button></div>';"
        "document.querySelectorAll('main button').forEach(b => {"
        "b.style.cssText = 'width:9px;height:9px;padding:0;margin:0;border:0'})",
    ),
    "no language": ("html-has-lang", "document.documentElement.removeAttribute('lang')"),
    "a wide thing": ("pixels wide", "document.querySelector('main').style.minWidth = '2000px'"),
    "a complaint": ("console: planted", "console.error('planted')"),
    "a script of somebody else": (
        "console: ",
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'x = 1'}))",
    ),
}


def test_a_sound_page_passes(served_world, visit):
    page = visit("anonymous")
    errors = collect_console_errors(page)
    assert not faults_in_browser(page, f"{served_world[1]}/cookies/", errors)


@pytest.mark.parametrize("plant", PLANTS)
def test_a_plant_in_the_browser_is_seen(plant, served_world, visit):
    said, script = PLANTS[plant]
    page = visit("anonymous")
    errors = collect_console_errors(page)
    page.add_init_script(f"addEventListener('load', () => {{ {script} }})")
    faults = faults_in_browser(page, f"{served_world[1]}/cookies/", errors)
    assert any(said in fault for fault in faults), faults


def test_words_that_need_script_are_seen(served_world, visit):
    _world, url = served_world
    page = visit("anonymous")
    page.add_init_script("addEventListener('load', () => { document.body.append('planted') })")
    assert words_differ(page, visit("anonymous", script=False), f"{url}/cookies/")
