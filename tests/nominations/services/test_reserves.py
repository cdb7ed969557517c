"""The reserve list: until when, longer, its end, and why one reserve is proposed before another."""

from datetime import timedelta

import pytest

from core.verdicts import NotAllowed
from infuse.nightly import run
from messaging.models import Message
from nominations.enums import Advantage
from nominations.models import Nomination
from nominations.queries.selection import advantage, ranked, reserve_candidates
from nominations.services.decisions import prepare_decision, release_decisions, take_back_decision
from nominations.services.lapses import end_reserves
from tests.factories.challenges import ThemeFactory
from tests.factories.labs import LabPreferenceFactory
from tests.factories.nominations import PlacesFactory
from tests.nominations.selecting import a_selection, scored

pytestmark = pytest.mark.django_db


def decide(nomination, outcome, by, today, **more):
    return prepare_decision(nomination=nomination, outcome=outcome, reason="balance", **more, by=by, today=today)


@pytest.fixture
def cohort(manager, administrator, today):
    """Three people on the reserve list for ten days."""
    made = a_selection(nominations=3, panel=2, capacity=2)
    scored(made, today, by=manager)
    for nomination in Nomination.objects.all():
        decide(nomination, "reserve", manager, today, reserve_until=today + timedelta(days=10))
    release_decisions(cohort=made, by=administrator, today=today)
    return made


def statuses():
    return sorted(Nomination.objects.values_list("status", flat=True))


def test_a_reserve_ends_the_day_after_and_is_told_once(cohort, today):
    assert end_reserves(today=today + timedelta(days=10)) == 0
    after = today + timedelta(days=11)
    run(after)
    assert end_reserves(today=after) == 0
    assert statuses() == ["not_selected"] * 3
    told = Message.objects.filter(kind="reserve-ended")
    assert sorted(told.values_list("person", flat=True)) == sorted(
        Nomination.objects.values_list("person__reference", flat=True)
    )
    assert "wedi dod i ben" in told[0].words["cy"]["subject"]


def test_what_is_prepared_for_a_reserve_is_not_overtaken_by_the_night(cohort, manager, today):
    one = Nomination.objects.first()
    decide(one, "offered", manager, today, answer_by=today + timedelta(days=20))
    after = today + timedelta(days=11)
    assert end_reserves(today=after) == 2
    take_back_decision(nomination=one, by=manager, today=after)
    assert end_reserves(today=after) == 1


def test_a_reserve_can_be_held_longer_and_is_told_until_when(cohort, manager, administrator, today):
    one = Nomination.objects.first()
    until = today + timedelta(days=40)
    decide(one, "reserve", manager, today, reserve_until=until)
    release_decisions(cohort=cohort, by=administrator, today=today)
    assert end_reserves(today=today + timedelta(days=11)) == 2
    said = Message.objects.filter(kind="decision-released", person=one.person.reference).latest("pk")
    assert "On the reserve list until: Monday 20 April 2026" in said.words["en"]["body"]
    assert "20 Ebrill 2026" in said.words["cy"]["body"]
    assert end_reserves(today=until + timedelta(days=1)) == 1
    with pytest.raises(NotAllowed):
        decide(one, "reserve", manager, until, reserve_until=until)


def of_the_organisation_below_its_places(cohort, nomination):
    PlacesFactory(cohort=cohort, organisation=nomination.organisation, indicative=1)


def of_the_rarer_organisation(cohort, nomination):
    chosen(cohort, exclude=nomination)


def of_the_rarer_theme(cohort, nomination):
    chosen(cohort, exclude=nomination, same="theme")


def of_the_rarer_lab(cohort, nomination):
    chosen(cohort, exclude=nomination, same="lab")


def with_more_points(_cohort, nomination):
    for review in nomination.reviews.all():
        review.scores.update(points=5)


def chosen(cohort, exclude, same="organisation"):
    """The first is in, and all others but this one share something with them."""
    first, *others = Nomination.objects.select_related("person").order_by("pk")
    first.status = "accepted"
    first.save()
    sharing = [first, *(one for one in others if one != exclude)]
    theme, lab = ThemeFactory(), None
    for one in sharing:
        if same == "organisation":
            one.organisation = first.organisation
            one.save()
        elif same == "theme":
            one.themes.set([theme])
        else:
            lab = LabPreferenceFactory(cohort=cohort, person=one.person, **({"lab": lab} if lab else {})).lab


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (of_the_organisation_below_its_places, Advantage.SHORT),
        (of_the_rarer_organisation, Advantage.ORGANISATION),
        (of_the_rarer_theme, Advantage.THEME),
        (of_the_rarer_lab, Advantage.LAB),
        (with_more_points, Advantage.POINTS),
    ],
)
def test_the_proposal_says_why(cohort, today, make, why):
    last = Nomination.objects.latest("pk")
    make(cohort, last)
    found = reserve_candidates(cohort, ranked(cohort), today)
    assert found[0].line.nomination == last
    assert advantage(found) == why


def test_equals_come_in_the_order_of_their_nominations_and_the_last_one_is_the_only_one(cohort, today):
    found = reserve_candidates(cohort, ranked(cohort), today)
    assert advantage(found) == Advantage.EQUAL
    assert [one.line.nomination.pk for one in found] == sorted(one.line.nomination.pk for one in found)
    assert advantage(found[:1]) == Advantage.ONLY
