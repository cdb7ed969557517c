"""Coming in by a link: once, in time, by the right person; and what to do when it does not work."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from core.verdicts import NotAllowed
from messaging.models import Message
from nominations.enums import LinkPurpose
from nominations.models import Link
from nominations.queries.links import by_secret, secret_of
from nominations.services.links import enter_link, make_link, send_link
from nominations.services.nominations import withdraw_nomination
from tests.conftest import stop_the_clock
from tests.factories.nominations import NominationFactory

pytestmark = pytest.mark.django_db

NOMINEE, MANAGER = LinkPurpose.NOMINEE, LinkPurpose.MANAGER
WORKS, UNKNOWN = "Continue", "/link/?unknown=1"


@pytest.fixture
def nomination(today):
    return NominationFactory(person__email="enfys@qarth.example")


def made(nomination, purpose=NOMINEE):
    link, secret = make_link(nomination=nomination, purpose=purpose)
    return link, f"/link/{secret}/"


def later(monkeypatch, today, **more):
    stop_the_clock(monkeypatch, today + timedelta(**more))


def test_opening_a_link_changes_nothing_however_often(nomination):
    link, path = made(nomination)
    for _scanner in range(3):
        assert WORKS in Client().get(path).content.decode()
    Client().head(path)
    link.refresh_from_db()
    assert link.entered_at is None


def test_the_button_enters_once_and_the_browser_may_come_back(nomination):
    link, path = made(nomination)
    client = Client()
    answer = client.post(path, {"enter": "1"})
    assert answer["Location"] == f"/answers/{nomination.reference}/nominee/"
    link.refresh_from_db()
    assert link.entered_at is not None
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(path)["Location"] == answer["Location"]  # the same browser is led on


def test_a_used_link_lets_no_second_browser_in_and_says_what_to_do(nomination):
    _link, path = made(nomination)
    first = Client()
    where = first.post(path)["Location"]
    second = Client()
    assert second.post(path)["Location"] == path
    page = second.get(path).content.decode()
    assert "This link has been used." in page
    assert "Send me a new link" in page
    assert second.get(where)["Location"] == "/link/"


@pytest.mark.parametrize("language", ["en", "cy"])
def test_an_old_link_is_said_to_be_old(nomination, today, monkeypatch, language):
    _link, path = made(nomination)
    later(monkeypatch, today, days=21)
    client = Client()
    path = f"/cy{path}" if language == "cy" else path
    client.post(path)
    page = client.get(path).content.decode()
    assert ("too old" if language == "en" else "rhy hen") in page
    assert 'name="again"' in page
    assert Link.objects.get().entered_at is None


def test_a_link_is_good_until_its_last_moment(nomination, today, monkeypatch):
    link, _path = made(nomination)
    monkeypatch.setattr(clock, "now", lambda: link.expires_at - timedelta(seconds=1))
    assert enter_link(link=link).entered_at


def test_the_browser_loses_its_right_on_the_links_last_day(nomination, today, monkeypatch):
    _link, path = made(nomination)
    client = Client()
    where = client.post(path)["Location"]
    later(monkeypatch, today, days=20)
    assert client.get(where).status_code == 200
    later(monkeypatch, today, days=21)
    assert client.get(where)["Location"] == "/link/"


def test_a_link_of_a_withdrawn_nomination_says_so_and_offers_no_other(nomination, today):
    _link, path = made(nomination)
    withdraw_nomination(nomination=nomination, reason="qarth", by=None, today=today)
    client = Client()
    client.post(path)
    page = client.get(path).content.decode()
    assert "This nomination was withdrawn" in page
    assert 'name="again"' not in page
    assert "mailto:" in page


def test_a_browser_that_is_in_sees_that_the_nomination_was_withdrawn(nomination, today):
    _link, path = made(nomination)
    client = Client()
    where = client.post(path)["Location"]
    withdraw_nomination(nomination=nomination, reason="qarth", by=None, today=today)
    page = client.get(where).content.decode()
    assert "This nomination was withdrawn" in page
    assert "<textarea" not in page
    assert client.post(where, {"statement": "x"})["Location"] == where


def test_a_newer_link_takes_the_place_of_the_older_one(nomination, today, monkeypatch):
    _old, old_path = made(nomination)
    _used, used_path = made(nomination, MANAGER)
    client = Client()
    where = client.post(used_path)["Location"]
    later(monkeypatch, today, days=1)
    _new, new_path = made(nomination)
    made(nomination, MANAGER)
    assert client.get(where)["Location"] == "/link/"
    page = client.get(old_path).content.decode()
    assert "A newer link was sent." in page
    assert "Send me a new link" in page
    assert Client().post(new_path)["Location"].endswith("/nominee/")


def test_an_unknown_secret_leads_to_where_a_link_can_be_had(db):
    for method in ("get", "post"):
        assert getattr(Client(), method)("/link/qarthqarth/")["Location"] == UNKNOWN
    page = Client().get(UNKNOWN).content.decode()
    assert "We do not know this link." in page


def test_a_purpose_opens_its_own_page_only(nomination):
    _link, path = made(nomination, MANAGER)
    client = Client()
    assert client.post(path)["Location"] == f"/answers/{nomination.reference}/line-manager/"
    assert client.get(f"/answers/{nomination.reference}/nominee/")["Location"] == "/link/"
    other = NominationFactory(cohort=nomination.cohort)
    assert client.get(f"/answers/{other.reference}/line-manager/")["Location"] == "/link/"


def test_a_cookie_that_was_made_up_opens_nothing(nomination):
    made(nomination)
    client = Client()
    client.cookies["infuse_link"] = "WzFd:1abc:forged"
    assert client.get(f"/answers/{nomination.reference}/nominee/")["Location"] == "/link/"


def test_nobody_keeps_or_lists_these_pages(nomination):
    _link, path = made(nomination)
    for address in (path, "/link/"):
        answer = Client().get(address)
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"


def test_a_machine_that_leans_on_links_is_stopped(nomination):
    client = Client()
    codes = [client.post("/link/", {"email": f"q{n}@qarth.example"}).status_code for n in range(32)]
    assert codes[0] == 302
    assert codes[-1] == 429


# --- A new link -----------------------------------------------------------------------------------------------------
def again(path):
    client = Client()
    answer = client.post(path, {"again": "1"}, follow=True)
    return answer.content.decode()


def test_a_new_link_goes_to_the_address_of_the_old_one_and_works(nomination, today, monkeypatch):
    _link, path = made(nomination)
    Client().post(path)
    later(monkeypatch, today, days=1)
    assert "a new link is on its way" in again(path)
    newest = Link.objects.order_by("pk").last()
    message = Message.objects.get(kind="link-nominee")
    assert message.address == "enfys@qarth.example"
    assert Client().post(f"/link/{message.secret_word}/")["Location"].endswith("/nominee/")
    assert secret_of(newest.nonce) == message.secret_word


def test_at_most_one_in_five_minutes_and_five_a_day_and_the_page_says_the_same(nomination, today, monkeypatch):
    _link, path = made(nomination)
    start = clock.now()
    said, sent = set(), []
    for minutes in (1, 6, 7, 12, 18, 24, 30, 36, 60 * 25):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: start + timedelta(minutes=minutes))
        before = Link.objects.count()
        said.add("a new link is on its way" in again(path))
        sent.append(Link.objects.count() - before)
    assert said == {True}
    # The first was the nomination's own; four more make five.
    assert sent == [0, 1, 0, 1, 1, 1, 0, 0, 1]


def test_the_verb_says_why_not(nomination):
    made(nomination)
    with pytest.raises(NotAllowed, match="five minutes"):
        send_link(nomination=nomination, purpose=NOMINEE, by=None, today=clock.today())


def test_asking_by_address_says_the_same_whoever_asks(nomination, today, monkeypatch):
    later(monkeypatch, today, days=1)
    said = []
    for address in ("ENFYS@qarth.example", nomination.line_manager_email, "nobody@qarth.example"):
        said.append(Client().post("/link/", {"email": address}, follow=True).content.decode().count("on its way"))
    assert said == [1, 1, 1]
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["link-manager", "link-nominee"]


def test_asking_by_address_for_what_is_over_sends_nothing(nomination, today):
    withdraw_nomination(nomination=nomination, reason="", by=None, today=today)
    Client().post("/link/", {"email": "enfys@qarth.example"})
    assert not Message.objects.filter(kind__startswith="link-").exists()


# --- What is kept ---------------------------------------------------------------------------------------------------
def test_the_secret_is_nowhere_in_the_database_but_in_the_mail_that_waits(nomination, today):
    send_link(nomination=nomination, purpose=NOMINEE, by=None, today=today)
    message = Message.objects.get()
    secret = message.secret_word
    assert by_secret(secret) == Link.objects.get()
    assert secret not in str(Link.objects.values())
    assert secret not in str(message.words)
    assert "••••" in message.words["cy"]["body"]
    assert "/cy/link/" in message.words["cy"]["body"]
