"""The demo in a real browser: who is who, a step of the clock, and the mail it brings; both languages, no faults."""

import mailbox
import re
from pathlib import Path

import pytest

from infuse.devdata.build import load
from tests.conftest import collect_console_errors, stop_the_clock
from tests.crawl.browsing import AXE, faults_in_browser
from tests.infuse.the_demo import TODAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def demo(settings, monkeypatch, tmp_path):
    """The demo, loaded and switched on; mail goes to files, and one message of each kind lies in the mailbox."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.crawl.demo_urls"
    settings.MAILBOX = str(tmp_path / "mail")
    stop_the_clock(monkeypatch, TODAY)
    load(TODAY)
    mailbox.Maildir(settings.MAILBOX).add(
        b"From: Infuse <no-reply@infuse.example>\r\nTo: mari@torfaen.example\r\nSubject: Helo / Hello\r\n"
        b"Content-Language: cy, en\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + b"Helo http://localhost/" + b"hir" * 60 + b"\r\n"
    )  # fmt: skip


def test_the_demo_in_the_browser(demo, live_server, page, settings):
    page.context.add_init_script(AXE)
    errors = collect_console_errors(page)
    [letter] = [path.name for path in Path(settings.MAILBOX, "new").iterdir()]
    faults = []
    for prefix in ("", "/cy"):
        for path in ("/demo/", "/demo/mail/", "/demo/mail/?to=nobody", f"/demo/mail/{letter}/"):
            errors.clear()
            found = faults_in_browser(page, f"{live_server.url}{prefix}{path}", errors, {})
            faults += [f"{prefix}{path}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)

    page.goto(f"{live_server.url}/cy/demo/")
    page.get_by_role("button", name=re.compile("Mewngofnodi.*Mabli Okonkwo-Tŷ")).press("Enter")
    page.wait_for_url("**/cy/home/")
    page.get_by_role("link", name="Newid person neu ddyddiad").press("Enter")
    page.get_by_role("button", name="Un wythnos ymlaen").press("Enter")
    assert page.get_by_text("Y dyddiad yn y demo bellach: Dydd Sadwrn 28 Tachwedd 2026").is_visible()
    assert page.get_by_text("Wedi mewngofnodi nawr").is_visible()
