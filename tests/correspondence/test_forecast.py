"""What is foreseen: the lines beside the outbox, the approvals, the choices of people; and the pages that show them."""

import json
from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.emails import about
from core.clock import LONDON
from correspondence.queries.forecast import by_person, forecast, grouped
from correspondence.reminders import SOURCES
from infuse import nightly
from messaging.models import BadAddress, Message, MessageRule, Preference
from tests.conftest import TODAY
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import MessageFactory, NightRunFactory
from tests.reminding import approve_reminders

pytestmark = pytest.mark.django_db

# What is to come of a cohort from 5 January 2026, seen from Wednesday 11 March; Good Friday and Easter Monday between.
TO_COME = [
    (date(2026, 3, 27), "phase-ends-soon"),  # Learn and Explore, until Monday 6 April, a bank holiday
    (date(2026, 4, 2), "phase-starts"),  # Experiment, Thursday for Monday
    (date(2026, 6, 15), "phase-ends-soon"),
    (date(2026, 6, 19), "phase-starts"),
    (date(2026, 6, 29), "phase-ends-soon"),
]


@pytest.fixture
def cohort(today):
    found = CohortFactory(status="running", slug="qive", capacity=60)
    approve_reminders(found)
    return found


@pytest.fixture
def anest(cohort):
    return AssociateFactory(cohort=cohort, status="active", person__name="Anest Qyfaill").person


@pytest.fixture
def lines(cohort):
    """What is foreseen now, on `day`."""
    return lambda day=TODAY: forecast(cohort, day, SOURCES)


def rule(cohort, kind="phase-starts", **more):
    usual = {"offsets": [-1], "audience": "associates", "stop": "left", "approve_above": 50}
    from_on = {"from_on": TODAY, "set_at": datetime.combine(TODAY, time(9), LONDON)}
    return MessageRule.objects.create(scope=about(cohort), kind=kind, **{**usual, **from_on, **more})


def outcome(found):
    """(day, kind) → (status, reason)."""
    return {(line.on, line.kind.slug): (line.status.value, line.reason) for line in found}


def test_every_message_to_the_end_and_nothing_else(anest, lines):
    assert [(line.on, line.kind.slug) for line in lines()] == TO_COME
    assert {(line.status.value, line.reason) for line in lines()} == {("goes", "")}
    assert [str(line.occasion.topic) for line in lines()][:2] == ["Learn and Explore", "Experiment"]


def test_who_will_not_hear_is_told_apart_with_the_reason(cohort, anest, lines):
    AssociateFactory(cohort=cohort, status="paused", person__name="Bethan Qaused")
    found = {(line.to.name, line.status.value, line.reason) for line in lines()}
    reason = "The person neither had a place nor took part on that day."
    assert found == {("Anest Qyfaill", "goes", ""), ("Bethan Qaused", "not", reason)}
    assert [len(group.lines) for group in grouped(lines())] == [1] * 5
    assert [(one.to.name, one.count, one.next and one.next.on) for one in by_person(lines())] == [
        ("Anest Qyfaill", 5, date(2026, 3, 27)),
        ("Bethan Qaused", 0, None),
    ]


def test_what_nobody_has_approved_will_wait(cohort, anest, lines):
    cohort.slug = "other"
    cohort.save()
    assert {line.status.value for line in lines()} == {"waits"}
    assert {line.reason for line in lines()} == {"It is the first of its kind here. Somebody must approve it."}


def test_what_goes_to_many_will_wait(cohort, anest, lines):
    AssociateFactory(cohort=cohort, status="active")
    rule(cohort, approve_above=1)
    assert {(line.kind.slug, line.status.value) for line in lines()} == {
        ("phase-starts", "waits"),
        ("phase-ends-soon", "goes"),
    }


def test_a_rule_counts_from_its_day(cohort, anest, lines):
    rule(cohort, from_on=date(2026, 6, 1), offsets=[-3])
    rule(cohort, kind="phase-ends-soon", from_on=date(2026, 6, 1), offsets=[-5], is_on=False)
    found = outcome(lines())
    assert found[date(2026, 4, 2), "phase-starts"] == ("goes", "")
    assert found[date(2026, 6, 17), "phase-starts"] == ("goes", "")
    assert (date(2026, 6, 19), "phase-starts") not in found
    off = ("not", "Messages of this kind are switched off here.")
    assert found[date(2026, 6, 15), "phase-ends-soon"] == found[date(2026, 6, 29), "phase-ends-soon"] == off


def test_what_is_in_the_outbox_has_its_state(cohort, anest, lines):
    day, kind = TO_COME[0]
    nightly.run(day)
    assert outcome(lines(day))[day, kind] == ("queued", "")
    Message.objects.update(state="held", state_reason="late")
    assert outcome(lines(day))[day, kind] == ("held", "It is too late to send it without asking.")


def test_after_the_night_who_comes_in_late_is_not_told_today(cohort, lines):
    day, kind = TO_COME[0]
    nightly.run(day)
    AssociateFactory(cohort=cohort, status="active")
    assert outcome(lines(day))[day, kind] == ("missed", "When Infuse worked through this day, it was not so yet.")


def test_before_the_night_of_today_it_will_go(anest, lines):
    day, kind = TO_COME[0]
    assert outcome(lines(day))[day, kind] == ("goes", "")
    NightRunFactory(on=day, complete=False, finished_at=None)
    assert outcome(lines(day))[day, kind] == ("goes", "")


