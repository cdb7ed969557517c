"""Does the browser's crawl bite? Something is planted in a sound page once it has loaded."""

import pytest

from tests.conftest import collect_console_errors
from tests.crawl.browsing import faults_in_browser, words_differ

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

PLANTS = {
    "a picture without words": ("image-alt", "document.querySelector('main').innerHTML += '<img src=\"data:,\">'"),
    "a field without a label": ("label", "document.querySelector('main').innerHTML += '<input>'"),
    "grey on white": (
        "color-contrast",
        "const p = document.createElement('p'); p.textContent = 'planted words'; p.style.color = '#bbb';"
        "p.style.background = '#fff'; document.querySelector('h1').after(p)",
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
    assert not faults_in_browser(page, f"{served_world[1]}/cookies/", collect_console_errors(page), {})


@pytest.mark.parametrize("plant", PLANTS)
def test_a_plant_in_the_browser_is_seen(plant, served_world, visit):
    said, script = PLANTS[plant]
    page = visit("anonymous")
    errors = collect_console_errors(page)
    page.add_init_script(f"addEventListener('load', () => {{ {script} }})")
    faults = faults_in_browser(page, f"{served_world[1]}/cookies/", errors, {})
    assert any(said in fault for fault in faults), faults


def test_words_that_need_script_are_seen(served_world, visit):
    _world, url = served_world
    page = visit("anonymous")
    page.add_init_script("addEventListener('load', () => { document.body.append('planted') })")
    assert words_differ(page, visit("anonymous", script=False), f"{url}/cookies/")
