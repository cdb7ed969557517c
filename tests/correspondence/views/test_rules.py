"""The pages of rules: what counts, what would change, and saving it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import MessageRule
from tests.conftest import TODAY
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import MessageRuleFactory

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def cohort(today):
    made = CohortFactory(slug="five", status="running")
    AssociateFactory(cohort=made, status="active")
    return made


def typed(**more):
    fields = {"way": "own", "days": "10", "audience": "associates", "stop": "left", "approve_above": "50"}
    return {**fields, "late_after_days": "", "from_on": TOMORROW.isoformat(), **more}


ADDRESS = "/cohorts/five/messages/rules/phase-starts/"


def test_the_list_says_what_counts_since_when_and_by_whom(client_as, manager, cohort):
    MessageRuleFactory(scope="", offsets=[-5], set_by=manager.reference)
    MessageRuleFactory(kind="recruitment-opened", scope="cohorts.cohort:five", offsets=[], is_on=False)
    html = client_as(manager).get("/cohorts/five/messages/rules/").content.decode()
    assert "5 working days before the first day of a phase" in html
    assert re.search(r"The programme’s rule\. Since: 11 March 2026 · Set by: Morfydd Qallo", html)
    card = html[html.index('id="recruitment-opened"') :]
    assert "Off" in card[: card.index("</article>")]
    welsh = client_as(manager).get("/cy/cohorts/five/messages/rules/").content.decode()
    assert "5 diwrnod gwaith cyn diwrnod cyntaf cyfnod" in welsh


def test_first_what_would_change_and_then_saving(client_as, manager, cohort):
    client = client_as(manager)
    html = client.post(ADDRESS, typed()).content.decode()
    assert "What would change. Nothing is saved yet." in html
    assert "20 March 2026 · People: 1" in html
    assert not MessageRule.objects.exists()
    checked = re.search(r'name="checked" value="([^"]+)"', html)[1].replace("&#x27;", "'")
    # Something else than what was shown is shown first.
    again = client.post(ADDRESS, typed(checked=checked, days="9")).content.decode()
    assert "Nothing is saved yet." in again
    assert client.post(ADDRESS, typed(checked=checked)).status_code == 302
    saved = MessageRule.objects.get()
    assert (saved.offsets, saved.scope, saved.from_on, saved.set_by) == (
        [-10],
        "cohorts.cohort:five",
        TOMORROW,
        manager.reference,
    )


def test_a_message_that_falls_out_is_named(client_as, manager, cohort):
    html = client_as(manager).post(ADDRESS, typed(from_on="2026-03-25")).content.decode()
    assert "No message" in html
    assert "its day comes before the rule begins" in html


def test_a_rule_that_begins_later_is_named_where_another_is_set(client_as, manager, cohort):
    MessageRuleFactory(scope="cohorts.cohort:five", from_on=TODAY + timedelta(days=5), is_on=False)
    html = client_as(manager).post(ADDRESS, typed()).content.decode()
    assert "A rule that was set before begins on: <strong>Monday 16 March 2026</strong>" in html
    # It switches off what the new rule would say, so nothing changes.
    assert "No message of the next six months changes its day or its people." in html


def test_several_days_are_typed_with_commas(client_as, manager, cohort):
    html = client_as(manager).post(ADDRESS, typed(days="10, 1; 5")).content.decode()
    assert "20 March 2026 · People: 1<br>27 March 2026 · People: 1<br>2 April 2026 · People: 1" in html


@pytest.mark.parametrize("days", ["", "0", "-5", "five", "61", "1,2,3,4,5,6", "1.5", "٥"])
def test_wrong_days_are_refused_beside_the_field(client_as, manager, cohort, days):
    html = client_as(manager).post(ADDRESS, typed(days=days)).content.decode()
    assert 'id="id_days_error"' in html or "govuk-form-group--error" in html
    assert not MessageRule.objects.exists()


def test_news_is_switched_off_in_one_step(client_as, manager, cohort):
    address = "/cohorts/five/messages/rules/recruitment-opened/"
    html = client_as(manager).get(address).content.decode()
    assert "How many working days" not in html
    client_as(manager).post(address, {"way": "off", "from_on": TOMORROW.isoformat()})
    assert not MessageRule.objects.get().is_on


def test_the_programme_s_rules_have_their_own_pages(client_as, manager, cohort):
    address = reverse("correspondence:rule-default", args=["cohort-created"])
    client_as(manager).post(address, {"way": "off", "from_on": TOMORROW.isoformat()})
    assert MessageRule.objects.get().scope == ""
    html = client_as(manager).get("/cohorts/five/messages/rules/").content.decode()
    assert "The programme’s rule" not in html[html.index('id="cohort-created"') :].split("</article>")[0]


def test_a_rule_to_come_is_taken_back(client_as, manager, cohort):
    row = MessageRuleFactory(scope="cohorts.cohort:five", from_on=date(2026, 4, 1))
    html = client_as(manager).get("/cohorts/five/messages/rules/").content.decode()
    address = reverse("correspondence:rule-take-back", args=[row.pk])
    assert address in html
    assert client_as(manager).post(address).url == "/cohorts/five/messages/rules/"
    assert not MessageRule.objects.exists()


def test_a_kind_that_is_owed_or_unknown_has_no_rule_page(client_as, manager, associate, cohort):
    assert client_as(manager).get("/messages/rules/sign-in-code/").status_code == 403
    assert client_as(manager).get("/messages/rules/nothing/").status_code == 404
    assert client_as(associate).get("/messages/rules/nothing/").status_code == 403


def test_a_cohort_that_is_over_shows_its_rules_and_why_they_stay(client_as, manager, today):
    CohortFactory(slug="over", status="finished")
    html = client_as(manager).get("/cohorts/over/messages/rules/").content.decode()
    assert "This cohort is over, so nothing more is sent." in html
    assert "Change the rule" not in html


def test_the_list_costs_the_same_however_many_rules_there_are(client_as, manager, cohort):
    client, counts = client_as(manager), []
    for _twice in range(2):
        for n in range(4):
            day = TODAY + timedelta(days=n + 10 * len(counts))
            MessageRuleFactory(scope="cohorts.cohort:five", from_on=day, set_by=manager.reference)
        client.get("/cohorts/five/messages/rules/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/cohorts/five/messages/rules/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
