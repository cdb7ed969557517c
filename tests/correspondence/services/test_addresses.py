"""A refused address: a task for whoever may mend it; what was held is looked at, and nothing goes by itself."""

import pytest

from core.models import AuditEvent
from core.verdicts import NotAllowed
from correspondence.queries.addresses import to_mend
from correspondence.services.addresses import mend_person_address, send_held_for
from infuse.messages import CHECKS
from messaging.delivery import deliver_due
from messaging.models import Message
from people.queries.people import person_by_address
from reports.queries.home import home
from tests.factories.messaging import BadAddressFactory, MessageFactory
from tests.factories.people import EmploymentFactory, OrganisationFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

RIGHT = "right@qarth.example"


@pytest.fixture
def body(today):
    return OrganisationFactory()


@pytest.fixture
def person(body):
    someone = UserFactory(name="Mali Qwrong", email="wrong@qarth.example", language="en")
    EmploymentFactory(person=someone, organisation=body)
    return someone


@pytest.fixture
def bad(person):
    return BadAddressFactory(address=person.email, person=person.reference)


@pytest.fixture
def theirs(body):
    """The coordinator of the person's organisation."""
    return RoleFactory(kind="coordinator", organisation=body).person


@pytest.fixture
def held(bad, person):
    to = {"person": person.reference, "address": person.email, "name": person.name, "state_reason": "address"}
    return [MessageFactory(state=state, **to) for state in ("held", "held", "failed")]


def titles(user, today):
    return [str(task.title) for part in home(user, today) for task in part.tasks]


def test_it_is_a_task_of_the_person_s_coordinator_and_of_the_team_and_of_nobody_else(
    bad, theirs, manager, coordinator, associate, today
):
    said = "Mend this email address: Mali Qwrong"
    assert said in titles(theirs, today)
    assert said in titles(manager, today)
    assert said not in titles(coordinator, today)
    assert list(to_mend(coordinator, today)) == list(to_mend(associate, today)) == []


def test_the_coordinator_mends_it_and_nothing_is_sent_by_that(bad, held, person, theirs, today, mailoutbox):
    mend_person_address(bad=bad, email=f" {RIGHT.upper()} ", by=theirs, today=today)
    person.refresh_from_db()
    assert person.email == RIGHT
    assert person_by_address(RIGHT) == person
    deliver_due(CHECKS, today=today)
    assert [to for mail in mailoutbox for to in mail.to if "right" in to] == []
    assert sorted(Message.objects.filter(pk__in=[one.pk for one in held]).values_list("state", flat=True)) == [
        "failed",
        "held",
        "held",
    ]
    assert AuditEvent.objects.get(event="address.corrected").by_ref == theirs.reference
    assert "Mend this email address: Mali Qwrong" not in titles(theirs, today)


def test_the_team_is_then_asked_to_look_at_what_was_held(bad, held, manager, today):
    said = "Messages held for an address that works again: 3"
    assert said not in titles(manager, today)
    mend_person_address(bad=bad, email=bad.address, by=manager, today=today)
    assert said in titles(manager, today)


def test_what_somebody_picks_goes_to_the_new_address_and_the_others_stay(bad, held, person, manager, today, mailoutbox):
    mend_person_address(bad=bad, email=RIGHT, by=manager, today=today)
    picked = [held[0].pk, held[2].pk]
    assert send_held_for(bad=bad, keys=picked, by=manager, today=today) == 2
    deliver_due(CHECKS, today=today)
    told = [mail for mail in mailoutbox if RIGHT in mail.to[0] and mail.subject == "Qarth message"]
    assert len(told) == 2
    held[1].refresh_from_db()
    assert held[1].state == "held"


@pytest.mark.parametrize("why", ["signed in", "has a role"])
def test_a_coordinator_may_not_change_how_somebody_signs_in(bad, person, theirs, today, why):
    if why == "signed in":
        type(person).objects.filter(pk=person.pk).update(last_login="2026-01-01T00:00Z")
    else:
        RoleFactory(kind="lab_lead", person=person)
    with pytest.raises(NotAllowed, match="signs in with the address"):
        mend_person_address(bad=bad, email=RIGHT, by=theirs, today=today)
    person.refresh_from_db()
    assert person.email == "wrong@qarth.example"


def test_others_may_not_mend_it(bad, coordinator, associate, today):
    for user in (coordinator, associate):
        with pytest.raises(NotAllowed, match="programme team"):
            mend_person_address(bad=bad, email=RIGHT, by=user, today=today)


def test_an_address_of_somebody_else_is_refused(bad, manager, today):
    UserFactory(email=RIGHT)
    with pytest.raises(NotAllowed, match="somebody else"):
        mend_person_address(bad=bad, email=RIGHT, by=manager, today=today)
    bad.refresh_from_db()
    assert bad.mended_at is None


def test_twice_is_refused_and_an_address_of_nobody_is_only_said_to_work(manager, today):
    bad = BadAddressFactory(address="line.manager@qarth.example")
    with pytest.raises(NotAllowed, match="nobody with an account"):
        mend_person_address(bad=bad, email=RIGHT, by=manager, today=today)
    mend_person_address(bad=bad, email=bad.address, by=manager, today=today)
    bad.refresh_from_db()
    assert bad.mended_at is not None
    with pytest.raises(NotAllowed, match="mended already"):
        mend_person_address(bad=bad, email=bad.address, by=manager, today=today)
