"""Reminders on working days 5 and 10, the end on 15, and offers that nobody answers."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import LONDON
from infuse.messages import CHECKS
from infuse.nightly import run
from messaging.delivery import deliver_due
from messaging.models import Message
from messaging.reminders import send_due
from nominations.enums import LinkPurpose, NominationStatus
from nominations.models import Link
from nominations.reminders import SOURCES
from nominations.services.lapses import lapse_nominations, lapse_offers
from nominations.services.links import make_link
from tests.conftest import stop_the_clock
from tests.factories.nominations import (
    DecisionFactory,
    EndorsementFactory,
    NominationFactory,
    NomineePartFactory,
)
from tests.reminding import approve_reminders, mails

pytestmark = pytest.mark.django_db

# Thursday before Easter 2026: Good Friday 3 April, Easter Monday 6 April are no working days.
SUBMITTED = date(2026, 4, 2)
OURS = [source for source in SOURCES if source.kind.slug.endswith("-reminder")]
FIFTH, TENTH, FIFTEENTH = date(2026, 4, 13), date(2026, 4, 20), date(2026, 4, 27)


@pytest.fixture
def nomination(monkeypatch, organisation, coordinator):
    stop_the_clock(monkeypatch, SUBMITTED)
    made = NominationFactory(organisation=organisation, nominated_by=coordinator)
    approve_reminders(made.cohort)
    for purpose in (LinkPurpose.NOMINEE, LinkPurpose.MANAGER):
        make_link(nomination=made, purpose=purpose)
    return made


def due(first=SUBMITTED, days=40):
    """(day, kind) of every reminder in these days."""
    found = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        found += [(day, source.kind.slug) for source in OURS for _mail in mails(source, day)]
    return found


def test_both_are_reminded_on_working_days_five_and_ten_and_never_else(nomination):
    assert due() == [
        (FIFTH, "nominee-reminder"),
        (FIFTH, "manager-reminder"),
        (TENTH, "nominee-reminder"),
        (TENTH, "manager-reminder"),
    ]


def test_who_has_answered_hears_no_more(nomination):
    NomineePartFactory(nomination=nomination)
    assert {kind for _day, kind in due()} == {"manager-reminder"}
    EndorsementFactory(nomination=nomination, endorsed=False)
    assert due() == []


@pytest.mark.parametrize("status", ["complete", "withdrawn", "declined", "lapsed"])
def test_a_nomination_that_waits_no_more_reminds_nobody(nomination, status):
    nomination.status = status
    nomination.save()
    assert due() == []


def test_run_twice_it_is_said_once(nomination):
    for _twice in range(2):
        send_due(OURS, FIFTH)
    assert Message.objects.count() == 2


def test_a_reminder_carries_the_link_that_was_sent_and_keeps_none(nomination, mailoutbox, monkeypatch, client):
    send_due(OURS, FIFTH)
    stop_the_clock(monkeypatch, FIFTH)
    assert all("/link/••" in message.words["en"]["body"] for message in Message.objects.all())
    path = f"/link/{Message.objects.get(kind='nominee-reminder').secret_word}/"
    assert client.post(path)["Location"].endswith("/nominee/")


@pytest.mark.django_db(transaction=True)
def test_answered_between_the_night_and_the_sending_nothing_goes(nomination, mailoutbox):
    approve_reminders(nomination.cohort)
    send_due(OURS, FIFTH)
    NomineePartFactory(nomination=nomination)
    deliver_due(CHECKS, today=FIFTH)
    assert [mail.to[0].endswith(f"<{nomination.line_manager_email}>") for mail in mailoutbox] == [True]
    assert "/link/" in mailoutbox[0].body
    assert "•" not in mailoutbox[0].body
    assert not Message.objects.exclude(secret_word="").exists()


def test_the_night_of_working_day_fifteen_ends_it_and_tells_the_coordinator(nomination, coordinator):
    assert lapse_nominations(today=FIFTEENTH - timedelta(days=1)) == 0
    run(FIFTEENTH)
    run(FIFTEENTH)
    nomination.refresh_from_db()
    assert nomination.status == NominationStatus.LAPSED
    assert nomination.moves.latest().effective_on == FIFTEENTH
    told = sorted(Message.objects.filter(kind__contains="lapsed").values_list("kind", "person"))
    assert told == [
        ("nomination-lapsed", coordinator.reference),
        ("nomination-lapsed-nominee", nomination.person.reference),
    ]


def test_a_complete_nomination_does_not_lapse(nomination):
    nomination.status = NominationStatus.COMPLETE
    nomination.save()
    assert lapse_nominations(today=FIFTEENTH + timedelta(days=90)) == 0


def test_the_first_links_live_as_long_as_the_nomination_waits(nomination):
    for link in Link.objects.all():
        assert link.expires_at.astimezone(LONDON).date() >= SUBMITTED + timedelta(days=21)


# --- Offers ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def offer(nomination, manager):
    nomination.status = NominationStatus.OFFERED
    nomination.save()
    return DecisionFactory(
        nomination=nomination,
        answer_by=date(2026, 5, 6),
        released_by=manager,
        released_at=nomination.submitted_at,
    )


def test_an_offer_is_reminded_of_two_working_days_before_its_last(offer):
    make_link(nomination=offer.nomination, purpose=LinkPurpose.OFFER)
    # Monday 4 May is a bank holiday: Friday and Tuesday are the two before Wednesday.
    assert due() == [(date(2026, 5, 1), "offer-reminder")]


def test_an_offers_link_lives_as_long_as_the_offer(offer):
    link, _secret = make_link(nomination=offer.nomination, purpose=LinkPurpose.OFFER)
    assert link.expires_at.astimezone(LONDON).date() == date(2026, 5, 7)


def test_an_offer_lapses_after_its_last_day_and_everybody_is_told(offer, coordinator, manager):
    assert lapse_offers(today=offer.answer_by) == 0
    assert lapse_offers(today=offer.answer_by + timedelta(days=1)) == 1
    assert lapse_offers(today=offer.answer_by + timedelta(days=1)) == 0
    offer.nomination.refresh_from_db()
    assert offer.nomination.status == NominationStatus.LAPSED
    told = sorted(Message.objects.filter(kind="offer-lapsed").values_list("person", flat=True))
    assert told == sorted([coordinator.reference, manager.reference])
    assert Message.objects.get(kind="offer-lapsed-nominee").person == offer.nomination.person.reference


def test_the_queries_of_a_night_do_not_grow_with_the_nominations(nomination):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            count = sum(len(mails(source, FIFTH)) for source in OURS)
        return count, len(caught)

    one = cost()
    for _more in range(3):
        more = NominationFactory(organisation=nomination.organisation, nominated_by=nomination.nominated_by)
        for purpose in (LinkPurpose.NOMINEE, LinkPurpose.MANAGER):
            make_link(nomination=more, purpose=purpose)
    many = cost()
    assert (one[0], many[0]) == (2, 8)
    assert one[1] == many[1]
