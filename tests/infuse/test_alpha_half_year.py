"""Cohort Alpha's half year: every night from 20 April to 5 November 2021, run long afterwards, and every night twice.

`manage.py nightly --on DATE` for each day, against a real mail server. By now Alpha is finished: thirteen completed and
seven left, so every night must ask who took part on *its* day. What must come of it is written down here by hand, or
taken from the data file; nothing is asked of the code under test but the nights themselves.
"""

import socket
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.test import override_settings

from infuse.devdata.sources import address, invented
from messaging.models import Message
from tests.conftest import stop_the_clock
from tests.infuse.the_demo import TODAY, loaded_demo

FIRST, LAST = date(2021, 4, 20), date(2021, 11, 5)
# gov.uk: bank holidays in Wales between the two.
BANK_HOLIDAYS = {date(2021, 5, 3), date(2021, 5, 31), date(2021, 8, 30)}
STARTS, ENDS = "phase-starts", "phase-ends-soon"

# day × kind × count. Alpha began on Tuesday 4 May; the day before was a bank holiday, so its first reminder went on the
# Friday. In brackets: who left meanwhile.
TABLE = {
    (date(2021, 4, 30), STARTS): 20,  # Inspire, 4 May
    (date(2021, 5, 11), ENDS): 20,  # Inspire, until 18 May
    (date(2021, 5, 17), STARTS): 19,  # Learn and Activate, 18 May (12 May)
    (date(2021, 6, 8), ENDS): 18,  # Learn and Activate, until 15 June (24 May)
    (date(2021, 6, 14), STARTS): 17,  # Learn and Explore, 15 June (14 June, that very day)
    (date(2021, 7, 27), ENDS): 15,  # Learn and Explore, until 3 August (30 June; 26 July, the day before)
    (date(2021, 8, 2), STARTS): 15,  # Experiment, 3 August
    (date(2021, 10, 12), ENDS): 13,  # Experiment, until 19 October (24 August, 28 September)
    (date(2021, 10, 18), STARTS): 13,  # Celebration, 19 October
    (date(2021, 10, 26), ENDS): 13,  # Celebration, until 2 November
}
# (day of the reminder, kind) → the phase it speaks of, in both languages.
PHASE = {
    (date(2021, 4, 30), STARTS): ("Inspire", "Ysbrydoli"),
    (date(2021, 5, 11), ENDS): ("Inspire", "Ysbrydoli"),
    (date(2021, 5, 17), STARTS): ("Learn and Activate", "Dysgu ac Ysgogi"),
    (date(2021, 6, 8), ENDS): ("Learn and Activate", "Dysgu ac Ysgogi"),
    (date(2021, 6, 14), STARTS): ("Learn and Explore", "Dysgu ac Archwilio"),
    (date(2021, 7, 27), ENDS): ("Learn and Explore", "Dysgu ac Archwilio"),
    (date(2021, 8, 2), STARTS): ("Experiment", "Arbrofi"),
    (date(2021, 10, 12), ENDS): ("Experiment", "Arbrofi"),
    (date(2021, 10, 18), STARTS): ("Celebration", "Dathlu"),
    (date(2021, 10, 26), ENDS): ("Celebration", "Dathlu"),
}
ALPHA = {address(row["name"], row["at"]): row for row in invented()["alpha"]["associates"]}


@dataclass(frozen=True)
class Sent:
    """One mail as it arrived at the mail server, with the night that sent it."""

    night: date
    kind: str
    to: str
    mail: EmailMessage

    @property
    def body(self) -> str:
        return self.mail.get_body(("plain",)).get_content()


@dataclass(frozen=True)
class HalfYear:
    """What the nights did."""

    sent: list[Sent]
    sent_by_second_runs: list[Sent]
    states: Counter
    never_sent: list[str]


class Catcher:
    """Keeps every mail that the mail server is handed, with the addresses of its envelope."""

    def __init__(self) -> None:
        self.caught: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802 (as aiosmtpd calls it)
        self.caught.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


def taken(catcher: Catcher, night: date) -> list[Sent]:
    """What has been caught since the last call."""
    caught, catcher.caught = catcher.caught, []
    found = []
    for recipients, content in caught:
        mail = message_from_bytes(content, policy=policy.default)
        [recipient] = recipients
        found.append(Sent(night, Message.objects.get(message_id=mail["Message-ID"]).kind, recipient, mail))
    return found


