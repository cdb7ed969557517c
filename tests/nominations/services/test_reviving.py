"""Taking a nomination that lapsed up again: who may, until when, and what happens to answers and links."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.models import AuditEvent
from core.verdicts import NotAllowed
from messaging.models import Message
from nominations.enums import LinkPurpose
from nominations.models import Link, Nomination, Places
from nominations.queries.answers import waiting
from nominations.services.decisions import prepare_decision
from nominations.services.links import make_link
from nominations.services.reviews import assign_reviews
from nominations.services.reviving import revive_nomination
from tests.factories.cohorts import CohortFactory
from tests.factories.nominations import (
    DecisionFactory,
    EndorsementFactory,
    NominationFactory,
    NomineePartFactory,
    PlacesFactory,
)
from tests.factories.people import RoleFactory, UserFactory
from tests.nominations.selecting import a_selection, scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(today):
    return CohortFactory(status="selecting", starts_on=today + timedelta(weeks=10))


@pytest.fixture
def lapsed(cohort, organisation, today):
    PlacesFactory(cohort=cohort, organisation=organisation, indicative=1)
    submitted = clock.now() - timedelta(days=40)
    return NominationFactory(cohort=cohort, organisation=organisation, status="lapsed", submitted_at=submitted)


def revive(nomination, by, today, **more):
    return revive_nomination(nomination=nomination, **{"reason": "Was ill.", **more}, by=by, today=today)


def test_it_waits_anew_with_new_links_and_says_why(lapsed, coordinator, today):
    revive(lapsed, coordinator, today)
    lapsed.refresh_from_db()
    move = lapsed.moves.latest()
    assert (lapsed.status, move.from_status, move.note, move.by) == ("invited", "lapsed", "Was ill.", coordinator)
    assert waiting().get(pk=lapsed.pk).waiting_since == today
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["link-manager", "link-nominee"]
    assert Link.objects.filter(nomination=lapsed, revoked_at=None).count() == 2
    assert AuditEvent.objects.get(event="nomination.revived").details == {"reason": "Was ill."}


@pytest.mark.parametrize(
    ("part", "endorsed", "asked"), [(True, None, "manager"), (False, True, "nominee"), (True, False, "manager")]
)
def test_only_whoever_has_not_said_yes_is_asked_again(lapsed, coordinator, today, part, endorsed, asked):
    if part:
        NomineePartFactory(nomination=lapsed)
    if endorsed is not None:
        EndorsementFactory(nomination=lapsed, endorsed=endorsed)
    revive(lapsed, coordinator, today)
    assert list(Link.objects.values_list("purpose", flat=True)) == [asked]


def test_who_may(lapsed, coordinator, manager, coach, today):
    for other in (RoleFactory(kind="coordinator").person, coach, lapsed.person):
        with pytest.raises(NotAllowed, match="not a coordinator"):
            revive(lapsed, other, today)
    assert not Link.objects.exists()
    assert revive(lapsed, manager, today).status == "invited"


@pytest.mark.parametrize("status", ["invited", "complete", "withdrawn", "declined", "not_selected", "accepted"])
def test_only_what_lapsed(cohort, organisation, coordinator, today, status):
    nomination = NominationFactory(cohort=cohort, organisation=organisation, status=status)
    with pytest.raises(NotAllowed, match="cannot go from"):
        revive(nomination, coordinator, today)


def test_not_once_the_cohort_has_started_or_the_person_was_nominated_anew(lapsed, coordinator, today):
    again = NominationFactory(cohort=lapsed.cohort, person=lapsed.person, organisation=lapsed.organisation)
    with pytest.raises(NotAllowed, match="that nomination stands"):
        revive(lapsed, coordinator, today)
    again.delete()
    lapsed.cohort.status = "running"
    lapsed.cohort.save()
    with pytest.raises(NotAllowed, match="has started"):
        revive(lapsed, coordinator, today)


def test_above_the_indicative_places_a_reason_is_needed_and_logged(lapsed, coordinator, today):
    NominationFactory(cohort=lapsed.cohort, organisation=lapsed.organisation)
    with pytest.raises(ValidationError) as problem:
        revive(lapsed, coordinator, today)
    assert list(problem.value.message_dict) == ["over_places_reason"]
    assert Nomination.objects.get(pk=lapsed.pk).status == "lapsed"
    revive(lapsed, coordinator, today, over_places_reason="Two teams merge.")
    assert Nomination.objects.get(pk=lapsed.pk).over_places_reason == "Two teams merge."
    details = AuditEvent.objects.get(event="places.exceeded").details
    assert (details["nominations"], details["reason"]) == (1, "Two teams merge.")


def test_the_limits_of_links_hold(lapsed, coordinator, today):
    make_link(nomination=lapsed, purpose=LinkPurpose.MANAGER)
    with pytest.raises(NotAllowed, match="five minutes"):
        revive(lapsed, coordinator, today)
    assert Nomination.objects.get(pk=lapsed.pk).status == "lapsed"
    assert (Link.objects.count(), Message.objects.count()) == (1, 0)


def test_nobody_this_time_is_taken_back_while_recruitment_is_open(lapsed, coordinator, today):
    Places.objects.update(no_nominees_on=today, no_nominees_by=coordinator)
    lapsed.cohort.status = "recruiting"
    lapsed.cohort.save()
    revive(lapsed, coordinator, today)
    assert Places.objects.get().no_nominees_on is None


def test_an_offer_that_lapsed_is_the_programme_teams_and_can_be_decided_on_again(manager, administrator, today):
    cohort = a_selection(nominations=1, panel=2)
    nomination = Nomination.objects.get()
    coordinator = RoleFactory(kind="coordinator", organisation=nomination.organisation).person
    PlacesFactory(cohort=cohort, organisation=nomination.organisation)
    scored(cohort, today, by=manager)
    DecisionFactory(nomination=nomination, released_by=UserFactory(), released_at=clock.now(), answer_by=today)
    for status in ("offered", "lapsed"):
        nomination.moves.create(
            from_status=nomination.status, to_status=status, effective_on=today, recorded_at=clock.now()
        )
        nomination.status = status
    nomination.save()
    with pytest.raises(NotAllowed, match="Only the programme team"):
        revive(nomination, coordinator, today)
    assert revive(nomination, manager, today).status == "complete"
    assert not Link.objects.exists()
    assign_reviews(cohort=cohort, by=manager, today=today)
    prepare_decision(
        nomination=nomination, outcome="offered", reason="strong", answer_by=today, by=administrator, today=today
    )


def test_the_button_leads_to_the_question_and_back(lapsed, coordinator, client_as):
    NominationFactory(cohort=lapsed.cohort, organisation=lapsed.organisation)
    page = f"/cohorts/{lapsed.cohort.slug}/nominations/{lapsed.reference}/"
    client = client_as(coordinator)
    assert f'href="{page}revive/"' in client.get(page).content.decode()
    form = client.get(f"{page}revive/").content.decode()
    assert "more than the organisation’s indicative places" in form
    assert set(client.post(f"{page}revive/", {}).context["form"].errors) == {"reason", "over_places_reason"}
    done = client.post(f"{page}revive/", {"reason": "Was ill.", "over_places_reason": "Both."}, follow=True)
    assert "Taken up again." in done.content.decode()
    assert "revive/" not in done.content.decode()


def test_whoever_acts_reads_why_it_cannot_be_taken_up(lapsed, coordinator, client_as):
    lapsed.cohort.status = "running"
    lapsed.cohort.save()
    page = f"/cohorts/{lapsed.cohort.slug}/nominations/{lapsed.reference}/"
    text = client_as(coordinator).get(page).content.decode()
    assert "This cohort has started, so nobody can be put forward" in text
    assert "revive/" not in text
