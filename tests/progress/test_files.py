"""A file is what its content says: what people show their work in is kept, what could run is refused."""

import io
import zipfile
import zlib

import pytest

from progress.queries.files import LARGEST_FILE, File, type_of
from progress.rules.files import is_harmless, is_small_enough
from tests.factories.progress import PDF

CONTENT_TYPES = "[Content_Types].xml"


def packed(*names, **contents) -> bytes:
    """A packed file with these parts; `contents` by name, with the dots and slashes written out as in the call."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, b"x")
        for name, content in contents.items():
            file.writestr(name, content)
    return out.getvalue()


def office(folder: str, *more: str, types: bytes = b"<Types/>") -> bytes:
    return packed(f"{folder}/document.xml", *more, **{CONTENT_TYPES: types})


def pdf_with(part: bytes) -> bytes:
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + part)


def pdf_with_hidden(part: bytes) -> bytes:
    """The words stand in a packed list of objects."""
    return PDF + b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + zlib.compress(part) + b"\nendstream\n"


KEPT = [
    ("plan.pdf", PDF, "pdf"),
    ("photo.png", b"\x89PNG\r\n\x1a\n....", "png"),
    ("photo.jpg", b"\xff\xd8\xff\xe0....", "jpg"),
    ("plan.docx", office("word"), "docx"),
    ("figures.xlsx", office("xl"), "xlsx"),
    ("slides.pptx", office("ppt"), "pptx"),
    ("plan.odt", packed(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    ("notes.txt", "Nodiadau: tŷ bach, 3 < 4".encode(), "txt"),
    ("figures.csv", b"a;b\n1;2\n", "txt"),
    # The name lies, and is not believed either way.
    ("virus.exe", PDF, "pdf"),
]


@pytest.mark.parametrize(("name", "content", "ending"), KEPT, ids=lambda value: value if isinstance(value, str) else "")
def test_what_people_show_their_work_in_is_kept(name, content, ending):
    file = File(name, content)
    assert is_harmless(file)
    assert type_of(file).ending == ending


REFUSED = {
    "a program of Windows": ("plan.pdf", b"MZ\x90\x00\x03" + b"\0" * 60),
    "a program of Linux": ("photo.png", b"\x7fELF\x02\x01\x01"),
    "a program of a Mac": ("notes.txt", b"\xcf\xfa\xed\xfe\x07"),
    "a script": ("notes.txt", b"#!/bin/sh\nrm -rf ~\n"),
    "a batch file": ("notes.bat", b"@echo off\r\ndel *.*\r\n"),
    "a program in JavaScript": ("tool.js", b"alert(1)"),
    "a web page": ("notes.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
    "a drawing that is a page": ("photo.txt", b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
    "a page behind words": ("notes.md", b"Hello\n\n< SCRIPT src=x>"),
    "a packed program": ("tools.zip", packed("setup.exe")),
    "an app in a zip": ("plan.docx", packed("META-INF/MANIFEST.MF", "Main.class")),
    "an old office file": ("plan.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60),
    "a broken packed file": ("plan.docx", b"PK\x03\x04" + b"garbage"),
    "words in no known writing": ("notes.txt", b"\xff\xfea\x00"),
    "nothing": ("notes.txt", b""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_document_is_refused_whatever_its_name(case):
    assert not is_harmless(File(*REFUSED[case]))


ACTIVE = {
    "a macro": ("plan.docx", office("word", "word/vbaProject.bin")),
    "a macro by its type": ("plan.docx", office("word", types=b"application/vnd.ms-word.document.MacroEnabled.main")),
    "a control": ("figures.xlsx", office("xl", "xl/activeX/activeX1.bin")),
    "another program's object": ("slides.pptx", office("ppt", "ppt/embeddings/oleObject1.bin")),
    "a program inside": ("plan.docx", office("word", "word/media/tool.exe")),
    "Basic": ("plan.odt", packed("Basic/Standard/x.xml", mimetype="application/vnd.oasis.opendocument.text")),
    "a script in a PDF": ("plan.pdf", pdf_with(b"/OpenAction << /S /JavaScript /JS (app.alert) >>")),
    "a start of a program": ("plan.pdf", pdf_with(b"/OpenAction << /S /Launch >>")),
    "a file in a PDF": ("plan.pdf", pdf_with(b"/Names << /EmbeddedFiles 3 0 R >>")),
    "a script by its letters": ("plan.pdf", pdf_with(b"/S /J#61vaScript")),
    "a script packed away": ("plan.pdf", pdf_with_hidden(b"1 0 << /S /JavaScript >>")),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_could_run_when_opened_is_refused_and_said_so(case):
    verdict = is_harmless(File(*ACTIVE[case]))
    assert not verdict
    assert "could run" in str(verdict.reason)


def test_a_word_that_only_looks_like_a_script_is_no_reason():
    assert is_harmless(File("plan.pdf", pdf_with(b"/Title (JavaScript for beginners) /JSON 1")))


def test_ten_megabytes_and_no_more():
    assert is_small_enough(LARGEST_FILE)
    verdict = is_small_enough(LARGEST_FILE + 1)
    assert str(verdict.reason) == "The file is too large. The largest size is 10 MB."
