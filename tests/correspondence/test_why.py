"""Why somebody got a message, will get one, or did not."""

import re
from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.emails import about
from core.clock import LONDON
from correspondence.queries.why import explain
from correspondence.reminders import SOURCES
from infuse import nightly
from infuse.messages import CHECKS
from messaging.delivery import deliver_due
from messaging.models import Message, MessageRule
from tests.conftest import TODAY, stop_the_clock
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import MessageFactory
from tests.reminding import approve_reminders

pytestmark = pytest.mark.django_db

LEFT_ON = date(2026, 2, 20)
# The reminders of a cohort from 5 January 2026 that a phase starts, with the day of each.
STARTS = [date(2026, 1, 2), date(2026, 1, 16), date(2026, 2, 13), date(2026, 4, 2), date(2026, 6, 19)]


@pytest.fixture
def cohort(today):
    found = CohortFactory(status="running", slug="qive")
    approve_reminders(found)
    return found


@pytest.fixture
def left(cohort):
    """Somebody who left on 20 February."""
    moves = [("withdrawn", LEFT_ON)]
    return AssociateFactory(cohort=cohort, status="withdrawn", moves=moves, person__name="Callum Qinchley").person


def lines(person, cohort, kind="phase-starts"):
    [found] = explain(person, cohort, TODAY, SOURCES, kind)
    return found.lines


def what(found):
    return [(line.on, line.status.value, line.reason) for line in found]


NOT_RUN = "Infuse did not work through this day, so nobody was told."
NOT_THERE = "The person neither had a place nor took part on that day."


def test_every_occasion_of_the_cohort_has_its_reason(cohort, left):
    assert what(lines(left, cohort)) == [
        (STARTS[0], "missed", NOT_RUN),
        (STARTS[1], "missed", NOT_RUN),
        (STARTS[2], "missed", NOT_RUN),
        (STARTS[3], "not", NOT_THERE),
        (STARTS[4], "not", NOT_THERE),
    ]
    assert [dict(line.occasion.facts)["Status on that day"] for line in lines(left, cohort)] == (
        ["Has a place", "Taking part", "Taking part", "Left", "Left"]
    )


def test_what_was_sent_says_so(cohort, monkeypatch):
    person = AssociateFactory(cohort=cohort, status="active").person
    stop_the_clock(monkeypatch, STARTS[2])
    nightly.run(STARTS[2])
    deliver_due(CHECKS, today=STARTS[2])
    stop_the_clock(monkeypatch, TODAY)
    sent = lines(person, cohort)[2]
    assert (sent.status.value, sent.message.sent_at.date()) == ("sent", STARTS[2])
    assert sent.night_at is not None


def test_who_came_later_was_not_enrolled_on_the_days_before(cohort):
    person = AssociateFactory(cohort=cohort, status="enrolled", enrolled_on=date(2026, 2, 1)).person
    found = lines(person, cohort)
    assert [dict(line.occasion.facts)["Status on that day"] for line in found][:3] == (
        ["not enrolled yet", "not enrolled yet", "Has a place"]
    )
    assert found[0].reason == NOT_THERE


def test_who_was_recorded_after_the_night_is_told_apart_from_a_night_that_was_not_run(cohort):
    nightly.run(STARTS[2])
    person = AssociateFactory(cohort=cohort, status="active").person
    assert lines(person, cohort)[2].reason == "When Infuse worked through this day, it was not so yet."


def test_a_message_about_a_day_that_was_moved_is_shown_beside_the_new_occasions(cohort, monkeypatch):
    person = AssociateFactory(cohort=cohort, status="active").person
    old = MessageFactory(
        key="phase-starts:old", kind="phase-starts", about=about(cohort), person=person.reference, state="sent"
    )
    MessageFactory(kind="dates-changed", about=about(cohort), person=person.reference, state="cancelled")
    MessageFactory(kind="dates-changed", about="cohorts.cohort:another", person=person.reference)
    found = {one.kind.slug: one for one in explain(person, cohort, TODAY, SOURCES)}
    assert [line.message for line in found["phase-starts"].others] == [old]
    assert len(found["phase-starts"].lines) == 5
    assert [line.state.value for line in found["dates-changed"].others] == ["cancelled"]


