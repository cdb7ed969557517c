"""The recruitment page, for the programme team and for coordinators."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from messaging.models import Message
from nominations.models import Places
from nominations.reminders import recruitment_closes_soon
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.nominations import NominationFactory, PlacesFactory
from tests.factories.people import RoleFactory
from tests.reminding import mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(today):
    return CohortFactory(
        status="recruiting",
        order=50,
        starts_on=today.replace(month=9, day=7),
        recruitment_opens_on=today - timedelta(weeks=1),
        recruitment_until=today + timedelta(days=8),
    )


@pytest.fixture
def coordinator(organisation):
    return RoleFactory(kind="coordinator", organisation=organisation, person__language="cy").person


def url(cohort, *more):
    names = {0: "recruitment", 1: more[0] if more else ""}
    return reverse(f"nominations:{names[len(more[:1])]}", args=[cohort.slug, *more[1:]])


def closing(day, **more):
    """The mails of that day that recruitment closes soon."""
    return mails(recruitment_closes_soon, day, **more)


def lines(page):
    return {line.organisation.short_en: line for line in page.context["lines"]}


def test_places_of_all_organisations_with_what_earlier_cohorts_used(
    client_as, manager, cohort, organisation, other_organisation
):
    earlier = CohortFactory(status="finished", order=3, name_en="Qohort Three")
    AssociateFactory(cohort=earlier, organisation=organisation, status="completed")
    NominationFactory(cohort=cohort, organisation=other_organisation, status="accepted")
    NominationFactory(cohort=cohort, organisation=other_organisation, status="withdrawn")
    client = client_as(manager)
    page = client.get(url(cohort))
    assert "Used in: Qohort Three" in page.content.decode()
    ours, theirs = lines(page)[organisation.short_en], lines(page)[other_organisation.short_en]
    assert ours.earlier == ((earlier, 1),)
    assert (theirs.nominated, theirs.accepted, theirs.over) == (1, 1, 1)
    boxes = {f"places-{line.organisation.pk}": "1" for line in page.context["lines"]}
    client.post(url(cohort), {**boxes, f"places-{organisation.pk}": "3"})
    assert Places.objects.get(cohort=cohort, organisation=organisation).indicative == 3
    event = AuditEvent.objects.filter(event="places.set", details__organisation=organisation.code).get()
    assert (event.details["before"], event.details["after"]) == (0, 3)


def test_a_wrong_number_saves_nothing(client_as, manager, cohort, organisation):
    client = client_as(manager)
    boxes = {f"places-{line.organisation.pk}": "1" for line in client.get(url(cohort)).context["lines"]}
    page = client.post(url(cohort), {**boxes, f"places-{organisation.pk}": "many"})
    assert page.context["form"].errors
    assert not Places.objects.filter(indicative__gt=0).exists()


def test_the_window_is_changed_here(client_as, manager, cohort, today):
    client = client_as(manager)
    values = {"recruitment_opens_on": "1 March 2026", "recruitment_last_day": "31 March 2026"}
    client.post(url(cohort, "recruitment-window"), values)
    cohort.refresh_from_db()
    assert cohort.recruitment_until.isoformat() == "2026-04-01"
    wrong = client.post(url(cohort, "recruitment-window"), {**values, "recruitment_last_day": "1 February 2026"})
    assert "recruitment_last_day" in wrong.context["form"].errors


def test_a_coordinator_sees_the_own_organisation_only(client_as, coordinator, cohort, organisation, other_organisation):
    page = client_as(coordinator).get(url(cohort))
    assert list(lines(page)) == [organisation.short_en]
    text = page.content.decode()
    assert "No nominees this time" in text
    assert other_organisation.name_en not in text
    refused = client_as(coordinator).post(url(cohort), {f"places-{organisation.pk}": "9"})
    assert refused.status_code == 403
    assert "Only the programme team can do this." in refused.content.decode()
    assert not Places.objects.filter(indicative=9).exists()


def test_none_this_time_and_taking_it_back(client_as, coordinator, cohort, organisation, today):
    client = client_as(coordinator)
    assert [mail.to.reference for mail in closing(today)] == [coordinator.reference]
    client.post(url(cohort, "places-none", organisation.code))
    row = Places.objects.get(cohort=cohort, organisation=organisation)
    assert (row.no_nominees_on, row.no_nominees_by) == (today, coordinator)
    assert not closing(today)
    assert "Nominate after all" in client.get(url(cohort)).content.decode()
    client.post(url(cohort, "places-after-all", organisation.code))
    row.refresh_from_db()
    assert row.no_nominees_on is None
    assert len(closing(today)) == 1


def test_none_is_no_answer_for_an_organisation_with_nominations(client_as, coordinator, cohort, organisation):
    NominationFactory(cohort=cohort, organisation=organisation)
    page = client_as(coordinator).get(url(cohort, "places-none", organisation.code))
    assert page.status_code == 403
    assert "Withdraw them first." in page.content.decode()


def test_another_organisation_is_not_there(client_as, coordinator, cohort, other_organisation):
    assert client_as(coordinator).get(url(cohort, "places-none", other_organisation.code)).status_code == 404


# --- Mails ----------------------------------------------------------------------------------------------------------
def test_coordinators_are_told_in_their_language_and_where(client_as, manager, coordinator, today):
    planned = CohortFactory(status="planned", slug="eight", starts_on=today.replace(month=9, day=7))
    client_as(manager).post(reverse("cohorts:cohort-status", args=[planned.slug, "recruit"]))
    mail = Message.objects.get(kind="recruitment-opened", person=coordinator.reference)
    assert mail.language == "cy"
    assert "/cy/cohorts/eight/recruitment/" in mail.words["cy"]["body"]
    assert "/cohorts/eight/recruitment/" in mail.words["en"]["body"]


def test_closing_soon_is_said_once_a_week_before(cohort, coordinator, organisation, today):
    (mail,) = closing(today)
    assert mail.key.endswith(f"2026-03-18:{coordinator.reference}")
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        assert not closing(day)
    assert not closing(today, people=[])


def test_who_has_used_the_places_is_not_reminded(cohort, coordinator, organisation, today):
    PlacesFactory(cohort=cohort, organisation=organisation, indicative=1)
    assert closing(today)
    NominationFactory(cohort=cohort, organisation=organisation)
    assert not closing(today)


def test_a_coordinator_of_two_gets_one_mail(cohort, coordinator, organisation, other_organisation, today):
    RoleFactory(kind="coordinator", person=coordinator, organisation=other_organisation)
    (mail,) = closing(today)
    assert len(mail.context["lines"]) == 2


def test_who_coordinates_several_organisations_costs_no_more_queries(client_as, coordinator, cohort):
    def count():
        client = client_as(coordinator)
        client.get(url(cohort))
        with CaptureQueriesContext(connection) as caught:
            page = client.get(url(cohort))
        return len(page.context["own"]), len(caught)

    one = count()
    for _more in range(3):
        RoleFactory(kind="coordinator", person=coordinator)
    four = count()
    assert (one[0], four[0]) == (1, 4)
    assert one[1] == four[1]
