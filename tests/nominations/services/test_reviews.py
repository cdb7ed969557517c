"""Criteria, the panel, who is assigned, and scores that stay hidden until all are in."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from core.lifecycle import move
from core.models import AuditEvent
from core.verdicts import NotAllowed
from nominations.models import Criterion, Nomination, Review
from nominations.queries.reviews import conflicts, criteria, result_of, results, visible_to
from nominations.services.reviews import (
    CriterionText,
    abstain,
    assign_reviews,
    join_panel,
    leave_panel,
    recuse,
    set_criteria,
    submit_review,
)
from tests.conftest import TODAY
from tests.factories.cohorts import CohortFactory
from tests.factories.nominations import NominationFactory
from tests.factories.people import EmailAddressFactory, EmploymentFactory, RoleFactory, UserFactory
from tests.nominations.selecting import a_selection, score, scored

pytestmark = pytest.mark.django_db

TWO = [CriterionText("Purpose", "Pwrpas", 3), CriterionText("Release", "Rhyddhau", 1)]


def test_criteria_are_set_by_the_team_and_stay_once_used(manager, coach, today):
    cohort = a_selection()
    with pytest.raises(NotAllowed):
        set_criteria(cohort=cohort, criteria=TWO, by=coach, today=today)
    for wrong in ([], [CriterionText("", "Pwrpas", 3)], [CriterionText("Purpose", "Pwrpas", 11)]):
        with pytest.raises(ValidationError):
            set_criteria(cohort=cohort, criteria=wrong, by=manager, today=today)
    set_criteria(cohort=cohort, criteria=TWO, by=manager, today=today)
    assert [(one.name_cy, one.weight) for one in criteria(cohort)] == [("Pwrpas", 3), ("Rhyddhau", 1)]
    scored(cohort, today, by=manager)
    with pytest.raises(NotAllowed):
        set_criteria(cohort=cohort, criteria=TWO, by=manager, today=today)
    assert Criterion.objects.filter(cohort=cohort).count() == 2


def test_two_each_by_load_and_again_adds_nothing(manager, today):
    cohort = a_selection(nominations=9, panel=3)
    assert assign_reviews(cohort=cohort, by=manager, today=today) == {}
    load = Counter(Review.objects.values_list("reviewer", flat=True))
    assert sorted(load.values()) == [6, 6, 6]
    assert set(Counter(Review.objects.values_list("nomination", flat=True)).values()) == {2}
    assert all(review.moves.count() == 1 for review in Review.objects.all())
    assign_reviews(cohort=cohort, by=manager, today=today)
    assert Review.objects.count() == 18


def test_a_panel_that_is_too_small_is_named(manager, today):
    cohort = a_selection(nominations=1, panel=1)
    assert list(assign_reviews(cohort=cohort, by=manager, today=today).values()) == [1]


def test_somebody_nominated_here_does_not_review_here(manager, today):
    cohort = a_selection(nominations=1)
    with pytest.raises(NotAllowed, match="nominated for this cohort"):
        join_panel(cohort=cohort, person=Nomination.objects.get().person, by=manager, today=today)


def same_organisation(reviewer, nomination):
    EmploymentFactory(person=reviewer, organisation=nomination.organisation)


def coordinates(reviewer, nomination):
    RoleFactory(kind="coordinator", person=reviewer, organisation=nomination.organisation)


def works_where_the_nominee_works(reviewer, nomination):
    there = EmploymentFactory(person=nomination.person).organisation
    EmploymentFactory(person=reviewer, organisation=there)


def named_line_manager(reviewer, nomination):
    nomination.line_manager_email = reviewer.email.upper()
    nomination.save()


def named_by_another_address(reviewer, nomination):
    EmailAddressFactory(user=reviewer, email="other.qaddress@qarth.example", verified=True, primary=False)
    nomination.line_manager_email = "other.qaddress@qarth.example"
    nomination.save()


def line_manager_in_the_register(reviewer, nomination):
    EmploymentFactory(person=nomination.person, line_manager_email=reviewer.email)


def nominee_manages_the_reviewer(reviewer, nomination):
    EmploymentFactory(person=reviewer, line_manager_email=nomination.person.email)


def put_forward(reviewer, nomination):
    nomination.nominated_by = reviewer
    nomination.save()


def oneself(reviewer, nomination):
    nomination.person = reviewer
    nomination.save()


def declared_a_tie(reviewer, nomination):
    step_back(reviewer, nomination, "abstained")


def was_taken_off(reviewer, nomination):
    step_back(reviewer, nomination, "recused")


def step_back(reviewer, nomination, status):
    review, _new = Review.objects.get_or_create(
        nomination=nomination, reviewer=reviewer, defaults={"assigned_on": TODAY}
    )
    move(review, status, by=None, on=TODAY, note="A cousin")


CONFLICTS = [
    same_organisation,
    coordinates,
    works_where_the_nominee_works,
    named_line_manager,
    named_by_another_address,
    line_manager_in_the_register,
    nominee_manages_the_reviewer,
    put_forward,
    oneself,
    declared_a_tie,
    was_taken_off,
]


@pytest.mark.parametrize("make", CONFLICTS)
def test_a_conflict_keeps_a_reviewer_off(make, manager, today):
    cohort = a_selection(nominations=2, panel=0)
    close, far = Nomination.objects.order_by("pk")
    reviewer = UserFactory()
    make(reviewer, close)
    found = Nomination.objects.filter(conflicts(reviewer, today))
    assert set(found) == {close}
    if make is not oneself:
        join_panel(cohort=cohort, person=reviewer, by=manager, today=today)
        short = assign_reviews(cohort=cohort, by=manager, today=today)
        assert short == {close: 2, far: 1}
        assert not Review.objects.filter(reviewer=reviewer, nomination=close, status="assigned").exists()
        assert Review.objects.filter(reviewer=reviewer, nomination=far).exists()


def test_a_conflict_that_comes_later_hides_and_reassigns(manager, today):
    cohort = a_selection(nominations=1, panel=3)
    assign_reviews(cohort=cohort, by=manager, today=today)
    review = Review.objects.select_related("nomination", "reviewer").first()
    same_organisation(review.reviewer, review.nomination)
    assert not visible_to(review.reviewer, today).exists()
    with pytest.raises(NotAllowed):
        score(review, 3, today)
    assign_reviews(cohort=cohort, by=manager, today=today)
    review.refresh_from_db()
    assert review.status == "recused"
    assert Review.objects.filter(status="assigned").exclude(reviewer=review.reviewer).count() == 2


def test_scores_are_hidden_until_all_are_in_and_then_stay(manager, today):
    cohort = a_selection(nominations=1, panel=2)
    assign_reviews(cohort=cohort, by=manager, today=today)
    one, two = Review.objects.select_related("nomination__cohort", "reviewer")
    first, second = criteria(cohort)
    submit_review(review=one, points={first: 5, second: 1}, by=one.reviewer, today=today)
    assert result_of(one.nomination).points is None
    submit_review(review=one, points={first: 4, second: 4}, by=one.reviewer, today=today)
    submit_review(review=two, points={first: 5, second: 1}, by=two.reviewer, today=today)
    result = results(cohort)[one.nomination_id]
    assert (str(result.points), str(result.spread)) == ("4.00", "0.00")
    assert result == result_of(one.nomination)
    with pytest.raises(NotAllowed, match="All scores are in"):
        score(one, 1, today)


def test_points_for_every_criterion_and_from_1_to_5(manager, today):
    cohort = a_selection(nominations=1, panel=2)
    assign_reviews(cohort=cohort, by=manager, today=today)
    review = Review.objects.select_related("nomination__cohort", "reviewer").first()
    first, second = criteria(cohort)
    for points in ({}, {first: 3}, {first: 3, second: 6}, {first: 0, second: 3}):
        with pytest.raises(ValidationError):
            submit_review(review=review, points=points, by=review.reviewer, today=today)
    with pytest.raises(NotAllowed):
        submit_review(review=review, points={first: 3, second: 3}, by=manager, today=today)


def test_who_abstains_is_replaced_and_who_is_recused_too(manager, today):
    cohort = a_selection(nominations=1, panel=4)
    assign_reviews(cohort=cohort, by=manager, today=today)
    one, two = Review.objects.select_related("nomination", "reviewer")
    abstain(review=one, reason="A friend", by=one.reviewer, today=today)
    assert Review.objects.filter(status="assigned").count() == 2
    score(two, 4, today)
    recuse(review=two, reason="A cousin", by=manager, today=today)
    assert sorted(Review.objects.values_list("status", flat=True)) == ["abstained", "assigned", "assigned", "recused"]
    assert results(cohort)[one.nomination_id].submitted == 0
    assert one.moves.get(to_status="abstained").note == "A friend"
    assert AuditEvent.objects.filter(event__in=("review.abstained", "review.recused")).count() == 2
    with pytest.raises(NotAllowed):
        score(one, 4, today)


def test_leaving_the_panel_hands_on_what_is_not_scored(manager, today):
    cohort = a_selection(nominations=2, panel=3)
    assign_reviews(cohort=cohort, by=manager, today=today)
    leaver = Review.objects.first().reviewer
    leave_panel(cohort=cohort, person=leaver, by=manager, today=today)
    assert not visible_to(leaver, today).exists()
    assert Review.objects.filter(status="assigned").exclude(reviewer=leaver).count() == 4


def test_assigning_takes_the_same_queries_for_many(manager, today, django_assert_max_num_queries):
    cohort = a_selection(nominations=60, panel=3)
    with django_assert_max_num_queries(40):
        assign_reviews(cohort=cohort, by=manager, today=today)


def test_who_has_left_the_panel_is_not_too_close_for_that(manager, today):
    cohort = a_selection(nominations=1, panel=3)
    assign_reviews(cohort=cohort, by=manager, today=today)
    leaver = Review.objects.first().reviewer
    leave_panel(cohort=cohort, person=leaver, by=manager, today=today)
    assert Review.objects.filter(reviewer=leaver).get().status == "recused"
    assert not Nomination.objects.filter(conflicts(leaver, today)).exists()


def test_another_cohorts_nomination_is_nothing_to_this_panel(manager, today):
    cohort = a_selection(nominations=1, panel=2)
    NominationFactory(cohort=CohortFactory(status="selecting", order=61), status="complete")
    assign_reviews(cohort=cohort, by=manager, today=today)
    assert Review.objects.exclude(nomination__cohort=cohort).count() == 0
