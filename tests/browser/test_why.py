"""In three clicks from the home page: why did this person not get that message?"""

import pytest

from infuse.devdata.build import load
from tests.conftest import stop_the_clock
from tests.infuse.the_demo import TODAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Left Cohort Five in its ninth week (demo.toml); its Experiment phase began in the fourteenth.
WHO = "Callum Finchley-Rowe"


@pytest.fixture
def demo(settings, monkeypatch, tmp_path):
    """The demo, loaded and switched on."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.crawl.demo_urls"
    settings.MAILBOX = str(tmp_path / "mail")
    stop_the_clock(monkeypatch, TODAY)
    load(TODAY)


@pytest.mark.parametrize(
    ("prefix", "cohort", "messages", "kind", "words"),
    [
        (
            "",
            "Cohort Five",
            "Messages: sent, to come, and why",
            "A phase starts",
            (
                "Monday 26 October 2026",
                "Experiment",
                "Was not sent",
                "The person neither had a place nor took part on that day.",
                "Status on that day: Left",
                "The first day of a phase: 27 October 2026",
                "Working days before: 1",
                "The usual rule; nobody has changed it.",
            ),
        ),
        (
            "/cy",
            "Carfan Pump",
            "Negeseuon: a anfonwyd, i ddod, a pham",
            "Cyfnod yn dechrau",
            (
                "Dydd Llun 26 Hydref 2026",
                "Arbrofi",
                "Ni chafodd ei hanfon",
                "Nid oedd gan y person le ac nid oedd yn cymryd rhan ar y diwrnod hwnnw.",
                "Statws ar y diwrnod hwnnw: Wedi gadael",
                "27 Hydref 2026",
                "Diwrnodau gwaith cyn hynny: 1",
                "Y rheol arferol; nid oes neb wedi’i newid.",
            ),
        ),
    ],
    ids=["English", "Welsh"],
)
def test_why_somebody_did_not_get_a_message(demo, live_server, page, prefix, cohort, messages, kind, words):
    page.goto(f"{live_server.url}{prefix}/demo/")
    page.locator("button[name=person][value=manager], form:has([name=person][value=manager]) button").first.click()
    page.wait_for_url(f"**{prefix}/home/")
    main = page.locator("main")
    for link in (cohort, WHO, messages):
        with page.expect_navigation():
            main.get_by_role("link", name=link, exact=True).first.click()
    assert page.locator("h1").inner_text() == WHO
    table = page.get_by_role("table", name=kind)
    [row] = [text for text in table.get_by_role("row").all_inner_texts() if words[0] in text]
    for said in words:
        assert said in row
