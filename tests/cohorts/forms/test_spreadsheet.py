"""Tables as people send them: any separator, any way of saving, either language, and nothing dangerous."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from cohorts.forms import spreadsheet
from cohorts.forms.spreadsheet import Heading, UnreadableFileError, read_table

HEADINGS = (
    Heading("first", "First name", "Enw cyntaf"),
    Heading("email", "Work email", "E-bost gwaith", also=("email", "e-mail")),
    Heading("job", "Job title", "Teitl swydd", required=False),
)


def csv_file(text, encoding="utf-8", name="people.csv"):
    return SimpleUploadedFile(name, text.encode(encoding))


def xlsx_file(*sheets, name="people.xlsx"):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        for lines in sheets:
            sheet = workbook.add_worksheet()
            for row, line in enumerate(lines):
                for column, cell in enumerate(line):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, workbook.add_format({"num_format": "yyyy-mm-dd"}))
                    else:
                        sheet.write(row, column, cell)
    return SimpleUploadedFile(name, content.getvalue())


def read(upload):
    return [(row.number, row.values) for row in read_table(upload, HEADINGS).rows]


GOOD = "First name{0}Work email{0}Job title\nSiôn{0}sion@qarth.example{0}Swyddog ŵ ŷ\n"
WELL = [(2, {"first": "Siôn", "email": "sion@qarth.example", "job": "Swyddog ŵ ŷ"})]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_separator_and_way_of_saving(separator, encoding):
    assert read(csv_file(GOOD.format(separator), encoding)) == WELL


def test_the_old_windows_code_page():
    upload = csv_file("first name;E-MAIL\nZoë;zoe@qarth.example – “x”\n", "cp1252")
    assert read(upload) == [(2, {"first": "Zoë", "email": "zoe@qarth.example – “x”", "job": ""})]


def test_welsh_headings_in_any_order_and_case_with_a_column_nobody_asked_for():
    table = read_table(csv_file("E-BOST  gwaith,Sylwadau,ENW CYNTAF\na@b.example,x,Siân\n"), HEADINGS)
    assert table.rows[0].values == {"first": "Siân", "email": "a@b.example", "job": ""}
    assert table.not_used == ["Sylwadau"]


def test_composed_and_decomposed_letters_are_one_letter():
    assert read(csv_file("First name,email\nSio\u0302n,s@b.example\n"))[0][1]["first"] == "Siôn"


def test_title_rows_and_empty_lines_keep_the_numbers_that_the_spreadsheet_shows():
    lines = [["Our people"], [], ["First name", "Work email"], ["Ann", "a@b.example"], [], ["Bob", "b@b.example"]]
    assert [number for number, _values in read(xlsx_file(lines))] == [4, 6]


def test_the_sheet_with_the_headings_is_found_and_numbers_and_days_become_text():
    lines = [["First name", "Work email", "Job title"], ["Ann", "a@b.example", 7.0], ["Bob", "b@b", date(2026, 1, 5)]]
    values = read(xlsx_file([["Read me"]], lines))
    assert [row["job"] for _number, row in values] == ["7", "2026-01-05"]


def test_formulas_are_text_and_never_worked_out():
    text = '=HYPERLINK("http://198.51.100.1","x")'
    quoted = text.replace('"', '""')
    assert read(csv_file(f'First name,email\n"{quoted}",a@b.example\n'))[0][1]["first"] == text


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (csv_file(""), "The file is empty."),
        (csv_file("  \n \n"), "The file is empty."),
        (csv_file("First name,email\n"), "no rows below"),
        (csv_file("Forename,Address\nA,B\n"), "No headings were found"),
        (csv_file("First name,Job title\nA,B\n"), "missing from the file: Work email"),
        (csv_file("First name,email,Work email\nA,B,C\n"), "in the file twice: Work email"),
        (csv_file("not a spreadsheet", name="people.xlsx"), "is a spreadsheet, but it is not one"),
        (csv_file('First name,email\n"Ann,a@b.example\n'), "not closed"),
        (SimpleUploadedFile("p.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "neither a CSV file nor a spreadsheet"),
        (SimpleUploadedFile("p.xlsx", b"PK\x03\x04 and then nothing of the kind"), "cannot be read"),
        (SimpleUploadedFile("p.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(upload, said):
    with pytest.raises(UnreadableFileError, match=said):
        read_table(upload, HEADINGS)


def test_a_file_over_the_limit_is_refused_without_reading_it():
    class Huge(SimpleUploadedFile):
        def read(self, *_args):
            raise AssertionError("It was read.")

    upload = Huge("people.csv", b"x")
    upload.size = spreadsheet.LARGEST_FILE + 1
    with pytest.raises(UnreadableFileError, match="20 MB"):
        read_table(upload, HEADINGS)


def zipped(size, lie=False):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    data = content.getvalue()
    if lie:
        data = data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    return SimpleUploadedFile("people.xlsx", data)


@pytest.mark.parametrize("lie", [False, True])
def test_a_file_that_unpacks_to_far_more_than_it_weighs_is_refused(lie, monkeypatch):
    monkeypatch.setattr(spreadsheet, "LARGEST_UNPACKED", 2 * spreadsheet.MEGABYTE)
    upload = zipped(5 * spreadsheet.MEGABYTE, lie)
    assert upload.size < spreadsheet.MEGABYTE
    with pytest.raises(UnreadableFileError, match="cannot be read" if lie else "too large"):
        read_table(upload, HEADINGS)


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    with pytest.raises(UnreadableFileError, match="too many rows"):
        read_table(csv_file("First name,email\n" + "A,a@b.example\n" * 4), HEADINGS)


def test_labels_and_refusals_are_in_the_reader_s_language():
    with translation.override("cy"), pytest.raises(UnreadableFileError, match="E-bost gwaith"):
        read_table(csv_file("First name,Job title\nA,B\n"), HEADINGS)
