"""The page that moves a plan: first what would change, then saving exactly that."""

import re

import pytest

from planning.models import Replan
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(today):
    made = CohortFactory(slug="five", status="running")
    AssociateFactory(cohort=made, status="active")
    return made


def press(client, html="", **typed):
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|shown)" value="([^"]*)"', html))
    return client.post("/cohorts/five/plan/move/", {"what": "cohort", **hidden, **typed})


def test_shown_first_and_saved_with_a_reason(cohort, manager):
    client = signed_in(manager)
    shown = press(client, days="7").content.decode()
    assert "Nothing is saved yet" in shown
    assert "(optional)" not in shown.partition("Why")[2][:40]
    assert not Replan.objects.exists()
    without = press(client, shown, days="7").content.decode()
    assert "Say why." in without
    assert "Nothing is saved yet" in without
    saved = press(client, without, days="7", reason="The tutor is away.")
    assert saved.status_code == 302
    assert Replan.objects.get().days == 7


def test_another_number_is_shown_before_it_is_saved(cohort, manager):
    client = signed_in(manager)
    shown = press(client, days="7").content.decode()
    assert "Nothing is saved yet" in press(client, shown, days="14", reason="Qarth").content.decode()
    assert not Replan.objects.exists()


def test_who_comes_second_sees_the_first_change_and_looks_again(cohort, manager, administrator):
    mine, theirs = signed_in(manager), signed_in(administrator)
    seen = press(mine, days="7").content.decode()
    press(theirs, press(theirs, days="14").content.decode(), days="14", reason="Theirs")
    again = press(mine, seen, days="7", reason="Mine").content.decode()
    assert "Somebody else changed the plan" in again
    assert "Nothing is saved yet" in again
    assert press(mine, again, days="7", reason="Mine").status_code == 302
    assert list(Replan.objects.values_list("days", flat=True)) == [7, 14]


@pytest.mark.parametrize("days", ["0", "", "1.5", "a week", "100000"])
def test_what_is_no_number_of_days_is_said_beside_the_field(cohort, manager, days):
    html = press(signed_in(manager), days=days).content.decode()
    assert "govuk-error-message" in html
    assert "Nothing is saved yet" not in html


def test_taken_back_from_the_list(cohort, manager):
    client = signed_in(manager)
    press(client, press(client, days="7").content.decode(), days="7", reason="Qarth")
    replan = Replan.objects.get()
    address = f"/cohorts/five/plan/{replan.pk}/undo/"
    assert address in client.get("/cohorts/five/plan/").content.decode()
    assert client.post(address).status_code == 302
    assert address not in client.get("/cohorts/five/plan/").content.decode()
    assert client.post(address).status_code == 403
