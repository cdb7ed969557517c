"""What a file is, by its content. Its name is never believed.

Known are the kinds that people show their work in: PDF, pictures, documents of the office programs, plain text. All
else is unknown, programs of every system among it; of the known kinds those that could run something are named.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
# Of a packed file: how many parts, and how much of a PDF's packed lists of objects is looked through.
MOST_PARTS = 5000
MOST_UNPACKED = 20 * MEGABYTE


@dataclass(frozen=True)
class FileType:
    """A kind of file that is kept. `ending` is what its name ends with when it is handed out."""

    ending: str
    content_type: str


@dataclass(frozen=True)
class File:
    """A file as it was sent."""

    name: str
    content: bytes


PDF = FileType("pdf", "application/pdf")
PNG = FileType("png", "image/png")
JPEG = FileType("jpg", "image/jpeg")
TEXT = FileType("txt", "text/plain; charset=utf-8")
OFFICE = "application/vnd.openxmlformats-officedocument"
# The folder inside the packed file, by which the program is known.
OFFICE_FOLDERS = {
    "word/": FileType("docx", f"{OFFICE}.wordprocessingml.document"),
    "xl/": FileType("xlsx", f"{OFFICE}.spreadsheetml.sheet"),
    "ppt/": FileType("pptx", f"{OFFICE}.presentationml.presentation"),
}
OPEN_DOCUMENTS = {
    f"application/vnd.oasis.opendocument.{word}": FileType(ending, f"application/vnd.oasis.opendocument.{word}")
    for word, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
TEXT_NAMES = (".txt", ".csv", ".md")
# What makes a document run something: macros, controls, objects of other programs.
ACTIVE_PARTS = re.compile(
    r"vbaproject|activex|oleobject|(^|/)basic/|(^|/)scripts/|\.(exe|dll|scr|com|bat|js|vbs)$", re.I
)
ACTIVE_TYPES = (b"macroenabled",)
ACTIVE_IN_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z])")
ESCAPED_IN_PDF = re.compile(rb"#([0-9A-Fa-f]{2})")
PACKED_IN_PDF = re.compile(rb"stream\r?\n")
MARKUP = re.compile(r"<\s*(!doctype|html|script|svg|iframe|object|embed|\?php|\?xml)", re.I)


def type_of(file: File) -> FileType | None:
    """What the content is; None for everything that is not kept, programs and web pages among it."""
    content = file.content
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"PK\x03\x04"):
        return _document(content)
    return TEXT if _is_text(file) else None


def is_active(file: File) -> bool:
    """Whether a file of a known kind holds something that could run when it is opened."""
    if file.content.startswith(b"%PDF-"):
        return any(ACTIVE_IN_PDF.search(part) for part in _parts_of_pdf(file.content))
    if file.content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
            if any(ACTIVE_PARTS.search(name) for name in packed.namelist()):
                return True
            listed = _read(packed, "[Content_Types].xml").lower()
            return any(word in listed for word in ACTIVE_TYPES)
    return False


def _document(content: bytes) -> FileType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if len(names) > MOST_PARTS:
                return None
            if "[Content_Types].xml" in names:
                return next(
                    (kind for folder, kind in OFFICE_FOLDERS.items() if any(name.startswith(folder) for name in names)),
                    None,
                )
            return OPEN_DOCUMENTS.get(_read(packed, "mimetype").decode("ascii", "replace").strip())
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError):
        return None


def _read(packed: zipfile.ZipFile, name: str) -> bytes:
    """A part, as much of it as is looked at; empty when it is not there."""
    try:
        with packed.open(name) as part:
            return part.read(MEGABYTE)
    except KeyError:
        return b""


def _is_text(file: File) -> bool:
    """Plain words in a file that says it is text: no markup, no script."""
    if not file.name.lower().endswith(TEXT_NAMES) or b"\0" in file.content or file.content.startswith(b"#!"):
        return False
    try:
        words = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not MARKUP.search(words)


def _parts_of_pdf(content: bytes) -> Iterator[bytes]:
    """The file as it stands, and its packed parts unpacked, each with its written-out letters."""

    def plain(part: bytes) -> bytes:
        return ESCAPED_IN_PDF.sub(lambda found: bytes([int(found[1], 16)]), part)

    yield plain(content)
    left = MOST_UNPACKED
    for found in PACKED_IN_PDF.finditer(content):
        # Lists of objects are packed; pictures and pages are, too, and hold no names of this kind.
        if b"/ObjStm" not in content[max(0, found.start() - 300) : found.start()] or left <= 0:
            continue
        try:
            part = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        yield plain(part)
