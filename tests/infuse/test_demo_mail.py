"""Caught mail: newest first, by recipient, and never drawn as HTML."""

import mailbox
import os
from email.message import EmailMessage

import pytest

from messaging.render import letter
from tests.crawl.markup import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    """The demo's addresses, without its data."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.crawl.demo_urls"


@pytest.fixture
def box(demo, settings, tmp_path):
    """The catcher's Maildir, as the catcher makes it."""
    settings.MAILBOX = str(tmp_path / "mail")
    return mailbox.Maildir(settings.MAILBOX)


def put(box, *, to="mari@torfaen.example", subject="Eich cyfnod nesaf", body="Helo\nMari", second=0, change=None):
    """Catch one message, as if at that second; returns its key."""
    message = EmailMessage()
    message["From"] = "Infuse <no-reply@infuse.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Tue, 04 May 2021 13:05:00 +0100"
    message["X-Peer"] = "('127.0.0.1', 50000)"
    message.set_content(body)
    if change:
        change(message)
    key = box.add(mailbox.MaildirMessage(message))
    path = os.path.join(box._path, "new", key)
    os.utime(path, (1_700_000_000 + second, 1_700_000_000 + second))
    return key


def words(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_newest_comes_first_with_recipient_subject_and_date(client, box):
    put(box, subject="Yn gyntaf", second=1)
    put(box, subject="Yn drydydd", second=3, to="Siôn Prŷs <sion@cardiff.example>")
    put(box, subject="Yn ail – ŵ", second=2)
    page = words(client, "/demo/mail/")
    assert page.index("Yn drydydd") < page.index("Yn ail – ŵ") < page.index("Yn gyntaf")
    assert "sion@cardiff.example" in page
    assert "4 May 2021, 13:05" in page
    assert "4 Mai 2021, 13:05" in words(client, "/cy/demo/mail/")


def test_the_list_narrows_to_a_recipient(client, box):
    put(box, subject="At Mari")
    put(box, subject="At Siôn", to="Sion@Cardiff.example, nia@newport.example")
    page = words(client, "/demo/mail/?to=sion%40cardiff")
    assert "At Siôn" in page
    assert "At Mari" not in page
    assert "No mail to this recipient." in words(client, "/demo/mail/?to=nobody")


def test_many_messages_come_in_pages(client, box):
    for number in range(27):
        put(box, subject=f"Rhif {number:02}", second=number)
    first, second = words(client, "/demo/mail/"), words(client, "/demo/mail/?page=2")
    assert (first.count("Rhif "), second.count("Rhif ")) == (25, 2)
    assert "Rhif 00" in second
    assert client.get("/demo/mail/?page=99").status_code == 404


def test_a_message_shows_headers_and_words(client, box):
    key = put(box, to="Siôn Prŷs <sion@cardiff.example>", body="Dyma: https://infuse.example/cy/\nŵ <b>nid trwm</b>")
    page = words(client, f"/demo/mail/{key}/")
    assert "Eich cyfnod nesaf" in page
    assert "Siôn Prŷs &lt;sion@cardiff.example&gt;" in page
    assert "Tue, 04 May 2021 13:05:00 +0100" in page
    assert 'href="https://infuse.example/cy/"' in page
    assert "ŵ &lt;b&gt;nid trwm&lt;/b&gt;" in page
    assert "X-Peer" not in page


def test_each_half_of_a_mail_in_both_languages_is_in_its_own(client, box):
    words_of_both = {"cy": {"subject": "Helo", "body": "Bore da\n"}, "en": {"subject": "Hello", "body": "Morning\n"}}
    subject, body = letter(words_of_both, ("cy", "en"))

    def change(message):
        message["Content-Language"] = "cy, en"

    key = put(box, subject=subject, body=body, change=change)
    for path in ("/demo/mail/", f"/demo/mail/{key}/"):
        page = words(client, path)
        assert '<span lang="cy">Helo</span> / <span lang="en">Hello</span>' in page
    halves = [
        element for element in read(page)[0].all("div") if "govuk-inset-text" in element.attributes.get("class", "")
    ]
    assert [half.attributes["lang"] for half in halves] == ["cy", "en"]
    assert ["Bore da" in half.text() for half in halves] == [True, False]
    assert ["Morning" in half.text() for half in halves] == [False, True]


def test_a_mail_in_one_language_says_which(client, box):
    def change(message):
        message["Content-Language"] = "cy"

    key = put(box, change=change)
    assert '<span lang="cy">Eich cyfnod nesaf</span>' in words(client, "/demo/mail/")
    assert 'class="govuk-inset-text" lang="cy"' in words(client, f"/demo/mail/{key}/")


def test_attachments_are_named_html_is_the_same_words_and_neither_is_drawn(client, box):
    def change(message):
        message.add_alternative("<script>alert('drawn')</script><p>HTML</p>", subtype="html")
        message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="sesiwn.ics")

    page = words(client, f"/demo/mail/{put(box, change=change)}/")
    assert "Helo" in page
    assert "alert(" not in page
    assert "text/html" not in page
    assert "sesiwn.ics" in page
    assert "text/calendar" in page
    assert "BEGIN:VCALENDAR" not in page


def test_a_subject_with_markup_is_only_words(client, box):
    key = put(box, subject="<img src=x onerror=alert(1)>")
    for path in ("/demo/mail/", f"/demo/mail/{key}/"):
        assert "<img src=x" not in words(client, path)


@pytest.mark.parametrize("key", ["nothing", "..", "%2e%2e%2fsecret", "%2e%2e%5csecret", ".", "%00", "ŵ"])
def test_what_was_not_caught_is_not_found(client, box, settings, key):
    (box_parent := os.path.dirname(settings.MAILBOX)) and open(os.path.join(box_parent, "secret"), "w").close()
    put(box)
    assert client.get(f"/demo/mail/{key}/").status_code == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\nno headers",
        b"Subject: \xff\xfe\r\nTo: \xff\r\nDate: never\r\n\r\n\xff\xfe",
        b"Content-Type: text/plain; charset=klingon\r\nSubject: x\r\n\r\nbody",
        b"Content-Type: multipart/mixed; boundary=b\r\nSubject: cut short\r\n\r\n--b\r\nContent-Type: text/plain\r\n",
        b"To: =?utf-8?q?broken\r\nSubject: =?x?\r\n\r\nbody",
    ],
)
def test_a_broken_message_breaks_no_page(client, box, raw):
    key = box.add(raw)
    assert "1–1" in words(client, "/demo/mail/")
    words(client, f"/demo/mail/{key}/")


def test_nothing_caught_yet_says_what_to_do(client, box):
    assert "Move the date in the demo forward" in words(client, "/demo/mail/")


def test_before_the_catcher_has_made_its_folder(client, demo, settings, tmp_path):
    settings.MAILBOX = str(tmp_path / "not yet")
    assert "No mail has been caught yet." in words(client, "/demo/mail/")


def test_without_a_catcher_it_says_so(client, demo, settings):
    settings.MAILBOX = ""
    assert "INFUSE_MAILBOX is not set" in words(client, "/demo/mail/")
    assert client.get("/demo/mail/x/").status_code == 404
