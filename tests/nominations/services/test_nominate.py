"""Putting people forward: once each, with the right refusals, warnings, history, log and mail."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.models import AuditEvent
from core.verdicts import NotAllowed
from messaging.models import Message
from nominations.enums import LinkPurpose, NominationStatus, Route
from nominations.models import Link, Nomination
from nominations.queries.nominations import lookalikes
from nominations.services.merging import merge_nominations
from nominations.services.nominations import apply_oneself, complete_if_ready, nominate, withdraw_nomination
from nominations.services.places import say_no_nominees
from people.models import User
from tests.factories.challenges import ThemeFactory
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.nominations import EndorsementFactory, NominationFactory, NomineePartFactory, PlacesFactory
from tests.factories.people import EmailAddressFactory, OrganisationFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

VALUES = {
    "first_name": " Siân ",
    "last_name": "Qŵyn",
    "email": "Sian@qarth.example ",
    "job_title": "Officer",
    "directorate": "Services",
    "line_manager_name": "Delyth Qrmond",
    "line_manager_email": "Delyth@qarth.example",
    "reason": "She would try things.",
}


@pytest.fixture
def cohort(today):
    return CohortFactory(status="recruiting", starts_on=today.replace(month=9, day=7))


@pytest.fixture
def organisation(cohort):
    organisation = OrganisationFactory()
    PlacesFactory(cohort=cohort, organisation=organisation, indicative=2)
    return organisation


@pytest.fixture
def coordinator(organisation):
    return RoleFactory(kind="coordinator", organisation=organisation).person


@pytest.fixture
def put(cohort, organisation, coordinator, today):
    def call(**more):
        values = {"cohort": cohort, "organisation": organisation, "by": coordinator, "today": today, **VALUES, **more}
        return nominate(**values)

    return call


def test_everything_of_a_nomination_is_written_once(put, coordinator, today):
    theme = ThemeFactory()
    nomination = put(themes=[theme])
    assert (nomination.person.name, nomination.person.email) == ("Siân Qŵyn", "sian@qarth.example")
    assert nomination.line_manager_email == "delyth@qarth.example"
    assert list(nomination.themes.all()) == [theme]
    assert (nomination.route, nomination.nominated_by) == (Route.COORDINATOR, coordinator)
    move = nomination.moves.get()
    assert (move.from_status, move.to_status, move.effective_on, move.by) == ("", "invited", today, coordinator)
    events = AuditEvent.objects.filter(about_ref=nomination.reference)
    assert sorted(events.values_list("event", flat=True)) == ["links.sent", "nomination.submitted"]
    assert set(Link.objects.values_list("purpose", "address")) == {
        (LinkPurpose.NOMINEE, "sian@qarth.example"),
        (LinkPurpose.MANAGER, "delyth@qarth.example"),
    }
    assert set(Message.objects.values_list("address", flat=True)) == {"sian@qarth.example", "delyth@qarth.example"}


def test_the_second_call_returns_the_first_nomination(put):
    assert put() == put(email="SIAN@qarth.example")
    assert (Nomination.objects.count(), Link.objects.count(), User.objects.filter(name="Siân Qŵyn").count()) == (
        1,
        2,
        1,
    )


def test_a_known_person_is_found_under_any_address(put):
    person = UserFactory(name="Siân P. Qŵyn")
    EmailAddressFactory(user=person, email="sian@qarth.example", primary=False)
    assert put().person == person


def test_only_ones_own_organisation_and_only_while_open(put, cohort, today):
    with pytest.raises(NotAllowed, match="not a coordinator"):
        put(organisation=OrganisationFactory())
    with pytest.raises(NotAllowed, match="not a coordinator"):
        put(by=UserFactory())
    cohort.recruitment_opens_on, cohort.recruitment_until = today - timedelta(weeks=2), today
    cohort.save()
    with pytest.raises(NotAllowed, match="outside"):
        put()
    cohort.status = "selecting"
    cohort.save()
    with pytest.raises(NotAllowed, match="closed"):
        put()
    assert not Nomination.objects.exists()
    assert not User.objects.filter(email="sian@qarth.example").exists()


def test_the_coordinator_cannot_be_the_nominee_under_any_address(put, coordinator):
    EmailAddressFactory(user=coordinator, email="other@qarth.example", primary=False)
    for address in (coordinator.email.upper(), "other@qarth.example"):
        with pytest.raises(ValidationError) as refusal:
            put(email=address)
        assert "cannot nominate yourself" in str(refusal.value.message_dict["email"])


def test_the_line_manager_cannot_be_the_nominee_under_any_address(put):
    person = UserFactory(email="sian@qarth.example")
    EmailAddressFactory(user=person, email="other@qarth.example", primary=False)
    for address in ("SIAN@qarth.example", "other@qarth.example"):
        with pytest.raises(ValidationError) as refusal:
            put(line_manager_email=address)
        assert "own email address" in str(refusal.value.message_dict["line_manager_email"])


def test_above_the_indicative_number_a_reason_is_asked_for_and_kept(put):
    put(email="a@qarth.example"), put(email="b@qarth.example")
    with pytest.raises(ValidationError) as warning:
        put()
    assert "indicative places" in str(warning.value.message_dict["over_places_reason"])
    nomination = put(over_places_reason="Two teams merge.")
    assert nomination.over_places_reason == "Two teams merge."
    event = AuditEvent.objects.get(event="places.exceeded")
    assert event.details["reason"] == "Two teams merge."
    assert "Nominations with this: 3" in event.details["warning"]


def test_a_place_in_another_cohort_is_shown_and_allowed_with_a_reason(put):
    person = UserFactory(email="sian@qarth.example")
    AssociateFactory(person=person, cohort=CohortFactory(name_en="Qohort Three"), status="completed")
    with pytest.raises(ValidationError) as warning:
        put()
    assert "Qohort Three" in str(warning.value.message_dict["elsewhere_reason"])
    assert put(elsewhere_reason="A new job.").elsewhere_reason == "A new job."


def test_a_place_that_never_began_asks_for_no_reason(put):
    person = UserFactory(email="sian@qarth.example")
    AssociateFactory(person=person, cohort=CohortFactory(), status="did_not_start")
    assert put().elsewhere_reason == ""


def test_another_organisation_cannot_take_the_person_over(put, cohort):
    NominationFactory(cohort=cohort, person=UserFactory(email="sian@qarth.example"))
    with pytest.raises(ValidationError, match="Another organisation"):
        put()


def test_after_a_withdrawal_the_person_can_be_nominated_again(put, coordinator, today):
    first = put()
    withdraw_nomination(nomination=first, reason="A mistake.", by=coordinator, today=today)
    again = put()
    assert again != first
    assert again.person == first.person


def test_nominating_takes_no_nominees_back(put, cohort, organisation, coordinator, today):
    say_no_nominees(cohort=cohort, organisation=organisation, by=coordinator, today=today)
    put()
    assert organisation.places.get().no_nominees_on is None
    events = AuditEvent.objects.filter(event__startswith="places.").values_list("event", flat=True)
    assert list(events) == ["places.declined", "places.declined_no_more"]


# --- Withdrawing ----------------------------------------------------------------------------------------------------
def test_a_withdrawal_keeps_its_reason_and_ends_the_links(put, coordinator, today):
    nomination = withdraw_nomination(nomination=put(), reason="Moves away.", by=coordinator, today=today)
    move = nomination.moves.last()
    assert (nomination.status, move.note, move.by) == (NominationStatus.WITHDRAWN, "Moves away.", coordinator)
    assert not Link.objects.filter(revoked_at__isnull=True).exists()
    assert AuditEvent.objects.filter(event="nomination.withdrawn").exists()
    with pytest.raises(NotAllowed):
        withdraw_nomination(nomination=nomination, reason="Again.", by=coordinator, today=today)


def test_the_nominee_may_withdraw_and_strangers_may_not(put, today):
    nomination = put()
    other = RoleFactory(kind="coordinator").person
    with pytest.raises(NotAllowed):
        withdraw_nomination(nomination=nomination, reason="x", by=other, today=today)
    withdraw_nomination(nomination=nomination, reason="x", by=nomination.person, today=today)


@pytest.mark.parametrize("status", ["invited", "complete", "offered", "reserve"])
def test_whoever_a_withdrawal_concerns_is_told_and_nobody_of_the_own_act(cohort, organisation, manager, today, status):
    nomination = NominationFactory(cohort=cohort, organisation=organisation, status=status)
    first, second = (RoleFactory(kind="coordinator", organisation=organisation).person for _ in range(2))
    withdraw_nomination(nomination=nomination, reason="Moves away.", by=first, today=today)
    told = set(Message.objects.filter(kind="nomination-withdrawn").values_list("person", flat=True))
    assert told == {second.reference, *({manager.reference} if status == "offered" else ())}
    (letter,) = Message.objects.filter(kind="nomination-withdrawn-nominee")
    assert letter.person == nomination.person.reference
    assert "Moves away." not in str(letter.words)


def test_the_nominees_own_withdrawal_tells_the_coordinators_alone(cohort, organisation, coordinator, today):
    nomination = NominationFactory(cohort=cohort, organisation=organisation)
    withdraw_nomination(nomination=nomination, reason="", by=nomination.person, today=today)
    assert list(Message.objects.values_list("kind", "person")) == [("nomination-withdrawn", coordinator.reference)]


# --- Applying by oneself, and merging -------------------------------------------------------------------------------
def apply(cohort, organisation, today, **more):
    apply_oneself(cohort=cohort, organisation=organisation, today=today, **{**VALUES, **more})


def test_an_application_is_a_nomination_by_nobody(cohort, organisation, today):
    apply(cohort, organisation, today)
    nomination = Nomination.objects.get()
    assert (nomination.route, nomination.nominated_by, Link.objects.count()) == (Route.SELF, None, 2)


def test_nominated_and_applied_with_one_address_is_one_nomination(put, cohort, organisation, coordinator, today):
    apply(cohort, organisation, today, reason="I want to.")
    nomination = put()
    assert (nomination.route, nomination.nominated_by, Nomination.objects.count()) == (Route.BOTH, coordinator, 1)
    assert "I want to." in nomination.reason
    assert "She would try things." in nomination.reason
    assert AuditEvent.objects.filter(event="nomination.joined").count() == 1


def test_an_application_says_nothing_about_whom_we_know(cohort, organisation, today):
    NominationFactory(cohort=cohort, person=UserFactory(email="elsewhere@qarth.example"))
    AssociateFactory(person=UserFactory(email="old@qarth.example"), cohort=CohortFactory(), status="completed")
    for address in ("elsewhere@qarth.example", "old@qarth.example", "new@qarth.example"):
        assert apply(cohort, organisation, today, email=address) is None
    assert Nomination.objects.filter(organisation=organisation).count() == 2
    assert AuditEvent.objects.filter(event="application.refused").count() == 1


def test_two_addresses_are_offered_for_merging_and_keep_both_histories(put, cohort, organisation, coordinator, today):
    apply(cohort, organisation, today, email="sian.home@qarth.example", reason="I want to.")
    kept, other = put(), Nomination.objects.get(person__email="sian.home@qarth.example")
    assert lookalikes(kept) == [other]
    NomineePartFactory(nomination=other)
    EndorsementFactory(nomination=kept)
    kept = merge_nominations(kept=kept, other=other, by=coordinator, today=today)
    other.refresh_from_db()
    assert (other.status, other.merged_into, kept.route) == (NominationStatus.MERGED, kept, Route.BOTH)
    # The part came with the other one, so that this one is complete.
    assert kept.status == NominationStatus.COMPLETE
    assert [move.to_status for move in other.moves.all()] == ["invited", "merged"]
    assert not Link.objects.filter(nomination=other, revoked_at__isnull=True).exists()
    assert {"nomination.merged", "nomination.enlarged"} <= set(AuditEvent.objects.values_list("event", flat=True))
    # Whoever uploads the other address again adds nobody.
    assert put(email="sian.home@qarth.example").pk == kept.pk


@pytest.mark.parametrize("name", ["SIAN QWYN", "Siân  Qŵyn", "siân qw\u0302yn"])
def test_a_name_is_known_again_without_case_and_accents(cohort, organisation, name):
    kept = NominationFactory(cohort=cohort, organisation=organisation, person__name="Siân Qŵyn")
    other = NominationFactory(cohort=cohort, organisation=organisation, person__name=name)
    for person in ("Siân Qŵyn-Rees", "Sion Qwyn"):
        NominationFactory(cohort=cohort, organisation=organisation, person__name=person)
    NominationFactory(cohort=cohort, person__name="Siân Qŵyn")  # of another organisation
    NominationFactory(cohort=cohort, organisation=organisation, person__name="Siân Qŵyn", status="withdrawn")
    assert lookalikes(kept) == [other]


def test_only_early_nominations_of_one_organisation_are_merged(coordinator, organisation, cohort, today):
    ours = NominationFactory(cohort=cohort, organisation=organisation)
    decided = NominationFactory(cohort=cohort, organisation=organisation, status="offered")
    theirs = NominationFactory(cohort=cohort)
    for other in (ours, decided, theirs):
        with pytest.raises(NotAllowed):
            merge_nominations(kept=ours, other=other, by=coordinator, today=today)


# --- Complete -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("consents", "endorsed", "status"),
    [(True, True, "complete"), (True, False, "invited"), (False, True, "invited"), (None, True, "invited")],
)
def test_complete_when_both_said_yes(consents, endorsed, status, today):
    nomination = NominationFactory()
    if consents is not None:
        NomineePartFactory(nomination=nomination, consents=consents)
    EndorsementFactory(nomination=nomination, endorsed=endorsed)
    assert complete_if_ready(nomination=nomination, today=today).status == status
    assert complete_if_ready(nomination=nomination, today=today).moves.count() == (2 if status == "complete" else 1)
