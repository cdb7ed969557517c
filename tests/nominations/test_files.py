"""The files that arrive, each exactly as its README says, through the page that coordinators use."""

import csv
import io
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from python_calamine import CalamineWorkbook

from core.models import AuditEvent
from messaging.models import Message
from nominations.models import Link, Nomination, NominationMove
from people.models import User
from tests.factories.challenges import ThemeFactory
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.nominations import NominationFactory, PlacesFactory
from tests.factories.people import OrganisationFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parent / "files"
FORMULA = '=HYPERLINK("http://198.51.100.1","x")'


@pytest.fixture
def cohort(today):
    return CohortFactory(slug="seven", status="recruiting", starts_on=today.replace(month=9, day=7))


@pytest.fixture(autouse=True)
def themes(db):
    return [
        ThemeFactory(name_en="Accelerating Decarbonisation", name_cy="Cyflymu Datgarboneiddio", slug="carbon"),
        ThemeFactory(name_en="Supportive Communities", name_cy="Cymunedau Cefnogol", slug="communities"),
    ]


@pytest.fixture
def organisation(cohort):
    organisation = OrganisationFactory(code="W06000022", short_en="Qarth", short_cy="Qarth")
    PlacesFactory(cohort=cohort, organisation=organisation, indicative=20)
    return organisation


@pytest.fixture
def coordinator(organisation):
    return RoleFactory(kind="coordinator", organisation=organisation, person__name="Rhodri Qadwaladr").person


@pytest.fixture
def client(coordinator, client_as):
    return client_as(coordinator)


@pytest.fixture
def url(cohort):
    return reverse("nominations:nomination-import", args=[cohort.slug])


def upload(client, url, name):
    return client.post(url, {"file": SimpleUploadedFile(name, (FILES / name).read_bytes())})


def send(client, url, page, **more):
    form = page.context["form"]
    return client.post(url, {"rows": form["rows"].value(), "organisation": form["organisation"].value(), **more})


def save(client, url, page, **more):
    return send(client, url, page, save="1", **more)


def lines(page):
    return page.context["checked"].lines


def test_torfaen_gives_four_with_every_letter_kept_and_none_again(client, url):
    page = upload(client, url, "torfaen-good.csv")
    assert "Nothing is saved yet." in page.content.decode()
    assert not Nomination.objects.exists()
    assert not User.objects.filter(email__endswith="@torfaen.example").exists()
    save(client, url, page)
    found = {row.person.name: row for row in Nomination.objects.select_related("person")}
    assert set(found) == {"Siân Prŷs", "Owain Llŵyd", "Nia O'Shaughnessy-Vale", "Bethan Gwŷn"}
    assert found["Bethan Gwŷn"].directorate == "Chief Executive's Unit"
    assert found["Nia O'Shaughnessy-Vale"].reason == "Buys care placements; would bring a live procurement."
    assert [theme.slug for theme in found["Bethan Gwŷn"].themes.all()] == ["carbon"]
    assert not found["Nia O'Shaughnessy-Vale"].themes.exists()
    counts = (Nomination.objects.count(), Message.objects.count(), Link.objects.count(), NominationMove.objects.count())
    assert counts == (4, 8, 8, 4)
    again = upload(client, url, "torfaen-good.csv")
    assert (len(again.context["checked"].new), len(again.context["checked"].there)) == (0, 4)
    save(client, url, again)
    assert (Nomination.objects.count(), Message.objects.count(), Link.objects.count()) == (4, 8, 8)


def test_cardiff_finds_separator_encoding_order_and_case_by_itself(client, url):
    page = upload(client, url, "cardiff-excel-semicolons-cp1252.csv")
    assert len(lines(page)) == 2
    save(client, url, page)
    aled = Nomination.objects.get(person__email="aled.morys@cardiff.example")
    assert aled.reason == "Leads on bus priority – wants an experiment on “last mile” parcels."
    assert aled.directorate == "Planning, Transport & Environment"
    assert User.objects.get(email="zoe.bartholomew@cardiff.example").name == "Zoë Bartholomew"
    assert Nomination.objects.count() == 2


def test_caerphilly_finds_headings_below_titles_and_one_row_without_reason(client, url):
    page = upload(client, url, "caerphilly-title-rows.xlsx")
    first, second, third = lines(page)
    assert first.is_new
    assert second.is_new
    assert second.person == "Carys Ŵyn"
    assert [(fault.person, fault.column, fault.message) for fault in third.faults] == [
        ("Ioan Bright", "Why this person", "It is empty. Fill it in.")
    ]
    assert "6" in str(third.row.number)
    # The two that are right wait for the third: nothing is half saved.
    save(client, url, page)
    assert not Nomination.objects.exists()
    mended = send(client, url, page, **{"check": "1", "cell-6-reason": "Buys  for six schools."})
    assert not mended.context["checked"].faults
    save(client, url, mended)
    assert Nomination.objects.get(person__name="Ioan Bright").reason == "Buys for six schools."
    assert Nomination.objects.count() == 3


