"""Files from elsewhere: nothing of GOV.UK's own dress, nothing that is not there, and what they weigh."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
SHEETS = sorted(STATIC.rglob("*.css"))
# A first visit may weigh 60 kB with its styles, and the page alone 15 kB after.
MOST_FOR_STYLES = 45_000


def test_there_are_style_sheets():
    assert {sheet.name for sheet in SHEETS} >= {"govuk-frontend.css", "infuse.css"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_of_govuks_dress_is_left(sheet):
    css = sheet.read_text()
    for word in ("GDS Transport", "crown", "crest", "sourceMappingURL", "/assets/"):
        assert word not in css


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_address_in_a_style_sheet_is_a_file_of_ours(sheet):
    for address in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
        assert (sheet.parent / address.strip("\"'")).resolve().is_file(), address


def test_no_file_is_a_crown_or_a_govuk_font():
    assert not [
        path for path in STATIC.rglob("*") if re.search("crown|crest|govuk-.*(svg|png)|light-|bold-", path.name)
    ]


def test_licences_stand_beside_what_they_license():
    assert "Government Digital Service" in (STATIC / "vendor" / "LICENCE.txt").read_text()
    assert "SIL Open Font License" in (STATIC / "vendor" / "OFL.txt").read_text()


def test_styles_leave_room_for_the_page():
    sheets = sum(len(gzip.compress(sheet.read_bytes())) for sheet in SHEETS)
    fonts = sum(font.stat().st_size for font in STATIC.rglob("*.woff2"))
    assert sheets + fonts <= MOST_FOR_STYLES


def test_templates_have_no_inline_style_or_script():
    """The content security policy would refuse them. A mail has none, and its readers know no style sheets."""
    faults = []
    templates = Path(settings.BASE_DIR) / "templates"
    for path in set(templates.rglob("*.html")) - {templates / "messaging" / "letter.html"}:
        source = re.sub(r"{%.*?%}|{{.*?}}", "", path.read_text(), flags=re.DOTALL)
        for fault in re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", source):
            faults.append(f"{path.name}: {fault}")
    assert not faults
