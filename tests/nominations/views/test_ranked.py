"""The ranked view: as many queries for five hundred nominations as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nominations.models import Nomination
from tests.nominations.selecting import a_selection, many_more, scored

pytestmark = pytest.mark.django_db


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
    many_more(cohort, Nomination.objects.first(), 497)
    assert few[:2] == (3, True)
    assert seen() == (500, True, few[2])
