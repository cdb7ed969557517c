"""A cohort in selection, with a panel and people to choose from, for the tests of selection."""

from core import clock
from nominations.models import Endorsement, Nomination, NomineePart, Review, Score
from nominations.queries.reviews import criteria
from nominations.services.reviews import assign_reviews, submit_review
from people.models import User
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


def many_more(cohort, like, count):
    """So many more complete, scored nominations, written together."""
    people = User.objects.bulk_create(
        User(name=f"Qanked {number}", email=f"qanked.{number}@qarth.example") for number in range(count)
    )
    common = {
        name: getattr(like, name)
        for name in ("organisation", "nominated_by", "submitted_at", "submitted_on", "job_title", "line_manager_name")
    }
    rows = Nomination.objects.bulk_create(
        Nomination(cohort=cohort, person=person, status="complete", line_manager_email="d@qarth.example", **common)
        for person in people
    )
    at = clock.now()
    NomineePart.objects.bulk_create(NomineePart(nomination=row, answered_at=at, consents=True) for row in rows)
    Endorsement.objects.bulk_create(
        Endorsement(nomination=row, answered_at=at, by_name="D", by_email="d@qarth.example", endorsed=False)
        for row in rows
    )
    reviewers = [review.reviewer for review in like.reviews.all()]
    reviews = Review.objects.bulk_create(
        Review(nomination=row, reviewer=person, status="submitted", assigned_on=like.submitted_on, submitted_at=at)
        for row in rows
        for person in reviewers
    )
    Score.objects.bulk_create(
        Score(review=review, criterion=one, points=1 + number % 5)
        for number, review in enumerate(reviews)
        for one in criteria(cohort)
    )
