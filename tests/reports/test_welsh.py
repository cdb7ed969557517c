"""Missing, old and unconfirmed Welsh in data."""

import pytest
from django.urls import reverse

from core.bilingual import WelshStatus
from reports.queries.welsh import HERE, MISSING, open_texts
from tests.factories.challenges import ThemeFactory
from tests.factories.cohorts import CohortFactory, ProgrammeFactory
from tests.factories.labs import LabFactory
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db

PHASES = 5  # their Welsh waits for a translator; they are words of the product


def rows():
    return [(text.english, text.state) for text in open_texts()][:-PHASES]


def test_what_is_confirmed_and_whole_is_not_listed(today):
    CohortFactory()
    LabFactory()
    ThemeFactory()
    assert rows() == []


def test_each_kind_is_listed_the_worst_first(today):
    CohortFactory(name_en="Qohort", welsh_status=WelshStatus.UNCONFIRMED)
    OrganisationFactory(name_en="Qouncil", short_en="Qouncil", welsh_status=WelshStatus.STALE)
    LabFactory(name_en="Qab", name_cy="", teaches_en="Teaches")
    ThemeFactory(name_en="Qheme", about_en="", about_cy="Am")
    programme = ProgrammeFactory()
    programme.funder_en = "Qund"
    programme.save()
    assert rows() == [
        ("Qund", MISSING),
        ("Qab", MISSING),
        ("", MISSING),
        ("Infuse", WelshStatus.STALE),
        ("Qouncil", WelshStatus.STALE),
        ("Qouncil", WelshStatus.STALE),
        ("Qohort", WelshStatus.UNCONFIRMED),
    ]


def test_the_page_filters_and_leads_to_where_it_is_changed(manager, today, client_as):
    cohort = CohortFactory(name_en="Qohort", welsh_status=WelshStatus.UNCONFIRMED)
    LabFactory(name_en="Qab", name_cy="")
    client = client_as(manager)
    page = client.get(reverse("reports:welsh"))
    text = page.content.decode()
    assert reverse("cohorts:cohort-update", args=[cohort.slug]) in text
    assert 'lang="cy"' in text
    counted = {name: count for name, _label, count in page.context["choices"]}
    assert counted == {MISSING: 1, WelshStatus.UNCONFIRMED: 1 + PHASES, HERE: 1}
    for name, count in counted.items():
        assert len(client.get(f"{reverse('reports:welsh')}?state={name}").context["texts"]) == count


def test_saving_both_languages_and_confirming_takes_a_row_off(manager, today, client_as):
    cohort = CohortFactory(welsh_status=WelshStatus.UNCONFIRMED)
    values = {"name_en": cohort.name_en, "name_cy": "Carfan Arall", "capacity": "20", "welsh_confirmed": "on"}
    client = client_as(manager)
    client.post(reverse("cohorts:cohort-update", args=[cohort.slug]), values)
    client.post(reverse("cohorts:cohort-update", args=[cohort.slug]), values)
    assert rows() == []


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("administrator", 200), ("coordinator", 403)])
def test_it_is_the_programme_team_s(person_as, role, status, today, client_as):
    ProgrammeFactory(welsh_status=WelshStatus.UNCONFIRMED)
    page = client_as(person_as(role)).get(reverse("reports:welsh"))
    assert page.status_code == status
    # The programme's own texts are changed by a manager.
    assert (reverse("cohorts:programme-update") in page.content.decode()) is (role == "manager")


def test_the_number_of_queries_does_not_depend_on_the_rows(today, django_assert_num_queries):
    for count in (1, 3):
        for _unused in range(count):
            CohortFactory(welsh_status=WelshStatus.STALE)
            OrganisationFactory(welsh_status=WelshStatus.STALE)
        with django_assert_num_queries(7):
            open_texts()
