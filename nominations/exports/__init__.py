"""The files that people take away: a checked file with its errors, and the empty template."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter

# The mark tells spreadsheet programs that the letters are UTF-8.
BOM = "\ufeff"
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text that no spreadsheet program runs when it opens a CSV file: an apostrophe before what would be a formula."""
    return f"'{text}" if text.startswith(RUN_BY_SPREADSHEETS) else text


def as_csv(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, every cell as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([[harmless(cell) for cell in line] for line in lines])
    return (BOM + out.getvalue()).encode()


def as_xlsx(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """A true spreadsheet. Cells are of the kind “text”, so a formula in one stays the letters that it is."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell, wrapped)
        sheet.set_column(0, len(headings) - 1, 24)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
