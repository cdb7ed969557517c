"""Makes the Welsh catalogue from its parts, and checks it.

    python locale/cy/merge.py            parts/*.po → LC_MESSAGES/django.po and .mo
    python locale/cy/merge.py --check    writes nothing; names every text that is missing, doubtful or of no use

Each part belongs to whoever owns the pages whose words it holds. `django.po` and `allauth.po` fill and correct the
Welsh of those libraries. The result is sorted and undated: the same parts always give the same bytes.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import extract  # beside this file; Python looks there first when this file is run
import polib

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PARTS = HERE / "parts"
CATALOGUE = HERE / "LC_MESSAGES" / "django.po"
SAME_IN_BOTH = HERE / "same_in_both.txt"
LIBRARY_PARTS = ("django.po", "allauth.po")

# Django's own Welsh has this very formula; another one would split the catalogue in two.
PLURAL_FORMS = "nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3;"
FORMS = 4
HEADER = {
    "Project-Id-Version": "Infuse",
    "Language": "cy",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": PLURAL_FORMS,
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdif]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")

Key = tuple[str, str]  # context ("" when none), msgid


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid


def typeset(welsh: str) -> str:
    """The text with one kind of apostrophe, whichever the part has; Welsh is full of them. Tags stay as they are."""
    pieces = re.split(r"(<[^>]*>)", welsh)
    return "".join(piece if number % 2 else piece.replace("'", "’") for number, piece in enumerate(pieces))


def welsh_of(entry: polib.POEntry) -> list[str]:
    """The Welsh forms of an entry: one, or the four plural ones."""
    if entry.msgid_plural:
        return [typeset(entry.msgstr_plural.get(form, "")) for form in range(FORMS)]
    return [typeset(entry.msgstr)]


def read_part(path: Path) -> polib.POFile:
    """One part, whether or not it has a header of its own."""
    text = path.read_text(encoding="utf-8")
    part = polib.pofile(text, check_for_duplicates=False)
    part.fpath = str(path)
    return part


def read_parts(folder: Path = PARTS) -> dict[str, list[polib.POEntry]]:
    """File name → its entries. Raises SystemExit with the file's name when it cannot be read."""
    parts = {}
    for path in sorted(folder.glob("*.po")):
        try:
            parts[path.name] = [entry for entry in read_part(path) if not entry.obsolete]
        except (OSError, UnicodeDecodeError) as error:
            raise SystemExit(f"locale/cy/parts/{path.name}: {error}") from error
    return parts


def merge(parts: dict[str, list[polib.POEntry]]) -> tuple[polib.POFile, list[str]]:
    """The catalogue, and the texts that two places translate differently (the first place in file order wins)."""
    chosen: dict[Key, tuple[str, polib.POEntry]] = {}
    conflicts = []
    for name, entries in parts.items():
        for entry in entries:
            if key_of(entry) not in chosen:
                chosen[key_of(entry)] = (name, entry)
                continue
            other_name, other = chosen[key_of(entry)]
            if welsh_of(other) != welsh_of(entry) or other.msgid_plural != entry.msgid_plural:
                conflicts.append(
                    f"{entry.msgid!r}: {other_name} says {welsh_of(other)}, {name} says {welsh_of(entry)}; agree on one"
                )
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = HEADER
    for key in sorted(chosen, key=lambda key: (key[1].casefold(), key[1], key[0])):
        entry = chosen[key][1]
        flags = ["python-format"] if "python-format" in entry.flags else []
        catalogue.append(
            polib.POEntry(
                msgctxt=entry.msgctxt or None,
                msgid=entry.msgid,
                msgstr="" if entry.msgid_plural else welsh_of(entry)[0],
                msgid_plural=entry.msgid_plural,
                msgstr_plural=dict(enumerate(welsh_of(entry))) if entry.msgid_plural else {},
                flags=flags,
            )
        )
    return catalogue, conflicts


def write(path: Path, content: bytes) -> None:
    """Put the whole content in place at once, so that a reader never meets half a file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)


def same_in_both() -> set[str]:
    """The texts that are rightly the same in both languages, one a line; # begins a comment."""
    lines = SAME_IN_BOTH.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def _marks(pattern: re.Pattern[str], text: str) -> list[str]:
    return sorted(pattern.findall(text.replace("%%", "")))


