"""Does the crawl bite? Each plant makes a real page wrong, or hands a check something wrong; the crawl must say so.

docs/plants.md lists them. The browser's plants are in tests/crawl/test_browser_plants.py.
"""

import re
from dataclasses import replace

import pytest
from django.http import HttpResponseRedirect
from django.urls import path
from django.views.generic import View

from core import views as core_views
from core.verdicts import ALLOWED
from infuse import context
from infuse.views import CookiesPageView
from people.models import User
from people.queries import people as people_queries
from people.views.organisations import OrganisationAddPageView
from tests.crawl import checks
from tests.crawl.line import TEAM, Line
from tests.crawl.markup import faults_of, read
from tests.crawl.matrix import MATRIX
from tests.crawl.walk import Address, addresses, missing_lines
from tests.crawl.weight import weight_faults
from tests.crawl.words import english_among, english_on, pattern_of

pytestmark = pytest.mark.django_db

FOUND = {address.name: address for address in addresses()}


def crawl(check, world, name, line=None) -> list[str]:
    line = line or MATRIX[name]
    if check is checks.post_faults:
        return check(checks.posts(world, FOUND[name], line, {"name": "x"}), line)
    return check(checks.gets(world, FOUND[name], line), line)


def answers_of(world, name, role):
    return checks.gets(world, FOUND[name], MATRIX[name], [role])[role]


# --- The matrix -----------------------------------------------------------------------------------------------------


def test_an_address_without_a_line_is_seen():
    planted = addresses([path("plant/", View.as_view(), name="plant"), path("bare/", View.as_view())])
    assert missing_lines(planted, {}) == [
        "(bare/) has no line in tests/crawl/matrix.py",
        "plant has no line in tests/crawl/matrix.py",
    ]


def test_a_line_without_an_address_is_seen():
    assert missing_lines([], {"plant": MATRIX["pages:front"]}) == [
        "plant has a line in tests/crawl/matrix.py but no address"
    ]


def test_a_wrong_line_is_seen(world):
    assert not crawl(checks.status_faults, world, "pages:cookies")
    assert crawl(checks.status_faults, world, "pages:cookies", Line(TEAM))


@pytest.mark.parametrize("name", [name for name, line in MATRIX.items() if line.shows and (line.post or line.query)])
def test_a_second_step_that_shows_the_first_is_seen(name, world):
    address = Address(name, View.as_view(), True)
    first = replace(MATRIX[name], query="", post=None)
    if name == "people:role-end last":
        first = replace(first, at=MATRIX["people:role-end"].at, but=MATRIX["people:role-end"].but)
    faults = checks.status_faults(checks.gets(world, address, first), first)
    assert faults
    assert all("is another page" in fault for fault in faults)


def test_a_door_left_open_is_seen(world, monkeypatch):
    monkeypatch.setattr(OrganisationAddPageView, "get_verdict", lambda _view: ALLOWED)
    faults = crawl(checks.status_faults, world, "people:organisation-add")
    assert any("as coach: 200, the matrix says 403" in fault for fault in faults)


def test_a_list_that_shows_other_peoples_people_is_seen(world, monkeypatch):
    monkeypatch.setattr(people_queries, "visible_to", lambda _user, _today: User.objects.all())
    faults = crawl(checks.status_faults, world, "people:person-detail")
    assert any("as other_coordinator: 200, the matrix says 404" in fault for fault in faults)


def test_a_post_that_gets_further_than_a_get_is_seen(world, monkeypatch):
    asked = OrganisationAddPageView.get_verdict

    def only_gets_ask(view):
        return ALLOWED if view.request.method == "POST" else asked(view)

    monkeypatch.setattr(OrganisationAddPageView, "get_verdict", only_gets_ask)
    assert not crawl(checks.status_faults, world, "people:organisation-add")
    faults = crawl(checks.post_faults, world, "people:organisation-add")
    assert any(fault.startswith("POST /organisations/new/ as coach") for fault in faults)


def test_a_way_in_that_forgets_the_page_or_the_language_is_seen(world, monkeypatch):
    assert not crawl(checks.way_in_faults, world, "people:account")
    monkeypatch.setattr(core_views, "redirect_to_login", lambda _path: HttpResponseRedirect("/sign-in/"))
    assert len(crawl(checks.way_in_faults, world, "people:account")) == 2


# --- Words ----------------------------------------------------------------------------------------------------------


def test_an_untranslated_title_is_seen(world, monkeypatch):
    def faults():
        found = checks.language_faults(world, answers_of(world, "pages:cookies", "anonymous"))
        return [fault for fault in found if "Crumbs" in fault]

    assert not faults()
    monkeypatch.setattr(CookiesPageView, "page_title", "Crumbs everywhere")
    assert faults()