NEWPORT = [
    ("mari@newport.example", "Mari", "Last name", "It is empty. Fill it in."),
    ("elgan.trow(at)newport.example", "Elgan Trow", "Work email", "This is not an email address"),
    ("HUW.PASK@newport.example", "Huw Pask", "Work email", "This address is in the file twice, first in row 2."),
    ("f.quill@newport.example", f"{FORMULA} Quill", "First name", "This looks like a formula."),
    ("tomos.vance@newport.example", "Tomos Vance", "Theme", "We do not know this theme: Space exploration."),
    ("rhian.lock@newport.example", "Rhian Lock", "Line manager email", "the nominee’s own email address"),
    ("ger.ash@newport.example", "Ger Ash", "Why this person", "It is too long. The most letters: 2000."),
]


def test_newport_saves_nothing_and_names_each_row(client, url):
    page = upload(client, url, "newport-row-errors.csv")
    first, *wrong = lines(page)
    assert (first.is_new, first.person) == (True, "Huw Pask")
    for line, (email, person, column, message) in zip(wrong, NEWPORT, strict=True):
        (fault,) = line.faults
        assert line.row.values["email"] == email
        assert (fault.person, fault.column) == (person, column)
        assert message in fault.message
    text = page.content.decode()
    assert "Fine" in text
    assert "Nothing was saved." in text
    assert '<a href="http://198' not in text
    save(client, url, page)
    assert not Nomination.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_newport_comes_back_with_errors_and_a_harmless_formula(client, url, kind):
    answer = send(client, url, upload(client, url, "newport-row-errors.csv"), download=kind)
    if kind == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[5][0] == f"'{FORMULA}"
    else:
        assert b"<f>" not in b"".join(unzipped(answer.content))
        rows = CalamineWorkbook.from_object(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert rows[5][0] == FORMULA
    assert rows[0][-1] == "What to do"
    assert rows[1][-1] == ""
    assert all(row[-1] for row in rows[2:])
    assert rows[2][-1] == "Last name: It is empty. Fill it in."
    # The file that came back can be uploaded again, and its formula is still one.
    again = client.post(url, {"file": SimpleUploadedFile(f"errors.{kind}", answer.content)})
    assert len(again.context["checked"].wrong) == 7
    assert "formula" in lines(again)[4].faults[0].message


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [packed.read(name) for name in packed.namelist() if "worksheets" in name]


def test_newport_mended_on_the_page_is_saved_whole(client, url):
    page = upload(client, url, "newport-row-errors.csv")
    boxes = {
        "cell-3-last_name": "Qant",
        "cell-4-email": "elgan.trow@newport.example",
        "cell-5-email": "huw.other@newport.example",
        "cell-6-first_name": "Ffion",
        "cell-7-theme": "Cymunedau Cefnogol",
        "cell-8-line_manager_email": "delyth.ormond@newport.example",
        "cell-9-reason": "Short.",
    }
    partly = send(client, url, page, check="1", **dict(list(boxes.items())[:3]))
    assert len(partly.context["checked"].wrong) == 4
    whole = send(client, url, partly, check="1", **dict(list(boxes.items())[3:]))
    assert not whole.context["checked"].wrong
    save(client, url, whole)
    assert Nomination.objects.count() == 8
    assert User.objects.get(email="f.quill@newport.example").name == "Ffion Quill"


WHOLE_FILE = {
    "bridgend-missing-column.csv": "Columns are missing from the file: Work email",
    "empty.csv": "The file is empty.",
    "not-a-spreadsheet.xlsx": "The spreadsheet cannot be read.",
}


@pytest.mark.parametrize("name", WHOLE_FILE)
def test_one_sentence_about_the_whole_file_and_no_rows(client, url, name):
    page = upload(client, url, name)
    assert page.status_code == 200
    (sentence,) = page.context["form"].errors["file"]
    assert sentence.startswith(WHOLE_FILE[name])
    assert "checked" not in page.context


def test_somebody_with_the_same_name_is_shown_before_and_can_be_merged_afterwards(client, url, cohort, organisation):
    there = NominationFactory(cohort=cohort, organisation=organisation, person__name="Sian Prys", route="self")
    page = upload(client, url, "torfaen-good.csv")
    (line,) = [line for line in lines(page) if line.same_name]
    assert (line.person, line.same_name) == ("Siân Prŷs", there)
    assert there.person.email in page.content.decode()
    save(client, url, page)
    new = Nomination.objects.get(person__name="Siân Prŷs")
    detail = client.get(reverse("nominations:nomination-detail", args=[cohort.slug, new.reference]))
    assert detail.context["lookalikes"] == [there]


# --- The command ----------------------------------------------------------------------------------------------------
def run(name, *options):
    out = io.StringIO()
    try:
        call_command("import_nominations", str(FILES / name), "--cohort", "seven", *options, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


OURS = ("--organisation", "W06000022")


def test_the_command_saves_what_is_right(coordinator):
    said, error = run("torfaen-good.csv", *OURS, "--dry-run")
    assert ("Nothing was saved" in said, error, Nomination.objects.count()) == (True, "", 0)
    said, error = run("torfaen-good.csv", *OURS)
    assert (error, Nomination.objects.count()) == ("", 4)
    assert "Nominated: 4. Nominated before: 0." in said
    assert {row.nominated_by for row in Nomination.objects.all()} == {coordinator}
    said, error = run("torfaen-good.csv", *OURS)
    assert "Nominated: 0. Nominated before: 4." in said
    assert AuditEvent.objects.filter(event="nomination.submitted").count() == 4


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_the_command_says_what_the_page_says(client, url, options):
    page = upload(client, url, "newport-row-errors.csv")
    said, error = run("newport-row-errors.csv", *OURS, *options)
    for fault in page.context["checked"].faults:
        assert str(fault) in said
    assert "Rows to correct: 7" in error
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("name", WHOLE_FILE)
def test_the_command_says_the_same_about_whole_files(coordinator, name):
    _said, error = run(name, *OURS)
    assert error.startswith(WHOLE_FILE[name])


def test_the_command_knows_no_such_cohort_or_organisation(coordinator, tmp_path):
    assert "W0" in run("torfaen-good.csv", "--organisation", "W0")[1]
    shutil.copy(FILES / "torfaen-good.csv", tmp_path)
    with pytest.raises(CommandError, match="eight"):
        call_command("import_nominations", str(tmp_path / "torfaen-good.csv"), "--cohort", "eight", *OURS)
    with pytest.raises(CommandError, match="missing"):
        call_command("import_nominations", str(tmp_path / "missing.csv"), "--cohort", "seven", *OURS)


def test_warnings_want_their_reasons_before_a_file_is_saved(client, url, organisation):
    organisation.places.update(indicative=1)
    person = UserFactory(email="zoe.bartholomew@cardiff.example")
    AssociateFactory(person=person, cohort=CohortFactory(name_en="Qohort Three"), status="completed")
    page = upload(client, url, "cardiff-excel-semicolons-cp1252.csv")
    text = page.content.decode()
    assert "Places: 1. Nominations with this: 2." in text
    assert "already has a place in another cohort: Qohort Three." in text
    refused = save(client, url, page)
    assert set(refused.context["form"].errors) == {"over_places_reason", "elsewhere_reason"}
    assert not Nomination.objects.exists()
    save(client, url, page, over_places_reason="Two teams merge.", elsewhere_reason="A new job.")
    assert Nomination.objects.get(person=person).elsewhere_reason == "A new job."
    assert not Nomination.objects.get(person__name="Aled Morys").elsewhere_reason
    assert AuditEvent.objects.get(event="places.exceeded").details["nominations"] == 2


def test_headings_and_themes_in_welsh(client, url):
    headings = "Thema;Cyfenw;ENW CYNTAF;E-bost gwaith;Teitl swydd;Enw’r rheolwr llinell;E-bost y rheolwr llinell;"
    people = (
        "cymunedau cefnogol;Qwyn;Siân;sian@qarth.example;Swyddog;D. Qormond;d@qarth.example;Rheswm da.\n"
        "y naill neu’r llall;Qant;Ŵan;wan@qarth.example;Swyddog;D. Qormond;d@qarth.example;- Rheswm\n"
    )
    text = f"{headings}Pam y person hwn\n{people}"
    page = client.post(f"/cy{url}", {"file": SimpleUploadedFile("enwebiadau.csv", text.encode("utf-8-sig"))})
    said = page.content.decode()
    assert "Does dim wedi’i gadw eto. Y botwm o dan y tabl hwn sy’n ei gadw." in said
    assert "Nothing" not in said
    save(client, f"/cy{url}", page)
    assert [theme.slug for theme in Nomination.objects.get(person__name="Siân Qwyn").themes.all()] == ["communities"]
    assert not Nomination.objects.get(person__name="Ŵan Qant").themes.exists()


def test_the_other_language_keeps_what_was_typed(client, url):
    page = upload(client, url, "caerphilly-title-rows.xlsx")
    other = send(client, f"/cy{url}", page, **{"_toggle": "1", "cell-6-reason": "Mae’n prynu i chwe ysgol."})
    assert "Gwiriwch" in other.content.decode()
    assert not other.context["checked"].faults
    save(client, f"/cy{url}", other)
    assert Nomination.objects.get(person__name="Ioan Bright").reason == "Mae’n prynu i chwe ysgol."
