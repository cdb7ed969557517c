"""Tables that people send: CSV or a spreadsheet, headings in either language, in any order, below any title rows.

`read_table` gives rows of plain text. It never trusts the file: its size is looked at before its content, a packed
file is unpacked within limits first, and every cell is text, formulas included.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNPACKED = 100 * MEGABYTE
MOST_PARTS = 1000
MOST_ROWS = 2000
MOST_COLUMNS = 200
# Title rows and notes may stand above the headings.
HEADINGS_WITHIN = 30
SEPARATORS = (",", ";", "\t", "|")
SPREADSHEET_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
PACKED = b"PK\x03\x04"


class UnreadableFileError(Exception):
    """The file as a whole cannot be used; `str()` of it says why and what to do."""


@dataclass(frozen=True)
class Heading:
    """A column we look for. `english` and `welsh` are what we call it; `also` further ways of writing it."""

    name: str
    english: str
    welsh: str
    also: tuple[str, ...] = ()
    required: bool = True

    @property
    def label(self) -> str:
        """What we call the column, in the reader's language."""
        return self.welsh if (get_language() or "en").startswith("cy") else self.english

    @property
    def spellings(self) -> set[str]:
        return {plain(text) for text in (self.english, self.welsh, *self.also)}


@dataclass(frozen=True)
class Row:
    """One line of the table: its number as the spreadsheet shows it, and the text under each heading's name."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Table:
    """What was read: the rows that hold anything, and the headings that were not asked for."""

    rows: list[Row]
    not_used: list[str] = field(default_factory=list)


def read_table(upload: UploadedFile, headings: Sequence[Heading]) -> Table:
    """The rows of an uploaded CSV or spreadsheet file under the given headings.

    Raises UnreadableFileError for everything that concerns the file as a whole: too large, empty, not a table, a
    password, a column missing or twice, too many rows.
    """
    if upload.size is None or upload.size > LARGEST_FILE:
        raise UnreadableFileError(
            _("The file is too large. The largest size is %(size)s MB.") % {"size": LARGEST_FILE // MEGABYTE}
        )
    content = upload.read()
    if not content.strip():
        raise UnreadableFileError(_("The file is empty."))
    candidates = _sheets(content) if _is_spreadsheet(content, upload.name or "") else _texts(content)
    best: tuple[int, list[list[str]], int] | None = None
    for cells in candidates:
        known, at = _heading_row(cells, headings)
        if best is None or known > best[0]:
            best = (known, cells, at)
    if best is None or best[0] == 0:
        wanted = ", ".join(heading.label for heading in headings if heading.required)
        raise UnreadableFileError(
            _("No headings were found in the file. Columns needed: %(columns)s") % {"columns": wanted}
        )
    return _table(best[1], best[2], headings)


def plain(text: str) -> str:
    """A heading or a name as it is compared: without letter case, doubled spaces and curly apostrophes."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'").replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"[\s_]+", " ", text).strip(" :*").casefold()


def _table(cells: list[list[str]], at: int, headings: Sequence[Heading]) -> Table:
    found: dict[str, int] = {}
    not_used = []
    for column, text in enumerate(cells[at]):
        heading = next((heading for heading in headings if plain(text) in heading.spellings), None)
        if heading is None:
            if text:
                not_used.append(text)
        elif heading.name in found:
            raise UnreadableFileError(_("A column is in the file twice: %(column)s") % {"column": heading.label})
        else:
            found[heading.name] = column
    missing = [heading.label for heading in headings if heading.required and heading.name not in found]
    if missing:
        raise UnreadableFileError(_("Columns are missing from the file: %(columns)s") % {"columns": ", ".join(missing)})
    rows = []
    for number, line in enumerate(cells[at + 1 :], start=at + 2):
        values = {name: line[column] if column < len(line) else "" for name, column in found.items()}
        if any(line):
            rows.append(Row(number, {heading.name: values.get(heading.name, "") for heading in headings}))
    if not rows:
        raise UnreadableFileError(_("The file has headings but no rows below them."))
    if len(rows) > MOST_ROWS:
        raise UnreadableFileError(_("The file has too many rows. The most at a time: %(rows)s") % {"rows": MOST_ROWS})
    return Table(rows, not_used)