@pytest.mark.parametrize(
    ("welsh", "english", "faulty"),
    [
        ("Croeso i bawb", "Welcome all", False),
        ("Welcome all", "Welcome all", True),  # the same in both
        ("Mared Qwist", "Mared Qwist", False),  # data
        ("Cohort: Mared Qwist", "Cohort: Mared Qwist", True),  # a label that nobody translated, beside data
        ("Dewiswch the phase", "Choose a phase", True),  # an English word
        ("Welsh", "Cymraeg", True),  # an English text of the catalogue, though the English page says another
        ("12:30", "12:30", False),
    ],
)
def test_english_among_welsh_is_seen(welsh, english, faulty):
    assert bool(english_among([welsh], [english], pattern_of(["Mared Qwist"]))) is faulty


@pytest.mark.parametrize(
    "html",
    [
        "<p>Save everything</p>",
        '<img alt="Save everything">',
        '<input aria-label="Save everything">',
        '<input type="submit" value="Save everything">',
        '<meta name="description" content="Save everything">',
        "<title>Save everything</title>",
    ],
)
def test_english_is_seen_wherever_it_is_shown_or_read_out(html):
    page = read(html)[0]
    assert english_on(page, page, pattern_of([]))


def test_english_that_is_marked_as_english_is_meant():
    page = read('<p lang="en">Save everything</p>')[0]
    assert not english_on(page, page, pattern_of([]))


# --- Markup and the toggle ------------------------------------------------------------------------------------------

SOUND = """<!doctype html><html lang="en"><head><title>T</title></head><body><main><h1>H</h1>{}</main></body></html>"""


def test_a_sound_page_passes():
    assert faults_of(SOUND.format(""), language="en") == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>x", "closes <p>"),
        ("</p>", "closes <main>"),
        ('<p id="a"></p><p id="a"></p>', "occurs 2 times"),
        ('<p class="a" class="b"></p>', "class twice"),
        ("<h3>x</h3>", "follows h1"),
        ("<h2></h2>", "an empty h2"),
        ("<h1>x</h1>", "2 first headings"),
        ('<input name="a">', "no label"),
        ('<label for="a"></label><input id="a">', "no label"),
        ('<label for="b">x</label>', "points at 'b'"),
        ('<p aria-describedby="b">x</p>', "points at 'b'"),
        ('<a href="#b">x</a>', "not on the page"),
        ("<a>x</a>", "leads nowhere"),
        ('<a href="/"></a>', "says nothing"),
        ('<img src="x">', "no alt"),
        ("<button></button>", "says nothing"),
        ('<p style="color:red">x</p>', "inline"),
        ('<p onclick="x()">x</p>', "inline"),
        ("<script>x</script>", "inline"),
        ("<form></form>", "cannot be sent"),
        ('<form method="post"><button>x</button></form>', "without a token"),
        ("<form><button>x</button><form><button>x</button></form></form>", "inside another form"),
        ("<table></table>", "no caption"),
        ("<table><caption>x</caption><tr><th>x</th></tr></table>", "no scope"),
    ],
)
def test_unsound_markup_is_seen(html, said):
    assert any(said in fault for fault in faults_of(SOUND.format(html), language="en"))


def test_the_wrong_language_of_a_page_is_seen():
    assert faults_of(SOUND.format(""), language="cy") == ["the page says lang='en', and is cy"]


def test_a_toggle_that_leads_elsewhere_is_seen(world, monkeypatch):
    def faults():
        return checks.toggle_faults(answers_of(world, "pages:cookies", "manager"))

    assert not faults()
    monkeypatch.setattr(context.Frame, "other_url", "/cy/")
    assert len(faults()) == 4


# --- Weight ---------------------------------------------------------------------------------------------------------


def test_a_heavy_page_is_seen():
    page = SOUND.format("")
    assert not weight_faults(page.encode())
    words = " ".join(str(number**7) for number in range(10_000))
    assert len(weight_faults(page.replace("<h1>H</h1>", f"<h1>H</h1><p>{words}</p>").encode())) == 2


def test_a_page_that_asks_for_a_file_that_is_not_there_is_seen():
    with pytest.raises(AssertionError, match=re.escape("/static/plant.css, which is not there")):
        weight_faults(b'<link rel="stylesheet" href="/static/plant.css">')


def test_a_monolingual_address_is_walked_once():
    assert Address("plant", View.as_view(), False).languages == ("en",)
