"""The pages on which a cohort's milestones are said."""

from datetime import date

import pytest
from django.urls import reverse

from progress.models import Milestone
from tests.factories.cohorts import CohortFactory
from tests.factories.progress import MilestoneFactory, TemplateMilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(today):
    return CohortFactory(status="running")


def page(name, cohort, *more):
    return reverse(f"progress:milestone-{name}", args=[cohort.slug, *more])


def values(cohort, **more):
    return {
        "phase": cohort.phases.get(kind="learn_and_explore").pk,
        "kind": "submit",
        "title_en": "Plan",
        "title_cy": "Cynllun",
        "due_on": "20 March 2026",
        "confirmer": "coach",
        "required": "on",
        "order": "1",
        **more,
    }


def test_a_cohort_starts_with_the_template_which_is_shown_before(cohort, manager, client_as):
    TemplateMilestoneFactory(title_en="From the programme")
    client = client_as(manager)
    assert page("template", cohort) in client.get(page("list", cohort)).content.decode()
    assert "From the programme" in client.get(page("template", cohort)).content.decode()
    after = client.post(page("template", cohort), follow=True).content.decode()
    assert "From the programme" in after
    assert page("template", cohort) not in after
    assert client.get(page("template", cohort)).status_code == 403


def test_one_is_added_changed_and_retired(cohort, manager, client_as):
    client = client_as(manager)
    client.post(page("create", cohort), values(cohort))
    row = Milestone.objects.get()
    assert (row.title_cy, row.due_on, row.confirmer, row.required) == ("Cynllun", date(2026, 3, 20), "coach", True)
    changed = values(cohort, due_on="27/3/2026")
    del changed["phase"], changed["required"]
    refused = client.post(page("update", cohort, row.pk), changed)
    assert list(refused.context["form"].errors) == ["reason"]
    client.post(page("update", cohort, row.pk), {**changed, "reason": "A week more."})
    row.refresh_from_db()
    assert (row.due_on, row.required) == (date(2026, 3, 27), False)
    client.post(page("retire", cohort, row.pk), {"reason": "Fell through."})
    assert "Fell through." in client.get(page("list", cohort)).content.decode()
    assert client.get(page("update", cohort, row.pk)).status_code == 403


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"due_on": "6 April 2026"}, "due_on"),
        ({"title_cy": ""}, "title_cy"),
        ({"explanation_en": "What"}, "explanation_cy"),
        ({"explanation_cy": "Beth"}, "explanation_en"),
        ({"phase": "0"}, "phase"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cohort, manager, client_as, more, field):
    response = client_as(manager).post(page("create", cohort), values(cohort, **more))
    assert list(response.context["form"].errors) == [field]
    assert not Milestone.objects.exists()


def test_others_read_the_list_and_find_no_way_to_change_it(cohort, lab_lead, client_as):
    row = MilestoneFactory(cohort=cohort, title_en="Our plan")
    text = client_as(lab_lead).get(page("list", cohort)).content.decode()
    assert "Our plan" in text
    assert page("update", cohort, row.pk) not in text
    assert client_as(lab_lead).get(page("update", cohort, row.pk)).status_code == 403


def test_a_milestone_of_another_cohort_is_not_found_here(cohort, manager, client_as):
    assert client_as(manager).get(page("update", cohort, MilestoneFactory().pk)).status_code == 404
