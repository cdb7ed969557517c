"""Enrolling one person, the journey, and the changes of status."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cohorts.models import Associate
from tests.factories.cohorts import AssociateFactory, CohortFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(today):
    return CohortFactory(status="running", capacity=2)


def enrol(client, cohort, **values):
    good = {"name": "Mari Qew", "email": "mari@qarth.example", "job_title": "Officer", "language": "cy"}
    url = reverse("cohorts:associate-create", args=[cohort.slug])
    return client.post(url, {**good, **values}, follow=True)


def journey(row):
    return reverse("progress:associate-journey", args=[row.cohort.slug, row.person.reference])


def change(row, step):
    return reverse("cohorts:associate-status", args=[row.cohort.slug, row.person.reference, step])


def test_enrolling_somebody_and_the_same_person_again(manager, organisation, cohort, client_as):
    client = client_as(manager)
    assert "Enrolled: Mari Qew" in enrol(client, cohort, organisation=organisation.pk).content.decode()
    again = enrol(client, cohort, organisation=organisation.pk, email="MARI@qarth.example", name="M Qew")
    assert "Already in this cohort, so nothing was changed: Mari Qew" in again.content.decode()
    assert Associate.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"), [({"email": "mari(at)qarth.example"}, "email"), ({"name": ""}, "name"), ({}, "organisation")]
)
def test_what_is_wrong_is_said_at_its_field(manager, organisation, cohort, client_as, values, field):
    given = {"organisation": organisation.pk, **values} if values else {}
    response = enrol(client_as(manager), cohort, **given)
    assert list(response.context["form"].errors) == [field]
    assert not Associate.objects.exists()


def test_a_full_cohort_says_so_on_its_page_and_at_the_door(manager, cohort, client_as):
    AssociateFactory(cohort=cohort)
    AssociateFactory(cohort=cohort)
    client = client_as(manager)
    sentence = "Every place in this cohort is taken. Places: 2"
    assert sentence in client.get(reverse("cohorts:cohort-detail", args=[cohort.slug])).content.decode()
    refused = client.get(reverse("cohorts:associate-create", args=[cohort.slug]))
    assert refused.status_code == 403
    assert sentence in refused.content.decode()


def test_a_place_taken_while_typing_is_said_above_the_form(manager, organisation, cohort, client_as, monkeypatch):
    AssociateFactory(cohort=cohort)
    client = client_as(manager)
    from cohorts.forms.associates import AssociateForm  # noqa: PLC0415 (only this test reaches into it)

    def quicker(form):
        AssociateFactory(cohort=cohort)
        return form.cleaned_data

    monkeypatch.setattr(AssociateForm, "clean", quicker)
    response = enrol(client, cohort, organisation=organisation.pk)
    assert "Every place in this cohort is taken" in response.content.decode()
    assert response.context["form"]["name"].value() == "Mari Qew"


def test_recording_that_somebody_left(manager, cohort, today, client_as):
    row = AssociateFactory(cohort=cohort, status="active")
    client = client_as(manager)
    assert "Has left" in client.get(journey(row)).content.decode()
    future = today + timedelta(days=3)
    wrong = client.post(change(row, "withdraw"), {"on": future.isoformat(), "note": "x"})
    assert set(wrong.context["form"].errors) == {"reason", "on"}
    assert "in the future" in wrong.content.decode()
    response = client.post(change(row, "withdraw"), {"on": "4 Mawrth 2026", "reason": "health", "note": ""})
    assert response.url == journey(row)
    assert row.moves.last().effective_on == date(2026, 3, 4)
    text = client.get(journey(row)).content.decode()
    assert "This status is final." in text
    assert client.get(change(row, "withdraw")).status_code == 403


@pytest.mark.parametrize(
    ("status", "step", "becomes"),
    [
        ("enrolled", "start", "active"),
        ("enrolled", "withdraw", "did_not_start"),
        ("active", "pause", "paused"),
        ("active", "complete", "completed"),
        ("paused", "resume", "active"),
        ("paused", "withdraw", "withdrawn"),
    ],
)
def test_every_change_has_its_page(manager, cohort, today, client_as, status, step, becomes):
    row = AssociateFactory(cohort=cohort, status=status, moves=[("paused", date(2026, 3, 2))])
    client = client_as(manager)
    assert client.get(change(row, step)).status_code == 200
    client.post(change(row, step), {"on": today.isoformat(), "reason": "workload"})
    assert Associate.objects.get(pk=row.pk).status == becomes


@pytest.mark.parametrize(("status", "step"), [("enrolled", "resume"), ("paused", "start"), ("enrolled", "complete")])
def test_a_change_that_the_status_does_not_allow_is_refused(manager, cohort, client_as, status, step):
    row = AssociateFactory(cohort=cohort, status=status)
    assert client_as(manager).get(change(row, step)).status_code == 403


def test_nobody_else_records_changes(coordinator, organisation, cohort, client_as):
    row = AssociateFactory(cohort=cohort, status="active", organisation=organisation)
    assert client_as(coordinator).get(change(row, "pause")).status_code == 404
    assert client_as(row.person).post(change(row, "complete"), {"on": "2026-03-11"}).status_code == 404
    assert Associate.objects.get(pk=row.pk).status == "active"