def doubts(entry: polib.POEntry, allowed: set[str]) -> Iterator[str]:
    """What is wrong with one entry, looked at alone."""
    if "fuzzy" in entry.flags:
        yield "is marked fuzzy"
    if entry.msgid_plural and sorted(entry.msgstr_plural) != list(range(FORMS)):
        yield f"needs {FORMS} plural forms"
    english = [entry.msgid, *([entry.msgid_plural] if entry.msgid_plural else [])]
    known = {mark for text in english for mark in _marks(PLACEHOLDER, text)}
    for number, welsh in enumerate(welsh_of(entry)):
        if not welsh.strip():
            yield "has no Welsh"
            continue
        if welsh in english and welsh.strip() not in allowed:
            yield "is the same in both languages (see same_in_both.txt)"
        marks = _marks(PLACEHOLDER, welsh)
        if extra := sorted(set(marks) - known):
            yield f"has placeholders that the English lacks: {extra}"
        # One and two may be said without the figure ("deuddydd"); everything else needs every placeholder.
        source = english[-1] if number > 1 else english[0]
        counted = {"%(count)s", "%(count)d", "%(num)d", "%d"} if entry.msgid_plural and number < 2 else set()
        if lost := sorted(set(_marks(PLACEHOLDER, source)) - set(marks) - counted):
            yield f"lacks placeholders: {lost}"
        if sorted(set(_marks(TAG, source))) != sorted(set(_marks(TAG, welsh))):
            yield "has other tags than the English"
        if source[:1].isspace() != welsh[:1].isspace() or source[-1:].isspace() != welsh[-1:].isspace():
            yield "begins or ends with other white space than the English"


def check(parts: dict[str, list[polib.POEntry]]) -> list[str]:
    """Every complaint about the parts, held against the source."""
    ours, libraries = extract.texts(ROOT), extract.library_texts()
    allowed = same_in_both()
    translated = {}
    complaints = [f"{place}: the text is not a plain literal, so it cannot be found" for place in ours.unreadable]
    for name, entries in parts.items():
        for entry in entries:
            translated[key_of(entry)] = entry
            where = f"parts/{name}: {entry.msgid!r}"
            complaints += [f"{where} {doubt}" for doubt in doubts(entry, allowed)]
            used_by_library = key_of(entry) in libraries.places
            if name in LIBRARY_PARTS and not used_by_library:
                complaints.append(f"{where} is said neither by Django nor by allauth")
            elif not used_by_library and key_of(entry) not in ours.places:
                complaints.append(f"{where} is used nowhere")
    for key, places in sorted(ours.places.items(), key=lambda item: item[1][0]):
        entry = translated.get(key)
        if entry is None:
            context = f" (context {key[0]!r})" if key[0] else ""
            complaints.append(f"{places[0]}: {key[1]!r}{context} has no Welsh")
        elif (plural := ours.plurals.get(key)) is not None and entry.msgid_plural != plural:
            complaints.append(f"{places[0]}: the plural {plural!r} has no Welsh")
    return complaints


def main(arguments: Iterable[str] | None = None) -> int:
    """Merge, or check; the exit code is 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Makes the Welsh catalogue from its parts.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is wrong")
    options = parser.parse_args(None if arguments is None else list(arguments))

    parts = read_parts()
    catalogue, complaints = merge(parts)
    files = {CATALOGUE: str(catalogue).encode(), CATALOGUE.with_suffix(".mo"): catalogue.to_binary()}
    if options.check:
        for path, content in files.items():
            if not path.exists() or path.read_bytes() != content:
                complaints.append(f"{path.relative_to(ROOT)} is not what the parts give; run locale/cy/merge.py")
        complaints += check(parts)
    else:
        CATALOGUE.parent.mkdir(exist_ok=True)
        for path, content in files.items():
            write(path, content)
    sys.stderr.writelines(f"{complaint}\n" for complaint in complaints)
    sys.stdout.write(f"Welsh: {len(catalogue)} texts from {len(parts)} parts, {len(complaints)} complaints.\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