def test_the_rule_says_since_when_and_by_whom(client_as, manager, cohort, left):
    MessageRule.objects.create(
        scope=about(cohort),
        kind="phase-starts",
        from_on=date(2026, 4, 1),
        is_on=False,
        offsets=[-1],
        audience="associates",
        stop="left",
        approve_above=50,
        set_at=datetime.combine(TODAY, time(9), LONDON),
        set_by=manager.reference,
    )
    html = page(client_as, manager, left, cohort="qive", kind="phase-starts")
    rows = re.findall(r"<tr.*?</tr>", html, re.S)[1:]
    assert "The usual rule; nobody has changed it." in rows[2]
    assert f"Rule of this cohort since: 1 April 2026, {manager.name}" in rows[3]
    assert "Messages of this kind are switched off here." in rows[3]
    assert "Working days before: 1" in rows[3]


def page(client_as, manager, person, welsh=False, **asked):
    asked = {"person": person.reference, **asked} if person else asked
    return client_as(manager).get(("/cy" if welsh else "") + "/messages/why/", asked).content.decode()


def test_the_page_opens_with_the_persons_own_cohort_and_every_kind(client_as, manager, cohort, left):
    CohortFactory(status="running", starts_on=date(2026, 2, 2))
    html = page(client_as, manager, left)
    assert '<option value="qive" selected' in html
    assert "A phase starts" in html
    assert "A phase ends soon" in html
    assert "It goes to: Coordinators of organisations that may still nominate" in html
    assert NOT_THERE in html
    assert "Nid oedd gan y person le" in page(client_as, manager, left, welsh=True)


def test_a_kind_that_follows_from_what_somebody_does_is_explained_as_such(client_as, manager, cohort, left):
    html = page(client_as, manager, left, kind="dates-changed")
    assert "It is sent when somebody does something. None was sent to this person about this cohort." in html


def test_the_person_can_be_looked_for(client_as, manager, cohort, left):
    assert f'href="?person={left.reference}"' in page(client_as, manager, None, q="qinch")
    assert "Nobody has such a name or address." in page(client_as, manager, None, q="nobody at all")
    assert "Nobody has such a name" not in page(client_as, manager, None)


def test_without_any_cohort_it_says_so(client_as, manager, nobody):
    assert "There is no cohort yet." in page(client_as, manager, nobody)


@pytest.mark.parametrize("role", ["associate", "coordinator", "coach", "auditor", "nobody"])
def test_the_page_is_for_the_programme_team(client_as, person_as, left, role):
    client = client_as(person_as(role))
    # Nobody else learns who is known.
    for asked in ({}, {"person": left.reference}, {"person": "nobody"}):
        assert client.get("/messages/why/", asked).status_code == 403


def test_a_person_who_is_not_there_is_not_found(client_as, manager):
    assert client_as(manager).get("/messages/why/", {"person": "nobody"}).status_code == 404


def test_the_number_of_queries_depends_on_neither_people_nor_messages(client_as, manager, cohort, left):
    client, counts = client_as(manager), []
    client.get("/messages/why/", {"person": left.reference})
    for more in (1, 4):
        for _unused in range(more):
            AssociateFactory(cohort=cohort, status="active")
            MessageFactory(kind="dates-changed", about=about(cohort), person=left.reference)
        with CaptureQueriesContext(connection) as queries:
            client.get("/messages/why/", {"person": left.reference})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_message_sent_again_by_a_person_shows_what_became_of_it_last(cohort):
    person = AssociateFactory(cohort=cohort, status="active").person
    key = lines(person, cohort)[2].occasion.mail.key
    failed = MessageFactory(key=key, due_on=STARTS[2], state="failed", kind="phase-starts", person=person.reference)
    again = MessageFactory(
        key=f"{key}#2", due_on=STARTS[2], state="sent", kind="phase-starts", again_of=failed, person=person.reference
    )
    assert lines(person, cohort)[2].message == again
    assert Message.objects.count() == 2
