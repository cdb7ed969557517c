"""Creating a cohort in two steps, and changing its dates: nothing is saved unseen, nothing typed is lost."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from cohorts.models import Cohort
from cohorts.services.cohorts import change_dates
from core.models import AuditEvent
from messaging.models import Message
from tests.cohorts.services.test_cohorts import shifted
from tests.factories.cohorts import AssociateFactory, CohortFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
NEW = "/cohorts/new/"


@pytest.fixture
def client(manager, client_as, today):
    ProgrammeFactory()
    return client_as(manager)


def first_step(client, **values):
    good = {"name_en": "Cohort Qeven", "name_cy": "Carfan Qaith", "capacity": "20", "starts_on": "7 September 2026"}
    return client.post(NEW, {**good, **values})


def typed(response, **changes):
    """What a browser would send back from the page as it is, with some boxes changed."""
    form = response.context["form"]
    values = {name: form[name].widget_value() if hasattr(form[name], "widget_value") else None for name in ()}
    for name in form.fields:
        value = form[name].value()
        shown = form.fields[name].widget.format_value(value) if value not in (None, False) else ""
        values[name] = "on" if value is True else (shown or "")
    return {**values, **changes}


def test_one_start_date_gives_all_dates(client):
    response = first_step(client)
    assert response.status_code == 302
    assert parse_qs(urlsplit(response.url).query)["starts_on"] == ["2026-09-07"]
    plan = client.get(response.url)
    form = plan.context["form"]
    assert form["inspire_starts_on"].value() == date(2026, 9, 7)
    assert form["celebration_last_day"].value() == date(2027, 3, 7)
    assert form["name_cy"].value() == "Carfan Qaith"
    assert "Weekend: Sunday" in plan.content.decode()
    assert not Cohort.objects.exists()


def test_saving_what_was_shown_takes_one_click(client):
    url = first_step(client).url
    response = client.post(url, typed(client.get(url)))
    assert response.status_code == 302, response.context["form"].errors
    assert response.url == "/cohorts/qeven/"
    cohort = Cohort.objects.get()
    assert (cohort.starts_on, cohort.until) == (date(2026, 9, 7), date(2027, 3, 8))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": "31 June 2027"}, "starts_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_on": "7/9/2206"}, "starts_on"),
        ({"name_en": ""}, "name_en"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "99999"}, "capacity"),
        ({"name_en": " COHORT  qix "}, "name_en"),
        ({"name_cy": "cohort qix"}, "name_cy"),
    ],
)
def test_bad_first_answers_are_said_at_their_field_and_kept(client, values, field):
    CohortFactory(name_en="Cohort Qix")
    response = first_step(client, **values)
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"][field].value() == values[field]


def test_a_start_on_a_bank_holiday_is_warned_and_wants_a_reason(client):
    url = first_step(client, starts_on="31 August 2026").url
    page = client.get(url)
    assert "Bank holiday: Summer bank holiday" in page.content.decode()
    refused = client.post(url, typed(page))
    assert list(refused.context["form"].errors) == ["reason"]
    assert not Cohort.objects.exists()
    assert client.post(url, typed(page, reason="A festival.")).status_code == 302
    assert AuditEvent.objects.get(event="cohort.created").details["reason"] == "A festival."


def test_new_remarks_are_shown_before_anything_is_saved(client):
    url = first_step(client).url
    page = client.get(url)
    changed = client.post(url, typed(page, experiment_starts_on="12 December 2026"))
    assert changed.status_code == 200
    text = changed.content.decode()
    assert "Nothing is saved yet. Look at the notes" in text
    assert "Weekend: Saturday" in text
    assert "Days without a phase: 5" in text
    assert not Cohort.objects.exists()
    assert client.post(url, typed(changed)).status_code == 302
    assert Cohort.objects.get().phases.get(kind="experiment").starts_on == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"inspire_last_day": "1 September 2026"}, {"inspire_last_day"}),
        ({"experiment_starts_on": "1 October 2026"}, {"experiment_starts_on"}),
        ({"experiment_starts_on": "x"}, {"experiment_starts_on"}),
        ({"recruitment_last_day": "1 June 2026"}, {"recruitment_opens_on"}),
        ({"recruitment_opens_on": "1 June 2026", "recruitment_last_day": "1 May 2026"}, {"recruitment_last_day"}),
        ({"recruitment_opens_on": "1 June 2026", "recruitment_last_day": "7 Medi 2026"}, {"recruitment_last_day"}),
    ],
)
def test_dates_that_cannot_be_name_their_field_and_everything_typed_stays(client, changes, fields):
    url = first_step(client).url
    response = client.post(url, typed(client.get(url), **changes))
    form = response.context["form"]
    assert set(form.errors) == fields
    assert all(form[name].value() == text for name, text in changes.items())
    assert not Cohort.objects.exists()


def test_the_dates_are_worked_out_again_from_a_changed_first_day(client):
    url = first_step(client).url
    page = client.get(url)
    response = client.post(url, typed(page, inspire_starts_on="14 September 2026", name_en="Qix", again="1"))
    again = client.get(response.url).context["form"]
    assert again["inspire_starts_on"].value() == date(2026, 9, 14)
    assert again["celebration_last_day"].value() == date(2027, 3, 14)
    assert again["name_en"].value() == "Qix"


def test_back_leads_to_the_first_step_filled_in(client):
    page = client.get(first_step(client).url)
    back = client.get(page.context["back_url"])
    assert back.context["form"]["name_cy"].value() == "Carfan Qaith"


def test_the_other_language_keeps_what_was_typed_and_saves_nothing(client):
    url = first_step(client).url
    values = typed(client.get(url), inspire_last_day="21 Medi 2026", _toggle="cy")
    response = client.post("/cy" + url, values)
    assert response.context["form"]["inspire_last_day"].value() == "21 Medi 2026"
    assert "Ysbrydoli" in response.content.decode()
    assert not Cohort.objects.exists()


def test_a_name_taken_between_the_two_steps_is_said_at_the_field(client):
    url = first_step(client).url
    page = client.get(url)
    CohortFactory(name_en="COHORT QEVEN")
    response = client.post(url, typed(page))
    assert list(response.context["form"].errors) == ["name_en"]


@pytest.mark.parametrize("role", ["coordinator", "coach", "associate", "nobody"])
def test_others_are_refused(person_as, role, client_as, today):
    ProgrammeFactory()
    assert client_as(person_as(role)).get(NEW).status_code == 403


# --- Other dates ----------------------------------------------------------------------------------------------------


@pytest.fixture
def cohort(today):
    cohort = CohortFactory(status="running")
    AssociateFactory(cohort=cohort, status="active")
    AssociateFactory(cohort=cohort, status="withdrawn", moves=[("withdrawn", today)])
    return cohort


def dates(cohort):
    return reverse("cohorts:cohort-dates", args=[cohort.slug])


def test_the_manager_sees_what_would_change_and_for_whom_before_saving(client, cohort):
    page = client.get(dates(cohort))
    seen = client.post(dates(cohort), typed(page, celebration_last_day="10 July 2026"))
    text = seen.content.decode()
    assert "What would change. Nothing is saved yet." in text
    assert seen.context["preview"]["people"] == 1
    assert [change.after.kind for change in seen.context["preview"]["changes"]] == ["celebration"]
    assert Cohort.objects.get(pk=cohort.pk).until == date(2026, 7, 6)
    checked = seen.context["preview"]["checked"]
    response = client.post(dates(cohort), typed(seen, checked=checked))
    assert response.status_code == 302, response.context["form"].errors
    assert Cohort.objects.get(pk=cohort.pk).until == date(2026, 7, 11)
    assert Message.objects.filter(kind="dates-changed").count() == 1


def test_dates_changed_after_the_check_are_checked_again(client, cohort):
    seen = client.post(dates(cohort), typed(client.get(dates(cohort)), celebration_last_day="10 July 2026"))
    checked = seen.context["preview"]["checked"]
    again = client.post(dates(cohort), typed(seen, checked=checked, celebration_last_day="17 July 2026"))
    assert again.status_code == 200
    assert again.context["preview"]["checked"] != checked
    assert Cohort.objects.get(pk=cohort.pk).until == date(2026, 7, 6)


def test_associates_are_not_told_when_the_manager_says_so(client, cohort):
    seen = client.post(dates(cohort), typed(client.get(dates(cohort)), celebration_last_day="10 July 2026"))
    client.post(dates(cohort), typed(seen, checked=seen.context["preview"]["checked"], tell_associates=""))
    assert not Message.objects.filter(kind="dates-changed").exists()


def test_a_date_that_has_passed_wants_a_reason(client, cohort):
    page = client.get(dates(cohort))
    response = client.post(dates(cohort), typed(page, inspire_starts_on="6 January 2026"))
    assert list(response.context["form"].errors) == ["reason"]
    assert "This date has passed." in response.content.decode()
    seen = client.post(dates(cohort), typed(page, inspire_starts_on="6 January 2026", reason="A slip."))
    client.post(dates(cohort), typed(seen, checked=seen.context["preview"]["checked"]))
    assert Cohort.objects.get(pk=cohort.pk).starts_on == date(2026, 1, 6)
    assert AuditEvent.objects.get(event="cohort.dates_changed").details["reason"] == "A slip."


def test_two_managers_at_once_the_second_sees_it_and_loses_nothing(client, cohort, administrator, today):
    seen = client.post(dates(cohort), typed(client.get(dates(cohort)), celebration_last_day="10 July 2026"))
    mine = typed(seen, checked=seen.context["preview"]["checked"])
    change_dates(
        cohort=cohort,
        phases=shifted(cohort, 7, first=4),
        recruitment_opens_on=None,
        recruitment_until=None,
        seen=mine["seen"],
        by=administrator,
        today=today,
    )
    refused = client.post(dates(cohort), mine)
    text = refused.content.decode()
    assert "Somebody else changed these dates" in text
    assert "12 July 2026" in text  # what is stored now
    assert refused.context["form"]["celebration_last_day"].value() == "10 July 2026"  # what I typed
    assert Cohort.objects.get(pk=cohort.pk).until == date(2026, 7, 13)
    # Looking at both, I save mine after all.
    again = client.post(dates(cohort), typed(refused))
    assert again.context["preview"]["changes"]
    client.post(dates(cohort), typed(again, checked=again.context["preview"]["checked"]))
    assert Cohort.objects.get(pk=cohort.pk).until == date(2026, 7, 11)


def test_the_dates_of_a_finished_cohort_are_refused_with_the_reason(client):
    response = client.get(dates(CohortFactory(status="finished")))
    assert response.status_code == 403
    assert "This cohort is over, so its dates stay as they are." in response.content.decode()


def test_fewer_remarks_than_were_shown_need_no_second_look(client):
    url = first_step(client).url
    response = client.post(url, typed(client.get(url), celebration_last_day="5 March 2027"))
    assert response.status_code == 302


def test_a_meddled_mark_of_what_was_shown_does_no_harm(client):
    url = first_step(client).url
    page = client.get(url)
    for shown in ("", "x", "2026-09-07/2026-09-08", "1/2,3/4,5/6,7/8,9/10"):
        response = client.post(url, typed(page, shown=shown, experiment_starts_on="12 December 2026"))
        assert response.status_code == 200
    assert not Cohort.objects.exists()
