"""The nominee's part and the line manager's endorsement: pages, verbs, and who is told."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from core.models import AuditEvent
from core.verdicts import NotAllowed
from labs.models import LabPreference
from messaging.models import Message
from nominations.enums import LinkPurpose, NominationStatus
from nominations.models import Endorsement, NomineePart
from nominations.services.answers import record_endorsement
from nominations.services.links import make_link
from people.models import Needs
from tests.factories.challenges import ThemeFactory
from tests.factories.labs import LabFactory
from tests.factories.nominations import NominationFactory, NomineePartFactory
from tests.factories.people import EmailAddressFactory, RoleFactory

pytestmark = pytest.mark.django_db

INVITED, COMPLETE, DECLINED = NominationStatus.INVITED, NominationStatus.COMPLETE, NominationStatus.DECLINED


@pytest.fixture
def nomination(today, organisation, coordinator):
    return NominationFactory(
        organisation=organisation, nominated_by=coordinator, person__email="enfys@qarth.example", person__language=""
    )


@pytest.fixture
def labs(db):
    return [LabFactory(slug=slug) for slug in ("qone", "qtwo", "qthree")]


def came_in(nomination, purpose):
    """A browser that entered by a link, and the page it was led to."""
    _link, secret = make_link(nomination=nomination, purpose=purpose)
    client = Client()
    return client, client.post(f"/link/{secret}/")["Location"]


@pytest.fixture
def nominee(nomination, labs):
    return came_in(nomination, LinkPurpose.NOMINEE)


@pytest.fixture
def manager_of(nomination):
    return came_in(nomination, LinkPurpose.MANAGER)


def part(**more):
    return {
        "language": "cy",
        "welsh_in_sessions": "some",
        "working_days": ["1", "2", "4"],
        "access_needs": "Qramp needed.",
        "lab_1": "qtwo",
        "lab_2": "",
        "lab_3": "qone",
        "statement": "Qarth could be better.",
        "clashes": "The first week.",
        "consents": "on",
        **more,
    }


def endorsement(**more):
    return {"by_name": "Delyth Qrmond", "endorsed": "yes", "days_a_week": "1.5", "substitute": "A colleague", **more}


def errors(answer):
    return set(answer.context["form"].errors)


# --- The nominee ----------------------------------------------------------------------------------------------------
def test_the_nominees_part_is_kept_where_it_belongs(nomination, nominee, today):
    client, page = nominee
    theme = ThemeFactory()
    assert client.post(page, part(themes=[theme.pk]))["Location"] == page
    nomination.refresh_from_db()
    person = nomination.person
    said = nomination.nominee_part
    assert (said.consents, said.working_days, said.statement) == (True, [1, 2, 4], "Qarth could be better.")
    assert (person.language, person.language_source, person.language_asked_on) == ("cy", "person", today)
    assert (person.needs.welsh_in_sessions, person.needs.access_needs) == ("some", "Qramp needed.")
    ranked = LabPreference.objects.filter(person=person).values_list("rank", "lab__slug")
    assert list(ranked) == [(1, "qtwo"), (2, "qone")]
    assert list(nomination.themes.all()) == [theme]
    assert nomination.status == INVITED  # the line manager's answer is missing


def test_the_page_shows_the_cohorts_dates_and_what_was_said(nomination, nominee):
    client, page = nominee
    client.post(page, part())
    text = client.get(page).content.decode()
    for words in ("5 January 2026", "Qarth could be better.", "Qramp needed.", "Your part is saved."):
        assert words in text
    assert text.count(" checked") == 6  # a language, Welsh, three days, consent


def test_the_part_can_be_changed_until_decided(nomination, nominee):
    client, page = nominee
    client.post(page, part())
    client.post(page, part(statement="Qarth, again.", lab_1="qthree", lab_3=""))
    assert NomineePart.objects.get().statement == "Qarth, again."
    assert [row.lab.slug for row in LabPreference.objects.all()] == ["qthree"]
    nomination.status = NominationStatus.OFFERED
    nomination.save()
    assert client.post(page, part(statement="Too late."))["Location"] == page
    assert NomineePart.objects.get().statement == "Qarth, again."
    assert "no longer waits" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"consents": ""}, "consents"),
        ({"language": "fr"}, "language"),
        ({"working_days": []}, "working_days"),
        ({"working_days": ["8"]}, "working_days"),
        ({"statement": " "}, "statement"),
        ({"lab_3": "qtwo"}, "lab_3"),
        ({"lab_1": "nolab"}, "lab_1"),
        ({"themes": ["999999"]}, "themes"),
        ({"access_needs": "q" * 2001}, "access_needs"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(nominee, typed, field):
    client, page = nominee
    answer = client.post(page, part(**typed))
    assert errors(answer) == {field}
    assert not NomineePart.objects.exists()
    assert not Needs.objects.exists()


def test_declining_ends_it_kindly_and_tells_the_coordinator(nomination, nominee, coordinator, other_coordinator):
    client, page = nominee
    answer = client.post(f"{page}decline/", {"reason": "Not this year."}, follow=True)
    nomination.refresh_from_db()
    assert nomination.status == DECLINED
    assert nomination.moves.latest().note == "Not this year."
    assert "You are welcome another time." in answer.content.decode()
    told = Message.objects.filter(kind="nomination-declined")
    assert [message.person for message in told] == [coordinator.reference]
    assert "Not this year" not in str(told.get().words)
    client.post(page, part())
    assert not NomineePart.objects.exists()


def test_a_complete_nomination_can_be_declined_too(nomination, nominee):
    nomination.status = COMPLETE
    nomination.save()
    client, page = nominee
    client.post(f"{page}decline/", {})
    nomination.refresh_from_db()
    assert nomination.status == DECLINED


def test_the_nominee_who_is_signed_in_needs_no_link_and_nobody_else_gets_in(nomination, labs, client_as, coordinator):
    page = f"/answers/{nomination.reference}/nominee/"
    assert client_as(nomination.person).post(page, part())["Location"] == page
    assert NomineePart.objects.exists()
    assert client_as(coordinator).get(page).status_code == 404
    assert client_as(None).get(page)["Location"] == "/link/"


# --- The line manager -----------------------------------------------------------------------------------------------
def test_yes_and_consent_make_the_nomination_complete(nomination, nominee, manager_of):
    client, page = manager_of
    client.post(page, endorsement())
    nomination.refresh_from_db()
    assert nomination.status == INVITED
    browser, own = nominee
    browser.post(own, part())
    nomination.refresh_from_db()
    assert nomination.status == COMPLETE
    given = nomination.endorsement
    assert (given.endorsed, given.days_a_week, given.substitute) == (True, Decimal("1.5"), "A colleague")
    assert given.by_email == nomination.line_manager_email


def test_no_is_told_to_both_in_neutral_words_once(nomination, manager_of, coordinator):
    client, page = manager_of
    for _twice in range(2):
        client.post(page, endorsement(endorsed="no", days_a_week="", comment="Qarth is short of people."))
    nomination.refresh_from_db()
    assert nomination.status == INVITED
    to = sorted(Message.objects.filter(kind__startswith="not-endorsed").values_list("kind", "person"))
    assert to == [("not-endorsed", coordinator.reference), ("not-endorsed-nominee", nomination.person.reference)]
    for message in Message.objects.filter(kind__startswith="not-endorsed"):
        assert "short of people" not in str(message.words)
        assert "refuse" not in str(message.words["en"]).lower()
        assert "rejected" not in str(message.words["en"]).lower()


def test_a_no_can_become_a_yes(nomination, manager_of):
    NomineePartFactory(nomination=nomination)
    client, page = manager_of
    client.post(page, endorsement(endorsed="no", days_a_week=""))
    client.post(page, endorsement())
    nomination.refresh_from_db()
    assert nomination.status == COMPLETE
    assert "nothing more is asked of you" in client.get(page).content.decode()
    assert Endorsement.objects.get().endorsed


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"endorsed": ""}, "endorsed"),
        ({"days_a_week": ""}, "days_a_week"),
        ({"days_a_week": "0"}, "days_a_week"),
        ({"days_a_week": "6"}, "days_a_week"),
        ({"days_a_week": "1,5 or so"}, "days_a_week"),
        ({"by_name": ""}, "by_name"),
    ],
)
def test_what_is_wrong_with_an_endorsement_is_said(manager_of, typed, field):
    client, page = manager_of
    assert errors(client.post(page, endorsement(**typed))) == {field}
    assert not Endorsement.objects.exists()


def test_nobody_endorses_themselves(nomination, client_as, today):
    EmailAddressFactory(user=nomination.person, email="Other@qarth.example", primary=False)
    nomination.line_manager_email = "other@qarth.example"
    nomination.save()
    client, page = came_in(nomination, LinkPurpose.MANAGER)
    assert "Nobody endorses themselves" in client.get(page).content.decode()
    client.post(page, endorsement())
    assert not Endorsement.objects.exists()
    with pytest.raises(NotAllowed):
        record_endorsement(nomination=nomination, by_name="Q", endorsed=True, days_a_week=Decimal(1), today=today)


def test_the_nominee_who_is_signed_in_cannot_use_the_managers_link(nomination, client_as):
    _link, secret = make_link(nomination=nomination, purpose=LinkPurpose.MANAGER)
    client = client_as(nomination.person)
    page = client.post(f"/link/{secret}/")["Location"]
    client.post(page, endorsement())
    assert not Endorsement.objects.exists()


def test_the_verb_wants_the_days_of_a_yes(nomination, today):
    for days in (None, Decimal(0), Decimal(6)):
        with pytest.raises(ValidationError):
            record_endorsement(nomination=nomination, by_name="Q", endorsed=True, days_a_week=days, today=today)


# --- What nobody else may see ---------------------------------------------------------------------------------------
def test_needs_are_on_no_page_of_coordinators_reviewers_or_team_and_in_no_log(
    nomination, nominee, client_as, coordinator
):
    client, page = nominee
    client.post(page, part())
    slug, reference = nomination.cohort.slug, nomination.reference
    readers = [coordinator, *(RoleFactory(kind=kind).person for kind in ("manager", "auditor", "lab_lead", "coach"))]
    seen = 0
    for reader in readers:
        browser = client_as(reader)
        for path in (
            f"/cohorts/{slug}/nominations/{reference}/",
            f"/cohorts/{slug}/nominations/",
            f"/cohorts/{slug}/selection/",
            f"/cohorts/{slug}/",
            f"/people/{nomination.person.reference}/",
            "/people/",
            "/messages/",
            "/home/",
        ):
            answer = browser.get(path)
            seen += answer.status_code == 200
            assert "Qramp" not in answer.content.decode(), f"{reader}: {path}"
    assert seen > 8
    assert "Qramp" not in str(list(AuditEvent.objects.values()))
    assert "Qramp" not in str(list(Message.objects.values()))
