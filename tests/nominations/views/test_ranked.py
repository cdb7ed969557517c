"""The ranked view: as many queries for five hundred nominations as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from nominations.models import Endorsement, Nomination, NomineePart, Review, Score
from nominations.queries.reviews import criteria
from people.models import User
from tests.nominations.selecting import a_selection, scored

pytestmark = pytest.mark.django_db


def many(cohort, like, count):
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


def test_five_hundred_in_the_ranked_view(client_as, manager, today):
    cohort = a_selection(nominations=3, panel=2)
    scored(cohort, today, by=manager)
    client = client_as(manager)

    def seen():
        client.get(reverse("nominations:selection", args=[cohort.slug]))
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse("nominations:selection", args=[cohort.slug]))
        points = [line.result.points for line in page.context["lines"]]
        return len(points), points == sorted(points, reverse=True), len(caught)

    few = seen()
    many(cohort, Nomination.objects.first(), 497)
    assert few[:2] == (3, True)
    assert seen() == (500, True, few[2])
