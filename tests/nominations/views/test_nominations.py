"""Pages about nominations: list, one nomination, nominating, withdrawing, merging, and applying by oneself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Message
from nominations.models import Nomination
from nominations.queries.nominations import visible_to
from tests.factories.challenges import ThemeFactory
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.nominations import NominationFactory, PlacesFactory
from tests.factories.people import RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

PERSON = {
    "first_name": "Siân",
    "last_name": "Qŵyn",
    "email": "sian@qarth.example",
    "job_title": "Officer",
    "directorate": "",
    "line_manager_name": "Delyth Qrmond",
    "line_manager_email": "delyth@qarth.example",
    "theme": "",
    "reason": "She would try things.",
}


@pytest.fixture
def cohort(today):
    return CohortFactory(
        status="recruiting",
        starts_on=today.replace(month=9, day=7),
        recruitment_opens_on=today - timedelta(weeks=1),
        recruitment_until=today + timedelta(weeks=4),
    )


@pytest.fixture
def places(cohort, organisation):
    return PlacesFactory(cohort=cohort, organisation=organisation, indicative=5)


@pytest.fixture
def coordinator(organisation, places):
    return RoleFactory(kind="coordinator", organisation=organisation).person


@pytest.fixture
def client(client_as, coordinator):
    return client_as(coordinator)


def url(name, cohort, *more):
    return reverse(f"nominations:{name}", args=[cohort.slug, *more])


def test_a_coordinator_nominates_with_a_theme(client, cohort, coordinator):
    theme = ThemeFactory()
    page = client.post(url("nomination-create", cohort), {**PERSON, "theme": theme.slug}, follow=True)
    assert "Nominated. The nominee and the line manager are being asked by email." in page.content.decode()
    nomination = Nomination.objects.get()
    assert (nomination.nominated_by, list(nomination.themes.all())) == (coordinator, [theme])
    again = client.post(url("nomination-create", cohort), PERSON, follow=True)
    assert "This person was nominated already." in again.content.decode()
    assert Message.objects.count() == 2


@pytest.mark.parametrize("name", ["first_name", "last_name", "email", "job_title", "line_manager_email", "reason"])
def test_what_is_missing_is_said_beside_its_box(client, cohort, name):
    page = client.post(url("nomination-create", cohort), {**PERSON, name: " "})
    assert list(page.context["form"].errors) == [name]
    assert not Nomination.objects.exists()


def test_oneself_and_the_own_manager_are_refused_with_why(client, cohort, coordinator):
    page = client.post(url("nomination-create", cohort), {**PERSON, "email": coordinator.email})
    assert "You cannot nominate yourself." in page.content.decode()
    page = client.post(url("nomination-create", cohort), {**PERSON, "line_manager_email": "SIAN@qarth.example"})
    assert "own email address" in page.content.decode()
    assert not Nomination.objects.exists()


def test_over_the_number_warns_and_asks_why(client, cohort, places):
    places.indicative = 0
    places.save()
    page = client.get(url("nomination-create", cohort))
    assert "more than the organisation’s indicative places" in page.content.decode()
    refused = client.post(url("nomination-create", cohort), PERSON)
    assert "over_places_reason" in refused.context["form"].errors
    client.post(url("nomination-create", cohort), {**PERSON, "over_places_reason": "Two teams merge."})
    assert Nomination.objects.get().over_places_reason == "Two teams merge."


def test_an_associate_elsewhere_is_shown_and_allowed_with_a_reason(client, cohort):
    AssociateFactory(person=UserFactory(email="sian@qarth.example"), cohort=CohortFactory(name_en="Qohort Three"))
    refused = client.post(url("nomination-create", cohort), PERSON)
    text = refused.content.decode()
    assert "This person already has a place in another cohort: Qohort Three." in text
    assert 'textarea name="elsewhere_reason"' in text
    client.post(url("nomination-create", cohort), {**PERSON, "elsewhere_reason": "A new job."})
    assert Nomination.objects.get().elsewhere_reason == "A new job."


def test_the_team_chooses_the_organisation(client_as, manager, cohort, organisation, other_organisation, places):
    client = client_as(manager)
    assert "organisation" in client.post(url("nomination-create", cohort), PERSON).context["form"].errors
    client.post(url("nomination-create", cohort), {**PERSON, "organisation": organisation.code})
    assert Nomination.objects.get().organisation == organisation


def test_closed_recruitment_says_why(client, cohort):
    cohort.status = "selecting"
    cohort.save()
    for name in ("nomination-create", "nomination-import"):
        page = client.get(url(name, cohort))
        assert page.status_code == 403
        assert "Nominations for this cohort are closed." in page.content.decode()


def test_the_list_narrows_and_counts_the_same_queries(client, cohort, organisation, django_assert_num_queries):
    address = url("nomination-list", cohort)
    NominationFactory(cohort=cohort, organisation=organisation, person__name="Anest Qa")
    client.get(address)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    one = count()
    for _ in range(3):
        NominationFactory(cohort=cohort, organisation=organisation, status="complete", answered=True)
    assert count() == one
    assert len(client.get(f"{address}?status=complete").context["rows"]) == 3
    assert [row.person.name for row in client.get(f"{address}?name=anest").context["rows"]] == ["Anest Qa"]


def test_others_see_nothing_of_it(client_as, cohort, organisation):
    nomination = NominationFactory(cohort=cohort, organisation=organisation)
    other = client_as(RoleFactory(kind="coordinator").person)
    assert not other.get(url("nomination-list", cohort)).context["rows"]
    assert other.get(url("nomination-detail", cohort, nomination.reference)).status_code == 404
    assert other.get(url("nomination-withdraw", cohort, nomination.reference)).status_code == 404
    for kind in ("coach", "lab_lead"):
        client = client_as(RoleFactory(kind=kind).person)
        assert client.get(url("nomination-list", cohort)).status_code == 403
        assert client.get(url("nomination-detail", cohort, nomination.reference)).status_code == 404


def test_the_nominee_sees_the_own_nomination_without_others_reasons(client_as, cohort, organisation, today):
    nomination = NominationFactory(cohort=cohort, organisation=organisation, over_places_reason="Qecret.")
    assert list(visible_to(nomination.person, today)) == [nomination]
    page = client_as(nomination.person).get(url("nomination-detail", cohort, nomination.reference))
    assert page.status_code == 200
    assert "Qecret." not in page.content.decode()


def test_withdrawing_asks_why(client, cohort, organisation):
    nomination = NominationFactory(cohort=cohort, organisation=organisation)
    address = url("nomination-withdraw", cohort, nomination.reference)
    assert "reason" in client.post(address, {"reason": ""}).context["form"].errors
    page = client.post(address, {"reason": "Moves away."}, follow=True)
    assert "The nomination was withdrawn." in page.content.decode()
    assert "Moves away." in page.content.decode()


def test_the_same_name_is_offered_for_merging(client, cohort, organisation):
    kept = NominationFactory(cohort=cohort, organisation=organisation, person__name="Siân Qŵyn")
    other = NominationFactory(cohort=cohort, organisation=organisation, person__name="siân qŵyn", route="self")
    page = client.get(url("nomination-detail", cohort, kept.reference))
    assert "Perhaps the same person" in page.content.decode()
    page = client.post(url("nomination-merge", cohort, kept.reference, other.reference), follow=True)
    text = page.content.decode()
    assert "Merged. Both histories are kept." in text
    assert other.person.email in text
    old = client.get(url("nomination-detail", cohort, other.reference)).content.decode()
    assert "This nomination was merged." in old


# --- Applying by oneself --------------------------------------------------------------------------------------------
def test_anybody_applies_and_gets_the_same_answer(browser_less, cohort, organisation, other_organisation):
    NominationFactory(cohort=cohort, person=UserFactory(email="known@qarth.example"))
    answers = []
    for address in ("known@qarth.example", "new@qarth.example"):
        values = {**PERSON, "email": address, "organisation": organisation.code}
        page = browser_less.post(url("apply", cohort), values)
        answers.append((page.status_code, page.headers["Location"]))
    assert len(set(answers)) == 1
    assert Nomination.objects.get(person__email="new@qarth.example").route == "self"
    assert Nomination.objects.filter(person__email="known@qarth.example").count() == 1


def test_applications_are_limited(browser_less, cohort, organisation, other_organisation):
    values = {**PERSON, "organisation": organisation.code}
    codes = [browser_less.post(url("apply", cohort), values).status_code for _ in range(4)]
    assert codes == [302, 302, 302, 429]


def test_the_front_page_leads_to_the_application(browser_less, cohort):
    assert url("apply", cohort) in browser_less.get("/").content.decode()


def test_no_application_when_closed_or_not_announced(browser_less, cohort):
    cohort.status = "selecting"
    cohort.save()
    assert browser_less.get(url("apply", cohort)).status_code == 403
    cohort.status = "planned"
    cohort.save()
    assert browser_less.get(url("apply", cohort)).status_code == 404


@pytest.fixture
def browser_less():
    return Client()


@pytest.mark.parametrize(("kind", "starts"), [("csv", b"\xef\xbb\xbfEnw cyntaf,Cyfenw"), ("xlsx", b"PK")])
def test_the_template_is_there_in_either_language(client, cohort, kind, starts):
    answer = client.get(url("nomination-template", cohort, "cy", kind))
    assert answer.content.startswith(starts)
    assert client.get(url("nomination-template", cohort, "fr", kind)).status_code == 404