@pytest.fixture(scope="module")
def half_year(django_db_setup, django_db_blocker):
    """Every night of it, twice. Seen from TODAY, five years later."""
    catcher = Catcher()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(catcher, hostname="127.0.0.1", port=port)
    server.start()
    patch = pytest.MonkeyPatch()
    stop_the_clock(patch, TODAY)
    smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
    sent, again = [], []
    try:
        with loaded_demo(django_db_blocker), override_settings(**smtp, EMAIL_PORT=port):
            # The demo's own letters of TODAY are not what this is about.
            Message.objects.filter(state="queued").update(state="cancelled")
            for offset in range((LAST - FIRST).days + 1):
                night = FIRST + timedelta(days=offset)
                for results in (sent, again):
                    call_command("nightly", "--on", night.isoformat(), stdout=StringIO())
                    results += taken(catcher, night)
            rows = Message.objects.filter(kind__in=[STARTS, ENDS])
            yield HalfYear(
                sent,
                again,
                Counter(rows.values_list("state", flat=True)),
                list(rows.exclude(state="sent").values_list("key", flat=True)),
            )
    finally:
        patch.undo()
        server.stop()


def takes_part(row, day: date) -> bool:
    """Whether this person of the data file had a place in Alpha on that day."""
    return row["enrolled_on"] <= day and (row.get("left_on") is None or day < row["left_on"])


pytestmark = pytest.mark.django_db


def test_the_table_of_day_kind_and_count(half_year):
    assert Counter((mail.night, mail.kind) for mail in half_year.sent) == TABLE


def test_every_active_associate_gets_each_message_exactly_once(half_year):
    got = defaultdict(list)
    for mail in half_year.sent:
        got[mail.night, mail.kind].append(mail.to)
    for (day, kind), recipients in got.items():
        assert sorted(recipients) == sorted(to for to, row in ALPHA.items() if takes_part(row, day)), (day, kind)
    by_person = Counter((mail.to, mail.kind) for mail in half_year.sent)
    for to, row in ALPHA.items():
        if "left_on" not in row:
            assert (by_person[to, STARTS], by_person[to, ENDS]) == (5, 5), to


def test_each_message_is_about_its_phase(half_year):
    for mail in half_year.sent:
        english, welsh = PHASE[mail.night, mail.kind]
        if "en" in mail.mail["Content-Language"]:
            assert english in mail.body
        if "cy" in mail.mail["Content-Language"]:
            assert welsh in mail.body


def test_none_on_a_weekend_or_bank_holiday(half_year):
    nights = {mail.night for mail in half_year.sent}
    assert not nights & BANK_HOLIDAYS
    assert {night.weekday() for night in nights} <= {0, 1, 2, 3, 4}
    assert date(2021, 4, 30) in nights


def test_none_to_people_after_they_left(half_year):
    left = {to: row["left_on"] for to, row in ALPHA.items() if "left_on" in row}
    assert len(left) == 7
    for mail in half_year.sent:
        assert mail.to not in left or mail.night < left[mail.to], (mail.to, mail.night)
    # Two of them left on the day of a reminder, or the day before one: that is where a mistake by a day would show.
    assert {date(2021, 6, 14), date(2021, 7, 26)} <= set(left.values())


def test_each_in_the_right_language(half_year):
    """Welsh, English, or for those who were not asked both, Welsh first; in the words, not only in the header."""
    expected = {"cy": "cy", "en": "en", "": "cy, en"}
    for mail in half_year.sent:
        language = ALPHA[mail.to]["language"]
        assert mail.mail["Content-Language"] == expected[language]
        english, welsh = (mail.body.find(name) for name in PHASE[mail.night, mail.kind])
        assert (welsh >= 0) == (language != "en"), mail.to
        assert (english >= 0) == (language != "cy"), mail.to
        if language == "":
            assert 0 <= welsh < english
    counted = Counter(mail.mail["Content-Language"] for mail in half_year.sent)
    assert counted == {"en": 75, "cy": 57, "cy, en": 31}


def test_running_every_night_twice_sends_nothing_more(half_year):
    assert half_year.sent_by_second_runs == []
    assert half_year.states == {"sent": sum(TABLE.values())}
    assert half_year.never_sent == []


def test_nobody_else_hears(half_year):
    assert {mail.to for mail in half_year.sent} == set(ALPHA)
