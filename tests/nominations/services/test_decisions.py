"""Decisions: prepared quietly, taken back freely, released together by somebody else; reserves and vacancies."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.verdicts import NotAllowed
from messaging.models import Message
from nominations import emails
from nominations.enums import NominationStatus
from nominations.models import Decision, Link, Nomination, SelectionRecord
from nominations.queries.records import content_for, is_as_frozen
from nominations.queries.selection import balance, ranked, ranking_for, reserve_candidates, vacancies
from nominations.services.decisions import prepare_decision, release_decisions, take_back_decision
from nominations.services.nominations import withdraw_nomination
from nominations.services.records import freeze_record
from nominations.services.reviews import assign_reviews
from tests.factories.challenges import ThemeFactory
from tests.factories.labs import LabPreferenceFactory
from tests.factories.nominations import NominationFactory, PlacesFactory
from tests.factories.people import EmploymentFactory
from tests.nominations.selecting import a_selection, score, scored

pytestmark = pytest.mark.django_db


def prepare(nomination, outcome, by, today, **more):
    if outcome == "reserve":
        more.setdefault("reserve_until", today + timedelta(days=30))
    if outcome == "offered":
        more.setdefault("answer_by", today + timedelta(days=14))
    return prepare_decision(nomination=nomination, outcome=outcome, **{"reason": "strong", **more}, by=by, today=today)


@pytest.fixture
def cohort(manager, today):
    made = a_selection(nominations=4, panel=2, capacity=2)
    scored(made, today, by=manager)
    return made


@pytest.fixture
def four(cohort):
    return list(Nomination.objects.filter(cohort=cohort).order_by("pk"))


def test_nothing_is_said_until_a_second_person_releases(cohort, four, manager, administrator, today):
    for nomination, outcome in zip(four, ("offered", "reserve", "not_selected", "not_eligible"), strict=True):
        prepare(nomination, outcome, manager, today)
    assert Message.objects.filter(kind="decision-released").count() == 0
    with pytest.raises(NotAllowed, match="second person"):
        release_decisions(cohort=cohort, by=manager, today=today)
    assert release_decisions(cohort=cohort, by=administrator, today=today) == 4
    assert [Nomination.objects.get(pk=row.pk).status for row in four] == [
        "offered",
        "reserve",
        "not_selected",
        "not_eligible",
    ]
    assert Message.objects.filter(kind="decision-released").count() == 4
    assert Link.objects.filter(purpose="offer").count() == 1
    with pytest.raises(NotAllowed, match="No decisions"):
        release_decisions(cohort=cohort, by=administrator, today=today)
    assert Message.objects.filter(kind="decision-released").count() == 4
    assert not take_back_decision(nomination=four[0], by=manager, today=today)


def test_each_letter_says_what_it_must_in_both_languages(cohort, four, manager, administrator, today):
    until = today + timedelta(days=40)
    prepare(four[0], "offered", manager, today, answer_by=until)
    prepare(four[1], "reserve", manager, today, reserve_until=until)
    prepare(four[2], "not_selected", manager, today, reason="score")
    prepare(four[3], "not_eligible", manager, today, reason="other", note="Internal words")
    release_decisions(cohort=cohort, by=administrator, today=today)
    words = [Message.objects.get(key=f"decision:{row.decisions.get().pk}").words for row in four]
    assert [one["en"]["body"].count("20 April 2026") for one in words] == [1, 1, 0, 0]
    assert [one["cy"]["body"].count("20 Ebrill 2026") for one in words] == [1, 1, 0, 0]
    assert "Reason: Others scored higher" in words[2]["en"]["body"]
    assert "Nid ydych" in words[2]["cy"]["body"]
    assert "not eligible" in words[3]["en"]["body"]
    assert "Internal words" not in str(words)


def test_undo_until_released(cohort, four, manager, administrator, today):
    prepare(four[0], "not_selected", manager, today)
    prepare(four[0], "offered", manager, today)
    assert Decision.objects.get().outcome == "offered"
    assert take_back_decision(nomination=four[0], by=administrator, today=today)
    assert not Decision.objects.exists()


def test_what_cannot_be_prepared(cohort, four, manager, coach, today):
    with pytest.raises(NotAllowed):
        prepare(four[0], "offered", coach, today)
    for outcome, wrong in (
        ("reserve", {"reserve_until": today - timedelta(days=1)}),
        ("offered", {"answer_by": None}),
        ("not_selected", {"reason": "other", "note": " "}),
    ):
        with pytest.raises(ValidationError):
            prepare(four[0], outcome, manager, today, **wrong)
    unscored = NominationFactory(cohort=cohort, status="complete")
    with pytest.raises(NotAllowed, match="awaited"):
        prepare(unscored, "offered", manager, today)
    prepare(unscored, "not_eligible", manager, today)


def test_nobody_decides_about_somebody_close(cohort, four, manager, administrator, today):
    EmploymentFactory(person=manager, organisation=four[0].organisation)
    with pytest.raises(NotAllowed, match="too close"):
        prepare(four[0], "offered", manager, today)
    prepare(four[0], "offered", administrator, today)
    with pytest.raises(NotAllowed, match="too close"):
        take_back_decision(nomination=four[0], by=manager, today=today)


def test_a_colleagues_decision_is_released_with_the_others_but_never_ones_own_affair(
    cohort, four, manager, administrator, today
):
    """Else nobody of a lead council could be chosen while the programme team works there."""
    EmploymentFactory(person=manager, organisation=four[0].organisation)
    prepare(four[0], "offered", administrator, today)
    four[1].line_manager_email = manager.email
    four[1].save()
    prepare(four[1], "not_selected", administrator, today)
    with pytest.raises(NotAllowed, match="too close"):
        release_decisions(cohort=cohort, by=manager, today=today)
    take_back_decision(nomination=four[1], by=administrator, today=today)
    assert release_decisions(cohort=cohort, by=manager, today=today) == 1


def test_somebody_who_withdrew_does_not_hold_up_the_others(cohort, four, manager, administrator, today):
    prepare(four[0], "offered", manager, today)
    prepare(four[1], "offered", manager, today)
    withdraw_nomination(nomination=four[0], reason="", by=manager, today=today)
    assert release_decisions(cohort=cohort, by=administrator, today=today) == 1
    assert four[0].decisions.count() == 0


def test_a_day_that_has_passed_holds_up_the_release(cohort, four, manager, administrator, today):
    prepare(four[0], "offered", manager, today, answer_by=today)
    with pytest.raises(NotAllowed, match="has passed"):
        release_decisions(cohort=cohort, by=administrator, today=today + timedelta(days=1))


def test_a_release_that_breaks_off_leaves_nothing(cohort, four, manager, administrator, today, monkeypatch):
    prepare(four[0], "offered", manager, today)
    prepare(four[1], "not_selected", manager, today)
    real = emails.decision_released

    def break_off(decision, *more):
        if decision.nomination_id == four[1].pk:
            raise KeyboardInterrupt
        return real(decision, *more)

    monkeypatch.setattr(emails, "decision_released", break_off)
    with pytest.raises(KeyboardInterrupt):
        release_decisions(cohort=cohort, by=administrator, today=today)
    assert not Decision.objects.filter(released_at__isnull=False).exists()
    assert (
        Message.objects.filter(kind="decision-released").count(),
        Link.objects.count(),
        SelectionRecord.objects.count(),
    ) == (0, 0, 0)
    monkeypatch.undo()
    assert release_decisions(cohort=cohort, by=administrator, today=today) == 2
    assert Message.objects.filter(kind="decision-released").count() == 2


def test_ranked_with_spread_and_the_live_balance(manager, today):
    theme = ThemeFactory()
    cohort = a_selection(nominations=2, panel=2, capacity=5)
    first, second = Nomination.objects.order_by("pk")
    second.themes.set([theme])
    LabPreferenceFactory(cohort=cohort, person=second.person)
    PlacesFactory(cohort=cohort, organisation=second.organisation, indicative=3)
    assign_reviews(cohort=cohort, by=manager, today=today)
    for number, review in enumerate(second.reviews.select_related("nomination__cohort", "reviewer")):
        score(review, 5 - number, today)
    lines = ranked(cohort)
    assert [line.nomination for line in lines] == [second, first]
    assert [str(lines[0].result.points), str(lines[0].result.spread), lines[1].result.points] == ["4.50", "1.00", None]
    assert balance(cohort, lines).chosen == 0
    prepare(second, "offered", manager, today)
    now = balance(cohort, ranked(cohort))
    share = next(one for one in now.organisations if one.thing == second.organisation)
    assert (now.chosen, now.places, share.chosen, share.of, share.indicative) == (1, 5, 1, 1, 3)
    assert [(one.thing, one.chosen) for one in now.themes] == [(theme, 1)]
    assert [one.chosen for one in now.labs] == [1]


def test_the_reserve_that_keeps_the_balance_is_proposed_first(cohort, four, manager, administrator, today):
    PlacesFactory(cohort=cohort, organisation=four[2].organisation, indicative=1)
    prepare(four[0], "offered", manager, today)
    for nomination in four[1:3]:
        prepare(nomination, "reserve", manager, today)
    prepare(four[3], "reserve", manager, today, reserve_until=today)
    release_decisions(cohort=cohort, by=administrator, today=today)
    assert vacancies(cohort, ranked(cohort)) == 1
    later = today + timedelta(days=1)
    found = reserve_candidates(cohort, ranked(cohort), later)
    assert [one.line.nomination.pk for one in found] == [four[2].pk, four[1].pk]
    assert found[0].organisation_short_by == 1
    prepare(found[0].line.nomination, "offered", manager, later)
    assert vacancies(cohort, ranked(cohort)) == 0
    assert Nomination.objects.get(pk=four[2].pk).status == NominationStatus.RESERVE
    release_decisions(cohort=cohort, by=administrator, today=later)
    assert Nomination.objects.get(pk=four[2].pk).status == NominationStatus.OFFERED


def test_what_a_reader_sees_has_nothing_of_people_close_to_them(cohort, four, manager, administrator, today):
    prepare(four[0], "offered", administrator, today)
    EmploymentFactory(person=manager, organisation=four[0].organisation)
    ranking = ranking_for(manager, cohort, today)
    assert [row.pk for row in ranking.withheld] == [four[0].pk]
    assert four[0].pk not in [line.nomination.pk for line in ranking.lines]
    assert balance(cohort, ranking.lines).chosen == 0
    assert ranking_for(administrator, cohort, today).withheld == []


def test_the_ranked_view_takes_the_same_queries_at_any_size(cohort, manager, today):
    def count():
        with CaptureQueriesContext(connection) as caught:
            ranking = ranking_for(manager, cohort, today)
            balance(cohort, ranking.lines)
            reserve_candidates(cohort, ranking.lines, today)
        return len(caught), len(ranking.lines)

    few = count()
    for _number in range(30):
        NominationFactory(cohort=cohort, status="complete", answered=True)
    many = count()
    assert (few[0], few[1], many[1]) == (many[0], 4, 34)


def test_the_record_is_frozen_at_release_and_never_changes(cohort, four, manager, administrator, today):
    prepare(four[0], "offered", manager, today, note="Because")
    release_decisions(cohort=cohort, by=administrator, today=today)
    row = SelectionRecord.objects.get()
    assert is_as_frozen(row)
    line = next(one for one in row.content["nominations"] if one["reference"] == four[0].reference)
    assert (line["status"], line["points"], line["decisions"][0]["released_by"]) == (
        "offered",
        "4.00",
        administrator.name,
    )
    assert [review["points"] for review in line["reviews"]] == [[4, 4], [4, 4]]
    four[0].person.name = "Somebody Else"
    four[0].person.save()
    row.refresh_from_db()
    assert is_as_frozen(row)
    EmploymentFactory(person=manager, organisation=four[0].organisation)
    mine = content_for(manager, row, today)
    assert mine["withheld"] == 1
    assert four[0].reference not in str(mine)


def test_a_record_before_all_scores_are_in_keeps_them_hidden(manager, coach, today):
    cohort = a_selection(nominations=1, panel=2)
    assign_reviews(cohort=cohort, by=manager, today=today)
    review = Nomination.objects.get().reviews.select_related("nomination__cohort", "reviewer").first()
    score(review, 5, today)
    row = freeze_record(cohort=cohort, by=manager, today=today)
    assert [one["points"] for one in row.content["nominations"][0]["reviews"]] == [[], []]
    with pytest.raises(NotAllowed):
        freeze_record(cohort=cohort, by=coach, today=today)
