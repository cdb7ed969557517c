"""The demo's recruitment: every state is there to be looked at, and what waits can be done by the demo people."""

from collections import Counter

import pytest

from cohorts.models import Associate, Cohort, OnboardingTask
from infuse.devdata.sources import address, people_with_keys
from nominations.enums import NominationStatus
from nominations.models import Decision, Nomination, SelectionRecord
from nominations.queries.nominations import lookalikes
from nominations.queries.offers import own_open
from nominations.queries.places import by_organisation
from nominations.queries.reviews import members, waiting_for
from nominations.queries.selection import ranking_for
from nominations.rules.nominations import may_merge
from nominations.rules.selection import may_release
from people.models import Employment, User
from tests.infuse.the_demo import TODAY, loaded_demo

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo as loaded on TODAY."""
    with loaded_demo(django_db_blocker):
        yield


@pytest.fixture
def six(demo) -> Cohort:
    return Cohort.objects.get(slug="six")


def person(key: str) -> User:
    row = people_with_keys()[key]
    return User.objects.get(email=address(row["name"], row["at"]))


def test_every_status_but_lapsed_and_merged_is_there(six):
    found = Counter(Nomination.objects.filter(cohort=six).values_list("status", flat=True))
    assert set(found) == set(NominationStatus.values) - {NominationStatus.LAPSED, NominationStatus.MERGED}
    assert found[NominationStatus.INVITED] >= 6


def test_no_address_of_a_nomination_can_be_reached(six):
    rows = Nomination.objects.all()
    assert not rows.exclude(line_manager_email__endswith=".example").exists()
    assert not rows.exclude(person__email__endswith=".example").exists()


def test_the_three_places_are_filled_as_of_today_with_onboarding(six):
    accepted = Associate.objects.filter(cohort=six)
    assert accepted.count() == Nomination.objects.filter(cohort=six, status="accepted").count() == 3
    for associate in accepted:
        assert Employment.objects.on(TODAY).get(person=associate.person).starts_on == TODAY
        assert OnboardingTask.objects.filter(associate=associate).exists()


def test_the_nominee_has_an_offer_to_answer(six):
    [nomination] = own_open(person("nominee"))
    assert nomination.status == NominationStatus.OFFERED
    assert nomination.answer_by > TODAY


def test_the_administrator_can_release_what_the_manager_prepared(six):
    prepared = list(Decision.objects.filter(nomination__cohort=six, released_at=None).select_related("nomination"))
    assert len(prepared) == 3
    assert may_release(person("administrator"), prepared, TODAY)
    assert not may_release(person("manager"), prepared, TODAY)
    assert SelectionRecord.objects.filter(cohort=six).count() == 1


def test_the_managers_ranked_view_withholds_their_own_organisations_nominee(six):
    ranking = ranking_for(person("manager"), six, TODAY)
    assert [row.organisation.short_en for row in ranking.withheld] == ["Monmouthshire"]
    assert any(line.result.spread and line.result.spread > 1 for line in ranking.lines)


def test_a_coordinator_has_other_organisations_nominees_to_review(six):
    assert waiting_for(person("coordinator-cardiff"), TODAY) >= 2
    assert all(member.done for member in members(six, TODAY))


def test_one_man_is_there_twice_to_be_merged(six):
    first, second = Nomination.objects.filter(cohort=six, person__name="Ravi Montague-Pryce").order_by("pk")
    assert list(lookalikes(first)) == [second]
    assert may_merge(person("coordinator-cardiff"), second, first, TODAY)


def test_an_organisation_said_none_and_another_is_above_its_number(six):
    lines = {line.organisation.short_en: line for line in by_organisation(six, TODAY)}
    assert lines["Merthyr Tydfil"].no_nominees_on is not None
    assert lines["Torfaen"].over == 1