def test_what_was_said_before_is_not_said_again(cohort, anest, lines):
    """Moved nearer, after it was said: the key is there."""
    [said] = [line for line in lines() if line.on == date(2026, 6, 19)]
    MessageFactory(key=said.occasion.mail.key, due_on=date(2026, 6, 10), state="sent", kind="phase-starts")
    status, reason = outcome(lines())[date(2026, 6, 19), "phase-starts"]
    assert (status, reason) == ("not", "It is said once only. Day of the message: 10 June 2026")


def test_what_the_person_chose_is_foreseen(settings, anest, lines):
    chosen = Preference.objects.create(
        person=anest.reference, declined=["phase-starts"], changed_at=datetime.combine(TODAY, time(9), LONDON)
    )
    found = outcome(lines())
    assert found[TO_COME[1]] == ("not", "The person does not want messages of this kind.")
    assert found[TO_COME[0]] == ("goes", "")
    settings.MESSAGES_WAIT = True
    chosen.opens, chosen.closes = time(9), time(12)
    chosen.save()
    first = lines()[0]
    assert (first.status.value, first.reason) == ("goes", "It waits for hours and days that suit the person.")
    assert first.goes_at.astimezone(LONDON) == datetime.combine(date(2026, 3, 27), time(9), LONDON)


def test_addresses_that_do_not_work_are_foreseen(anest, lines):
    BadAddress.objects.create(address=anest.email.upper(), since=datetime.combine(TODAY, time(9), LONDON))
    assert {line.status.value for line in lines()} == {"waits"}
    anest.email = ""
    anest.save()
    assert {(line.status.value, line.reason) for line in lines()} == {("not", "There is no email address.")}


def test_the_end_of_a_cohort_is_the_end(cohort, anest, lines):
    assert lines(cohort.until + timedelta(days=1)) == []


def queries(work):
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(cohort, anest, lines):
    counts = []
    for more in (0, 3, 30):
        for _unused in range(more):
            AssociateFactory(cohort=cohort, status="active")
        counts.append(queries(lines))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 30


# --- The pages ------------------------------------------------------------------------------------------------------
PAGES = ("", "list/", "people/")


@pytest.mark.parametrize("page", PAGES)
def test_the_queries_of_the_pages_do_not_depend_on_the_number_of_people(client_as, manager, cohort, anest, page):
    client, path = client_as(manager), f"/cohorts/qive/messages/{page}"
    client.get(path)
    counts = []
    for more in (0, 5):
        for _unused in range(more):
            AssociateFactory(cohort=cohort, status="active")
        counts.append(queries(lambda: client.get(path)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["associate", "coordinator", "coach", "auditor"])
def test_the_pages_are_for_the_programme_team(client_as, person_as, role, page):
    person = person_as(role)
    cohort = person.associates.get().cohort if role == "associate" else CohortFactory(status="running")
    assert client_as(person).get(f"/cohorts/{cohort.slug}/messages/{page}").status_code == 403


def test_the_calendar_counts_by_day_and_leads_to_the_list(client_as, manager, cohort, anest):
    AssociateFactory(cohort=cohort, status="withdrawn")
    html = client_as(manager).get("/cohorts/qive/messages/").content.decode()
    assert "Messages to come: <b>5</b>" in html
    assert 'aria-label="June 2026. Messages: 3"' in html
    assert html.count('<svg class="month__picture"') == 4  # March to June
    assert "/cohorts/qive/messages/list/?on=2026-06-19&amp;kind=phase-starts" in html
    welsh = client_as(manager).get("/cy/cohorts/qive/messages/").content.decode()
    assert 'aria-label="Mehefin 2026. Negeseuon: 3"' in welsh


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 10),
        ({"on": "2026-06-19", "kind": "phase-starts"}, 2),
        ({"status": "not"}, 5),
        ({"q": "QYFAILL"}, 5),
        ({"on": "nonsense"}, 10),
        ({"q": "nobody"}, 0),
    ],
)
def test_the_list_can_be_narrowed(client_as, manager, cohort, anest, asked, found):
    AssociateFactory(cohort=cohort, status="paused", person__name="Bethan Qaused")
    page = client_as(manager).get("/cohorts/qive/messages/list/", asked)
    assert len(page.context["rows"]) == found


def test_a_cohort_with_nothing_to_come_says_so(client_as, manager, cohort):
    html = client_as(manager).get("/cohorts/qive/messages/").content.decode()
    assert "No message is to come for this cohort." in html


# --- At a terminal --------------------------------------------------------------------------------------------------
def printed(*options):
    out = StringIO()
    call_command("forecast", *options, stdout=out)
    return out.getvalue()


def test_the_command_prints_day_by_day(cohort, anest):
    text = printed("--cohort", "qive")
    assert text.startswith("2026-03-27\n  phase-ends-soon  Anest Qyfaill <")
    assert text.endswith("5 / 5\n")
    assert "Bydd yn cael ei hanfon" in printed("--cohort", "qive", "--language", "cy")


def test_the_command_gives_data(cohort, anest):
    AssociateFactory(cohort=cohort, status="paused")
    data = json.loads(printed("--cohort", "qive", "--json"))
    assert (data["cohort"], data["today"]) == ("qive", TODAY.isoformat())
    goes = [(date.fromisoformat(one["on"]), one["kind"]) for one in data["messages"] if one["goes"]]
    assert goes == TO_COME
    first = data["messages"][0]
    phase = cohort.phases.get(kind="learn_and_explore")
    assert first == {
        "key": first["key"],
        "kind": "phase-ends-soon",
        "on": "2026-03-27",
        "to": {"name": anest.name, "address": anest.email, "language": anest.language, "reference": anest.reference},
        "status": "goes",
        "goes": True,
        "reason": "",
        "event_on": phase.until.isoformat(),
        "working_days": -5,
        "rule_since": None,
    }


def test_a_cohort_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="no cohort"):
        printed("--cohort", "nix")
