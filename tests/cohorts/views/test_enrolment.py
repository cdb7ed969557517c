"""Enrolling from a file: each wrong row is named, nothing is half saved, and the same file twice adds nobody."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cohorts.models import Associate
from messaging.models import Message
from people.models import User
from tests.cohorts.forms.test_spreadsheet import csv_file, xlsx_file
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.people import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db

HEADINGS = "First name,Last name,Work email,Job title,Organisation\n"
GOOD = HEADINGS + "Siôn,Qŵyn,sion@qarth.example,Swyddog,Qarth\nMari,Qant,mari@zhill.example,,Cyngor Sir Zhill\n"


@pytest.fixture
def cohort(organisation, other_organisation, today):
    return CohortFactory(status="recruiting", starts_on=today.replace(month=9, day=7))


@pytest.fixture
def client(manager, client_as):
    return client_as(manager)


def url(cohort):
    return reverse("cohorts:associate-import", args=[cohort.slug])


def upload(client, cohort, text):
    file = csv_file(text) if isinstance(text, str) else text
    return client.post(url(cohort), {"file": file})


def confirm(client, cohort, page):
    return client.post(url(cohort), {"rows": page.context["form"]["rows"].value()}, follow=True)


def test_check_then_confirm(client, cohort, organisation, other_organisation):
    page = upload(client, cohort, GOOD)
    text = page.content.decode()
    assert "Nothing is saved yet." in text
    assert "Siôn Qŵyn" in text
    assert not Associate.objects.exists()
    done = confirm(client, cohort, page)
    assert "Enrolled: 2. Already in this cohort: 0." in done.content.decode()
    sion, mari = User.objects.get(email="sion@qarth.example"), User.objects.get(email="mari@zhill.example")
    assert (sion.name, sion.employments.get().job_title) == ("Siôn Qŵyn", "Swyddog")
    assert mari.employments.get().organisation == other_organisation
    assert Message.objects.filter(kind="associate-enrolled").count() == 2


def test_the_same_file_again_adds_nobody(client, cohort):
    confirm(client, cohort, upload(client, cohort, GOOD))
    again = upload(client, cohort, GOOD.replace("sion@", "SION@"))
    assert (again.context["new"], again.context["there"]) == (0, 2)
    assert "Enrol these people" not in again.content.decode()
    confirm(client, cohort, again)
    assert Associate.objects.count() == 2
    assert Message.objects.filter(kind="associate-enrolled").count() == 2


def test_confirming_twice_adds_nobody_twice(client, cohort):
    page = upload(client, cohort, GOOD)
    confirm(client, cohort, page)
    assert "Enrolled: 0. Already in this cohort: 2." in confirm(client, cohort, page).content.decode()


def test_a_known_person_is_shown_by_the_name_we_know_and_found_by_any_address(client, cohort):
    known = UserFactory(name="Sion Known")
    EmailAddressFactory(user=known, email="sion@qarth.example", primary=False)
    page = upload(client, cohort, GOOD)
    assert "Sion Known" in page.content.decode()
    confirm(client, cohort, page)
    assert Associate.objects.filter(person=known).exists()


def test_every_wrong_row_is_named_with_person_column_and_what_to_do_and_nothing_is_saved(client, cohort):
    rows = [
        "Huw,Pask,huw@qarth.example,Officer,Qarth",
        "Mari,,mari@qarth.example,Officer,Qarth",
        "Elgan,Trow,elgan(at)qarth.example,,Qarth",
        "Huw,Pask,HUW@qarth.example,,Qarth",
        '"=HYPERLINK(""http://198.51.100.1"",""x"")",Quill,quill@qarth.example,,Qarth',
        "Ger,Ash,ger@qarth.example,,Gotham",
        ",,,,x",
    ]
    page = upload(client, cohort, HEADINGS + "\n".join(rows))
    faults = [(fault.row, fault.column, fault.message) for fault in page.context["read"].faults]
    assert [(row, column) for row, column, _message in faults] == [
        (3, "Last name"),
        (4, "Work email"),
        (5, "Work email"),
        (6, "First name"),
        (7, "Organisation"),
        (8, "First name"),
        (8, "Last name"),
        (8, "Work email"),
        (8, "Organisation"),
    ]
    messages = " ".join(message for _row, _column, message in faults)
    for said in ("Fill it in", "elgan(at)qarth.example", "first in row 2", "formula", "Gotham"):
        assert said in messages
    text = page.content.decode()
    assert "Rows to correct: 6" in text
    assert "&quot;http://198.51.100.1&quot;" in text
    assert "Elgan Trow" in text
    assert not Associate.objects.exists()
    assert not User.objects.filter(email__endswith="qarth.example", name__contains="Pask").exists()


def test_a_spreadsheet_with_welsh_headings_and_codes(client, cohort, organisation):
    lines = [
        ["Carfan newydd"],
        ["Sefydliad", "E-bost gwaith", "Cyfenw", "Enw cyntaf", "Nodyn"],
        [organisation.code, "non@qarth.example", "Qant", "Non", "x"],
    ]
    page = upload(client, cohort, xlsx_file(lines))
    assert page.context["not_used"] == ["Nodyn"]
    assert "Columns that are not used" in page.content.decode()
    confirm(client, cohort, page)
    assert Associate.objects.get().person.name == "Non Qant"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty."),
        ("First name,Last name,Job title\nA,B,C\n", "Columns are missing from the file: Work email, Organisation"),
        (SimpleUploadedFile("people.xlsx", b"no spreadsheet"), "it is a spreadsheet, but it is not one"),
    ],
)
def test_a_file_that_cannot_be_used_gives_one_sentence(client, cohort, text, said):
    page = upload(client, cohort, text)
    assert page.status_code == 200
    assert said in page.context["form"].errors["file"][0]


def test_more_people_than_places_are_refused_before_and_at_confirming(client, cohort):
    cohort.capacity = 1
    cohort.save()
    page = upload(client, cohort, GOOD)
    sentence = "There are not enough places. Places left: 1. New people in the file: 2."
    assert sentence in page.content.decode()
    assert "Enrol these people" not in page.content.decode()
    confirm(client, cohort, page)
    assert not Associate.objects.exists()
    assert not User.objects.filter(email="sion@qarth.example").exists()


def test_who_is_in_already_needs_no_place(client, cohort):
    cohort.capacity = 2
    cohort.save()
    AssociateFactory(cohort=cohort, person__email="sion@qarth.example")
    confirm(client, cohort, upload(client, cohort, GOOD))
    assert cohort.associates.count() == 2


def test_rows_that_were_changed_on_the_way_are_refused(client, cohort):
    page = upload(client, cohort, GOOD)
    rows = page.context["form"]["rows"].value()
    response = client.post(url(cohort), {"rows": rows[:-2] + "xx"}, follow=True)
    assert "This check is too old. Upload the file again." in response.content.decode()
    assert not Associate.objects.exists()


def test_the_other_language_of_the_check_page_keeps_the_rows(client, cohort):
    rows = upload(client, cohort, GOOD).context["form"]["rows"].value()
    page = client.post("/cy" + url(cohort), {"rows": rows, "_toggle": "cy"})
    assert "Siôn Qŵyn" in page.content.decode()
    assert "Gwiriwch cyn i ddim gael ei gadw" in page.content.decode()
    assert not Associate.objects.exists()
    confirm(client, cohort, page)
    assert Associate.objects.count() == 2


def test_the_empty_file_has_the_headings_of_the_page_s_language(client, cohort):
    path = reverse("cohorts:enrolment-template", args=[cohort.slug])
    assert client.get(path).content.decode() == "\ufeff" + HEADINGS.strip() + "\r\n"
    assert "Enw cyntaf,Cyfenw" in client.get("/cy" + path).content.decode()


def test_the_check_costs_the_same_for_one_row_and_for_three(client, cohort, django_assert_num_queries):
    one = HEADINGS + "A,Q,a@qarth.example,,Qarth\n"
    upload(client, cohort, one)
    with django_assert_num_queries(11):
        upload(client, cohort, one)
    with django_assert_num_queries(11):
        upload(client, cohort, one + "B,Q,b@qarth.example,,Qarth\nC,Q,c@qarth.example,,Zhill\n")


def test_others_may_not(coordinator, cohort, client_as):
    assert client_as(coordinator).get(url(cohort)).status_code == 403
