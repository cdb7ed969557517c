"""The ground the other tests stand on."""

import socket

import pytest
from django.core.cache import cache

from core import clock
from tests.conftest import WayOutBlockedError
from tests.factories.cohorts import AssociateFactory, CohortFactory


def test_no_test_reaches_another_machine():
    with socket.socket() as way_out, pytest.raises(WayOutBlockedError):
        way_out.connect(("192.0.2.1", 80))


def test_the_clock_shows_today(today):
    assert clock.today() == today


def test_the_cache_is_in_memory():
    cache.set("x", 1)
    assert cache.get("x") == 1
    assert "LocMem" in type(cache._connections[cache._alias]).__name__


@pytest.mark.django_db(transaction=True)
def test_a_cohort_is_committed_with_its_five_phases():
    assert CohortFactory().phases.count() == 5


@pytest.mark.django_db
def test_an_associate_comes_with_the_moves_up_to_its_status():
    associate = AssociateFactory(status="completed")
    assert list(associate.moves.values_list("to_status", flat=True)) == ["enrolled", "active", "completed"]


@pytest.mark.parametrize(
    "role",
    [
        "manager",
        "administrator",
        "lab_lead",
        "coach",
        "coordinator",
        "other_coordinator",
        "auditor",
        "associate",
        "nobody",
    ],
)
def test_everybody_is_there(role, person_as):
    assert person_as(role).pk


@pytest.mark.browser
def test_the_browser_finds_no_other_host(page):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://elsewhere.example/")
    page.console_errors.clear()
