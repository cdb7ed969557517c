"""The list, one cohort's page, its details and the steps of its life."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Cohort
from core.bilingual import WelshStatus
from core.models import AuditEvent
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db


def page(cohort, name="detail", **kwargs):
    return reverse(f"cohorts:cohort-{name}", kwargs={"slug": cohort.slug, **kwargs})


@pytest.fixture
def cohort(today):
    return CohortFactory(status="running", name_en="Cohort Qix", name_cy="Carfan Qix")


def test_the_list_says_where_each_cohort_stands(manager, cohort, client_as):
    AssociateFactory(cohort=cohort, status="active")
    text = client_as(manager).get(reverse("cohorts:cohort-list")).content.decode()
    assert "Cohort Qix" in text
    assert "Learn and Explore" in text
    assert "1 / 20" in text
    assert "New cohort" in text


def test_the_list_shows_others_their_own_and_no_button(coordinator, other_coordinator, organisation, cohort, client_as):
    AssociateFactory(cohort=cohort, organisation=organisation)
    for user, count in ((coordinator, 1), (other_coordinator, 0)):
        response = client_as(user).get(reverse("cohorts:cohort-list"))
        assert response.context["lines"][0]["people"] == count
        assert "New cohort" not in response.content.decode()
        assert "/ 20" not in response.content.decode()


@pytest.mark.parametrize("role", ["coach", "lab_lead", "associate", "coordinator", "auditor", "manager"])
def test_the_list_gives_a_number_only_where_the_page_has_the_list(person_as, role, today, client_as):
    user = person_as(role)
    cohort = Cohort.objects.first() or CohortFactory(status="running")
    AssociateFactory(cohort=cohort, status="active")
    client = client_as(user)
    response = client.get(reverse("cohorts:cohort-list"))
    numbers = [line["numbers"] for line in response.context["lines"]]
    text = response.content.decode()
    if 'id="associates"' in client.get(page(cohort)).content.decode():
        assert role in ("coordinator", "auditor", "manager")
        assert numbers == ["0" if role == "coordinator" else "1 / 20"]
        assert f'{page(cohort)}#associates"' in text
    else:
        assert role in ("coach", "lab_lead", "associate")
        assert numbers == [""]
        assert "#associates" not in text
        assert '<td class="govuk-table__cell govuk-table__cell--numeric">–</td>' in text


def test_an_empty_list_says_so_kindly(manager, nobody, today, client_as):
    assert "No cohort has been created yet" in client_as(manager).get(reverse("cohorts:cohort-list")).content.decode()
    assert "no cohort that you can see" in client_as(nobody).get(reverse("cohorts:cohort-list")).content.decode()


def test_the_page_marks_today_and_lists_the_phases(manager, cohort, client_as):
    text = client_as(manager).get(page(cohort)).content.decode()
    assert text.count('class="timeline__today"') == 2
    assert text.count("timeline__bar--now") == 2
    assert "16 February 2026" in text
    assert "10 / 26" in text


def test_before_and_after_there_is_no_today_on_the_line(manager, today, client_as):
    for starts_on in (date(2026, 4, 13), date(2024, 1, 8)):
        cohort = CohortFactory(starts_on=starts_on)
        assert "timeline__today" not in client_as(manager).get(page(cohort)).content.decode()


def test_a_coordinator_sees_own_people_and_counts_only(
    coordinator, organisation, other_organisation, cohort, client_as
):
    own = AssociateFactory(cohort=cohort, status="active", organisation=organisation, person__name="Own Qerson")
    AssociateFactory(cohort=cohort, status="active", organisation=other_organisation, person__name="Other Qerson")
    response = client_as(coordinator).get(page(cohort))
    text = response.content.decode()
    assert "Own Qerson" in text
    assert "Other Qerson" not in text
    assert "Zhill" not in text
    assert response.context["tally"].total == 1
    assert [row.pk for row in response.context["rows"]] == [own.pk]
    assert "Enrol one person" not in text


@pytest.mark.parametrize("role", ["coach", "lab_lead"])
def test_coaches_and_lab_leads_see_dates_and_nobody(person_as, role, cohort, client_as):
    AssociateFactory(cohort=cohort, status="active", person__name="Some Qerson")
    text = client_as(person_as(role)).get(page(cohort)).content.decode()
    assert "Learn and Explore" in text
    assert "Some Qerson" not in text


def test_an_associate_is_led_to_the_own_journey_and_sees_no_other(associate, today, client_as):
    cohort = associate.associates.get().cohort
    AssociateFactory(cohort=cohort, person__name="Other Qerson")
    text = client_as(associate).get(page(cohort)).content.decode()
    assert reverse("progress:associate-journey", args=[cohort.slug, associate.reference]) in text
    assert "Other Qerson" not in text


def test_what_may_not_be_known_is_not_found(coordinator, nobody, associate, today, client_as):
    hidden = CohortFactory(status="planned")
    for user in (coordinator, nobody, associate):
        assert client_as(user).get(page(hidden)).status_code == 404


def test_the_list_of_people_filters_sorts_and_keeps_its_state_in_the_address(manager, cohort, client_as):
    first, second = OrganisationFactory(short_en="Aqarth"), OrganisationFactory(short_en="Bqarth")
    AssociateFactory(cohort=cohort, status="active", organisation=second, person__name="Ann Q", person__language="cy")
    AssociateFactory(cohort=cohort, status="withdrawn", organisation=first, person__name="Bob Q")
    AssociateFactory(cohort=cohort, status="active", person__name="Cai Q")
    client = client_as(manager)

    def names(query):
        return [row.person.name for row in client.get(page(cohort) + query).context["rows"]]

    assert names("") == ["Ann Q", "Bob Q", "Cai Q"]
    assert names("?sort=-name") == ["Cai Q", "Bob Q", "Ann Q"]
    assert names("?sort=organisation")[:2] == ["Bob Q", "Ann Q"]
    assert names("?status=active") == ["Ann Q", "Cai Q"]
    assert names(f"?organisation={second.code}") == ["Ann Q"]
    assert names("?organisation=none") == ["Cai Q"]
    assert names("?language=none") == ["Bob Q", "Cai Q"]
    assert names("?status=active&language=cy") == ["Ann Q"]
    assert names("?status=nonsense&organisation=nonsense") == ["Ann Q", "Bob Q", "Cai Q"]


def test_every_number_leads_to_a_list_of_so_many(manager, cohort, client_as):
    organisation = OrganisationFactory()
    for status in ("active", "active", "withdrawn"):
        AssociateFactory(cohort=cohort, status=status, organisation=organisation)
    client = client_as(manager)
    context = client.get(page(cohort)).context
    for status, count in context["statuses"]:
        assert len(client.get(f"{page(cohort)}?status={status.value}").context["rows"]) == count
    for found, count in context["tally"].by_organisation:
        assert len(client.get(f"{page(cohort)}?organisation={found.code}").context["rows"]) == count


@pytest.mark.parametrize("role", ["manager", "coordinator", "associate"])
def test_the_number_of_queries_is_the_same_for_one_and_three(person_as, role, organisation, today, client_as):
    counts = []
    user = person_as(role)
    own = user.associates.first()
    cohort = own.cohort if own else CohortFactory(status="running")
    client = client_as(user)
    for people in (1, 3):
        while cohort.associates.count() < people:
            AssociateFactory(cohort=cohort, status="active", organisation=organisation)
        CohortFactory(status="running")
        for url in (page(cohort), reverse("cohorts:cohort-list"), reverse("reports:home")):
            client.get(url)
            with CaptureQueriesContext(connection) as seen:
                client.get(url)
            counts.append((url, len(seen.captured_queries)))
    assert counts[:3] == counts[3:]


# --- Details and steps ----------------------------------------------------------------------------------------------


def test_names_and_places_change(manager, cohort, client_as):
    values = {"name_en": "Cohort Qeven", "name_cy": "Carfan Qaith", "capacity": "25", "welsh_confirmed": "on"}
    assert client_as(manager).post(page(cohort, "update"), values).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.name_en, cohort.capacity, cohort.welsh_status) == ("Cohort Qeven", 25, WelshStatus.CONFIRMED)


def test_one_language_changed_alone_marks_the_pair_as_old_until_somebody_confirms(manager, cohort, client_as):
    values = {"name_en": "Cohort Qeven", "name_cy": cohort.name_cy, "capacity": "25", "welsh_confirmed": "on"}
    client = client_as(manager)
    client.post(page(cohort, "update"), values)
    cohort.refresh_from_db()
    assert cohort.welsh_status == WelshStatus.STALE
    client.post(page(cohort, "update"), values)
    cohort.refresh_from_db()
    assert cohort.welsh_status == WelshStatus.CONFIRMED


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "many"}, "capacity"),
        ({"capacity": "1"}, "capacity"),
        ({"name_en": "cohort QEVEN"}, "name_en"),
        ({"name_cy": ""}, "name_cy"),
    ],
)
def test_wrong_details_are_said_at_their_field(manager, cohort, client_as, values, field):
    CohortFactory(name_en="Cohort Qeven")
    AssociateFactory(cohort=cohort)
    AssociateFactory(cohort=cohort)
    good = {"name_en": cohort.name_en, "name_cy": cohort.name_cy, "capacity": "20"}
    response = client_as(manager).post(page(cohort, "update"), {**good, **values})
    assert list(response.context["form"].errors) == [field]


def test_the_steps_of_a_cohort_s_life(manager, today, client_as):
    client = client_as(manager)
    cohort = CohortFactory(starts_on=today - timedelta(days=2))
    AssociateFactory(cohort=cohort)
    text = client.get(page(cohort)).content.decode()
    assert "The first day has passed, so recruitment cannot open." in text
    assert client.get(page(cohort, "status", step="recruit")).status_code == 403
    assert client.get(page(cohort, "status", step="start")).status_code == 200
    assert client.post(page(cohort, "status", step="start"), {"everyone": "on"}).status_code == 302
    assert Cohort.objects.get(pk=cohort.pk).status == "running"
    assert cohort.associates.get().status == "active"
    assert client.get(page(cohort, "status", step="dance")).status_code == 404


def test_recruitment_opens_and_closes_and_a_cohort_is_cancelled_with_a_reason(manager, today, client_as):
    client = client_as(manager)
    cohort = CohortFactory(starts_on=date(2026, 9, 7))
    client.post(page(cohort, "status", step="recruit"))
    client.post(page(cohort, "status", step="select"))
    assert Cohort.objects.get(pk=cohort.pk).status == "selecting"
    assert "reason" in client.post(page(cohort, "status", step="cancel")).context["form"].errors
    client.post(page(cohort, "status", step="cancel"), {"reason": "Too few people."})
    assert Cohort.objects.get(pk=cohort.pk).status == "cancelled"
    assert AuditEvent.objects.get(event="cohort.cancelled").details["reason"] == "Too few people."


@pytest.mark.parametrize("name", ["update", "dates"])
def test_others_are_refused_with_a_reason(coordinator, cohort, client_as, name):
    response = client_as(coordinator).get(page(cohort, name))
    assert response.status_code == 403
    assert "Only the programme team can do this." in response.content.decode()


def test_the_programme_s_own_facts(manager, administrator, coordinator, today, client_as):
    programme = ProgrammeFactory()
    url = reverse("cohorts:programme-update")
    assert client_as(administrator).get(url).status_code == 403
    assert client_as(coordinator).get(url).status_code == 403
    client = client_as(manager)
    form = client.get(url).context["form"]
    values = {
        "name_en": "Infuse",
        "name_cy": "Infuse",
        "contact_email": "help@qarth.example",
        "starts_on": "4 May 2021",
        "funder_en": "The Qund",
        "funder_cy": "Y Gronfa Q",
        "funder_ends_on": "31 Rhagfyr 2026",
        "welsh_confirmed": "on",
        "seen": form["seen"].value(),
    }
    assert list(client.post(url, {**values, "funder_cy": ""}).context["form"].errors) == ["funder_cy"]
    assert client.post(url, values).status_code == 302
    programme.refresh_from_db()
    assert (programme.contact_email, programme.funder_ends_on) == ("help@qarth.example", date(2026, 12, 31))
    assert programme.acknowledges_funder_on(date(2026, 12, 31))
    assert not programme.acknowledges_funder_on(date(2027, 1, 1))
    # The same form from before the change: somebody else was quicker.
    response = client.post(url, {**values, "name_en": "Other"})
    assert "Somebody else changed this" in response.content.decode()
    programme.refresh_from_db()
    assert programme.name_en == "Infuse"
    again = {**values, "name_en": "Other", "name_cy": "Arall", "seen": response.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
