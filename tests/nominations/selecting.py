"""A cohort in selection, with a panel and people to choose from, for the tests of selection."""

from nominations.models import Review
from nominations.queries.reviews import criteria
from nominations.services.reviews import assign_reviews, submit_review
from tests.factories.cohorts import CohortFactory
from tests.factories.nominations import CriterionFactory, NominationFactory, PanellistFactory
from tests.factories.people import EmploymentFactory, OrganisationFactory, UserFactory


def a_selection(nominations=2, panel=3, **cohort):
    """A cohort with two criteria (weights 3 and 1), reviewers of as many organisations, complete nominations."""
    made = CohortFactory(**{"status": "selecting", "order": 60, "slug": "qelection", **cohort})
    CriterionFactory(cohort=made, name_en="Qurpose", name_cy="Qwrpas", weight=3, order=1)
    CriterionFactory(cohort=made, name_en="Qelease", name_cy="Qyddhau", weight=1, order=2)
    for number in range(panel):
        person = UserFactory(name=f"Qeviewer {number}")
        EmploymentFactory(person=person, organisation=OrganisationFactory())
        PanellistFactory(cohort=made, person=person)
    for number in range(nominations):
        NominationFactory(cohort=made, status="complete", answered=True, person__name=f"Nominee Q{number:03}")
    return made


def score(review, number, today):
    """The same points for every criterion."""
    points = dict.fromkeys(criteria(review.nomination.cohort), number)
    return submit_review(review=review, points=points, by=review.reviewer, today=today)


def scored(cohort, today, *, by, number=4):
    """Everything assigned and scored."""
    assign_reviews(cohort=cohort, by=by, today=today)
    for review in Review.objects.filter(nomination__cohort=cohort, status="assigned").select_related(
        "nomination__cohort", "reviewer"
    ):
        score(review, number, today)
