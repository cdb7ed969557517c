"""Loading the demo: into an empty database, wholly or not at all, and never beside somebody's real work."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from cohorts.models import Cohort
from core.models import AuditEvent
from infuse.devdata import build
from tests.factories.people import OrganisationFactory, UserFactory
from tests.infuse.the_demo import TODAY, everything

pytestmark = pytest.mark.django_db


def test_the_command_loads_an_empty_database():
    said = StringIO()
    call_command("devdata", "--on", "2026-11-21", stdout=said)
    assert said.getvalue() == "The demo is loaded.\n"
    assert Cohort.objects.count() == 4
    assert AuditEvent.objects.filter(event="demo.loaded").count() == 1


@pytest.mark.parametrize("factory", [UserFactory, OrganisationFactory])
def test_real_data_is_left_alone(factory):
    factory()
    before = everything()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("devdata")
    assert everything() == before


def test_a_load_that_breaks_off_leaves_nothing(monkeypatch):
    def break_off(_today):
        raise KeyboardInterrupt

    before = everything()
    monkeypatch.setattr(build.claims, "file_away", break_off)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        build.load(TODAY)
    assert everything() == before
    monkeypatch.undo()
    assert build.load(TODAY)
