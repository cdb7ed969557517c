"""A frozen selection record as a spreadsheet and as a PDF, in either language, from the same sections."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.clock import LONDON
from nominations.enums import DecisionReason, NominationStatus, Outcome, ReviewStatus, SteppedBack
from nominations.models import SelectionRecord

LAYOUT = Path(__file__).with_name("record.typ")
# Spreadsheet programs refuse longer cells.
MOST_LETTERS = 32_000


@dataclass(frozen=True)
class Section:
    """A table with its title; every cell is text."""

    title: str
    headings: list[str]
    rows: list[list[str]]


def as_xlsx(record: SelectionRecord, content: Mapping[str, Any], language: str) -> bytes:
    """A sheet for each section. Cells are of the kind “text”, so a formula in one stays the letters that it is."""
    title, facts, sections = _document(record, content, language)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        # The same record gives the same bytes.
        book.set_properties({"title": title, "created": record.frozen_at.replace(tzinfo=None)})
        bold, plain = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        with translation.override(language):
            first = Section(_("Record"), [title, ""], [[label, value] for label, value in facts])
        for section in (first, *sections):
            sheet = book.add_worksheet(section.title[:31])
            for column, heading in enumerate(section.headings):
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(section.rows, start=1):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell[:MOST_LETTERS], plain)
            sheet.set_column(0, max(len(section.headings) - 1, 0), 24)
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def as_pdf(record: SelectionRecord, content: Mapping[str, Any], language: str) -> bytes:
    """A tagged PDF. The words go in as data, so nothing that somebody wrote is read as mark-up."""
    title, facts, sections = _document(record, content, language)
    data = {
        "language": language,
        "title": title,
        "facts": facts,
        "sections": [vars(section) for section in sections],
    }
    made = typst.compile(LAYOUT.read_bytes(), sys_inputs={"data": json.dumps(data)})
    if not isinstance(made, bytes):
        raise TypeError("One document was expected.")
    return made


def _document(
    record: SelectionRecord, content: Mapping[str, Any], language: str
) -> tuple[str, list[tuple[str, str]], list[Section]]:
    with translation.override(language):
        title = f"{_('Selection record')}: {content['cohort']['name'][language]}"
        facts = [
            (_("Frozen"), _moment(record.frozen_at.isoformat())),
            (_("By"), record.frozen_by.name),
            (_("Places"), str(content["cohort"]["capacity"])),
            (_("Checksum"), record.checksum),
        ]
        if content.get("withheld"):
            facts.append((_("Left out: too close to the reader"), str(content["withheld"])))
        sections = [_criteria(content, language), _panel(content), _nominations(content, language)]
        return title, facts, [*sections, _reviews(content, language), _decisions(content)]


def _criteria(content: Mapping[str, Any], language: str) -> Section:
    rows = [[one["name"][language], one["help"][language], str(one["weight"])] for one in content["criteria"]]
    return Section(_("Criteria"), [_("Name"), _("What to look for"), _("Weight")], rows)


def _panel(content: Mapping[str, Any]) -> Section:
    names = {line["reference"]: line["name"] for line in content["nominations"]}
    rows = [
        [
            member["name"],
            _day(member["added_on"]),
            _day(member["left_on"]),
            ", ".join(names.get(reference, reference) for reference in member["conflicts"]),
        ]
        for member in content["panel"]
    ]
    return Section(_("Panel"), [_("Name"), _("On the panel from"), _("Left on"), _("Conflicts")], rows)


def _nominations(content: Mapping[str, Any], language: str) -> Section:
    rows = [
        [
            line["name"],
            line["organisation"][language],
            _label(NominationStatus, line["status"]),
            line["points"],
            line["spread"],
        ]
        for line in content["nominations"]
    ]
    return Section(_("Nominations"), [_("Name"), _("Organisation"), _("Status"), _("Points"), _("Spread")], rows)


def _reviews(content: Mapping[str, Any], language: str) -> Section:
    names = [one["name"][language] for one in content["criteria"]]
    rows = []
    for line in content["nominations"]:
        for review in line["reviews"]:
            points = [*review["points"], *[None] * len(names)][: len(names)]
            rows.append(
                [
                    line["name"],
                    review["reviewer"],
                    _label(ReviewStatus, review["status"]),
                    *("" if number is None else str(number) for number in points),
                    review["comment"],
                    _label(SteppedBack, review["why"]),
                ]
            )
    return Section(_("Scores"), [_("Name"), _("Reviewer"), _("Status"), *names, _("Comment"), _("Reason")], rows)


def _decisions(content: Mapping[str, Any]) -> Section:
    rows = [
        [
            line["name"],
            _label(Outcome, one["outcome"]),
            _label(DecisionReason, one["reason"]),
            one["note"],
            _day(one["answer_by"] or one["reserve_until"]),
            f"{one['prepared_by']}, {_moment(one['prepared_at'])}",
            f"{one['released_by']}, {_moment(one['released_at'])}",
        ]
        for line in content["nominations"]
        for one in line["decisions"]
    ]
    headings = [_("Name"), _("Decision"), _("Reason"), _("Note"), _("Until"), _("Prepared by"), _("Released by")]
    return Section(_("Decisions"), headings, rows)


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y") if text else ""


def _moment(text: str) -> str:
    return date_format(datetime.fromisoformat(text).astimezone(LONDON), "j F Y, H:i") if text else ""