def _heading_row(cells: list[list[str]], headings: Sequence[Heading]) -> tuple[int, int]:
    """How many headings the best line among the first has, and where it is."""
    known = set().union(*(heading.spellings for heading in headings))
    counts = [(sum(plain(text) in known for text in line), -at) for at, line in enumerate(cells[:HEADINGS_WITHIN])]
    count, at = max(counts, default=(0, 0))
    return count, -at


# --- Text -----------------------------------------------------------------------------------------------------------
def _texts(content: bytes) -> Iterator[list[list[str]]]:
    """The text cut at each separator that people's programs write; the caller takes the one that gives headings."""
    text = _decoded(content)
    trouble: UnreadableFileError | None = None
    readable = False
    for separator in SEPARATORS:
        try:
            cells = []
            for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
                cells.append([_clean(cell) for cell in line[:MOST_COLUMNS]])
                if len(cells) > MOST_ROWS + HEADINGS_WITHIN:
                    break
        except csv.Error:
            trouble = UnreadableFileError(
                _("The file cannot be read as a table: a quotation mark is opened and not closed, near row %(row)s.")
                % {"row": len(cells) + 1}
            )
            continue
        readable = True
        yield cells
    if trouble and not readable:
        raise trouble


def _decoded(content: bytes) -> str:
    """The text, whichever way it was saved: UTF-8 with or without a mark, UTF-16, or the old Windows code page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[:200].count(b"\0") > len(content[:200]) // 4:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFileError(_("The file is neither a CSV file nor a spreadsheet that can be read."))


# --- Spreadsheets ---------------------------------------------------------------------------------------------------
def _is_spreadsheet(content: bytes, name: str) -> bool:
    if content.startswith((PACKED, OLD_EXCEL)):
        return True
    if name.lower().endswith(SPREADSHEET_NAMES):
        raise UnreadableFileError(_("The file’s name says that it is a spreadsheet, but it is not one."))
    return False


def _sheets(content: bytes) -> Iterator[list[list[str]]]:
    """The visible sheets' cells as text."""
    if content.startswith(PACKED):
        _refuse_a_bomb(content)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
                    continue
                lines = workbook.get_sheet_by_name(sheet.name).to_python(
                    skip_empty_area=False, nrows=MOST_ROWS + HEADINGS_WITHIN
                )
                yield [[_as_text(cell) for cell in line[:MOST_COLUMNS]] for line in lines]
    except PasswordError as error:
        raise UnreadableFileError(_("The file is protected by a password. Save it without one.")) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(_("The spreadsheet cannot be read. Save it again, or save it as CSV.")) from error


def _refuse_a_bomb(content: bytes) -> None:
    """Unpack every part within the limit, and throw it away: what a packed file says of its size may be a lie."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise UnreadableFileError(_("The spreadsheet is too large when unpacked."))
            for part in parts:
                with packed.open(part) as stream:
                    while chunk := stream.read(MEGABYTE):
                        unpacked += len(chunk)
                        if unpacked > LARGEST_UNPACKED:
                            raise UnreadableFileError(_("The spreadsheet is too large when unpacked."))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise UnreadableFileError(_("The spreadsheet cannot be read. Save it again, or save it as CSV.")) from error


def _as_text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return _clean(str(cell))


def _clean(text: str) -> str:
    """A cell's text without what cannot be seen: control characters become spaces, composed letters are one letter."""
    if text.isprintable():  # nearly every cell; a thousand rows are read several times, once for each separator
        return unicodedata.normalize("NFC", text).strip()
    text = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    return unicodedata.normalize("NFC", text).replace("\ufeff", "").strip()
