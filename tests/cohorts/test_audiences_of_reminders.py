"""Whom a rule lets hear of a phase: associates, the coordinators who look after them, or both; and until when."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.emails import about
from cohorts.reminders import SOURCES, phase_ends_soon, phase_starts
from messaging import render
from messaging.reminders import Question, Window
from tests.conftest import TODAY
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import MessageRuleFactory
from tests.factories.people import OrganisationFactory, RoleFactory
from tests.reminding import mails

pytestmark = pytest.mark.django_db

# The last working day before “Experiment”, which starts on Easter Monday.
DAY = date(2026, 4, 2)


@pytest.fixture
def cohort(organisation, other_organisation, today):
    made = CohortFactory(status="running")
    for name, where, status in (
        ("Anest Qa", organisation, "active"),
        ("Bryn Qe", organisation, "paused"),
        ("Cati Qi", organisation, "withdrawn"),
        ("Dewi Qo", other_organisation, "active"),
    ):
        AssociateFactory(cohort=made, person__name=name, organisation=where, status=status)
    return made


def told(source=phase_starts, **rule):
    """The names of those who hear, under that rule of the programme."""
    MessageRuleFactory(kind="phase-starts", from_on=TODAY, **rule)
    return sorted(mail.to.name for mail in mails(source, DAY))


def test_associates_alone_are_told_unless_a_rule_says_otherwise(cohort, coordinator):
    assert told() == ["Anest Qa", "Dewi Qo"]


def test_coordinators_are_told_too(cohort, coordinator, other_coordinator):
    assert told(audience="associates-and-coordinators") == ["Anest Qa", "Corwyn Qimble", "Dewi Qo", "Olwen Zimble"]


def test_coordinators_only_hears_no_associate_and_the_reason_is_said(cohort, coordinator):
    assert told(audience="coordinators") == ["Corwyn Qimble"]
    found = list(phase_starts(Question.of_day(DAY)))
    reasons = {str(one.verdict.reason) for one in found if one.mail.to.name == "Anest Qa"}
    assert reasons == {"Here these messages go to coordinators only."}


def test_a_coordinator_reads_whom_it_concerns_of_the_own_people_only(cohort, coordinator):
    told(audience="coordinators")
    (mail,) = mails(phase_starts, DAY)
    words = render.words_of(mail)
    assert "- Anest Qa" in words["en"]["body"]
    assert "- Anest Qa" in words["cy"]["body"]
    for name in ("Bryn Qe", "Cati Qi", "Dewi Qo"):
        assert name not in words["en"]["body"]


def test_of_two_coordinators_written_to_together_each_reads_the_own_names(cohort, coordinator, other_coordinator):
    told(audience="coordinators")
    shared = {}
    words = {mail.to.name: render.words_of(mail, shared)["en"]["body"] for mail in mails(phase_starts, DAY)}
    assert "Dewi Qo" in words["Olwen Zimble"]
    assert "Dewi Qo" not in words["Corwyn Qimble"]
    assert "Anest Qa" not in words["Olwen Zimble"]


def test_a_coordinator_without_people_concerned_hears_nothing_and_why_is_said(cohort, organisation):
    cohort.associates.filter(person__name="Anest Qa").delete()
    RoleFactory(kind="coordinator", organisation=organisation, person__name="Corwyn Q")
    assert told(audience="coordinators") == []
    (found,) = [one for one in phase_starts(Question.of_day(DAY)) if one.mail.to.name == "Corwyn Q"]
    assert "None of the people they look after" in str(found.verdict.reason)


def test_who_is_both_associate_and_coordinator_gets_both_under_two_keys(cohort, organisation):
    person = cohort.associates.get(person__name="Anest Qa").person
    RoleFactory(kind="coordinator", organisation=organisation, person=person)
    MessageRuleFactory(audience="associates-and-coordinators")
    found = mails(phase_starts, DAY, people=[person.reference])
    assert len({mail.key for mail in found}) == 2


def test_asked_about_one_person_the_answer_is_the_same(cohort, coordinator, other_coordinator):
    MessageRuleFactory(audience="associates-and-coordinators")
    everybody = {mail.key for mail in mails(phase_starts, DAY)}
    each = {
        mail.key
        for person in {mail.to.reference for mail in mails(phase_starts, DAY)}
        for mail in mails(phase_starts, DAY, people=[person])
    }
    assert each == everybody


def test_who_has_paused_hears_when_the_rule_says_so(cohort):
    assert told(stop="ended") == ["Anest Qa", "Bryn Qe", "Dewi Qo"]


def test_the_other_reminder_has_the_same_choices(cohort, coordinator):
    MessageRuleFactory(kind="phase-ends-soon", audience="coordinators", offsets=[-5])
    days = [TODAY + timedelta(days=n) for n in range(60)]
    assert {mail.to.name for day in days for mail in mails(phase_ends_soon, day)} == {"Corwyn Qimble"}


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(cohort, organisation):
    MessageRuleFactory(audience="associates-and-coordinators")
    counts = []
    for more in (1, 5):
        for _n in range(more):
            AssociateFactory(cohort=cohort, organisation=organisation, status="active")
            RoleFactory(kind="coordinator", organisation=organisation)
            where = OrganisationFactory()
            AssociateFactory(cohort=cohort, organisation=where, status="active")
            RoleFactory(kind="coordinator", organisation=where)
        with CaptureQueriesContext(connection) as queries:
            assert len(mails(phase_starts, DAY)) > more
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_rule_of_one_cohort_concerns_no_other(cohort, coordinator):
    elsewhere = CohortFactory(status="running", order=4711)
    MessageRuleFactory(scope=about(elsewhere), audience="coordinators")
    asked = Question(Window(TODAY, DAY + timedelta(days=1)), scope=about(cohort))
    assert {mail.to.name for mail in SOURCES[0].mails(asked)} == {"Anest Qa", "Dewi Qo"}
