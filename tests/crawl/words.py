"""Is there English on a Welsh page?

Three questions about every piece of text a person can see or hear. Is it the same on the English page, although it is
neither data nor a word that both languages share? Is it an English text that the catalogue translates? Does it hold
words that only English has? Elements marked lang="en" are left out: they are meant.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polib

from tests.crawl.markup import Element, visible_texts

LOCALE = Path(__file__).resolve().parents[2] / "locale" / "cy"
# Frequent in English, and no words of Welsh in any mutation.
ENGLISH = frozenset(
    """
    the and of you your this that these with from for are was were have has had not will which what when where who how
    their they there been about please enter choose select save cancel continue back next after before every
    """.split()  # noqa: SIM905 (a list of words reads better)
)
ADDRESS = re.compile(r"\S+@\S+|(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@cache
def catalogue() -> frozenset[str]:
    """English texts whose Welsh is different."""
    entries = polib.pofile(str(LOCALE / "LC_MESSAGES" / "django.po"))
    return frozenset(
        plain(entry.msgid)
        for entry in entries
        if (entry.msgstr or entry.msgstr_plural) and plain(entry.msgid) != plain(entry.msgstr)
    )


@cache
def same_in_both() -> frozenset[str]:
    """Texts that are rightly the same in both languages (locale/cy/same_in_both.txt), in small letters."""
    lines = (LOCALE / "same_in_both.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(plain(line).lower() for line in lines if line.strip() and not line.startswith("#"))


def plain(text: str) -> str:
    return " ".join(text.split())


def pattern_of(data: Iterable[str]) -> re.Pattern[str]:
    """Any of the names, addresses and the like that the world's rows hold, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(data, key=len, reverse=True))) or r"(?!)")


def english_on(welsh: Element, english: Element, data: re.Pattern[str]) -> list[str]:
    """The faults of a Welsh page beside its English twin. `data`: see pattern_of."""
    return english_among(visible_texts(welsh, leave_out="en"), visible_texts(english, leave_out="cy"), data)


def english_among(welsh: Iterable[str], english: Iterable[str], data: re.Pattern[str]) -> list[str]:
    """The faults of texts that should be Welsh, beside the texts that say the same in English."""
    twins = {plain(text) for text in english}
    faults = []
    for text in dict.fromkeys(plain(text) for text in welsh):
        rest = plain(data.sub(" ", ADDRESS.sub(" ", text)))
        words = LETTERS.findall(rest)
        if not words or {" ".join(words).lower(), text.lower()} & same_in_both():
            continue
        if text in twins:
            faults.append(f"“{text}” is the same in English")
        elif text in catalogue() or rest in catalogue():
            faults.append(f"“{text}” is English that the catalogue translates")
        elif found := sorted(ENGLISH & {word.lower() for word in words}):
            faults.append(f"“{text}” has English words: {', '.join(found)}")
    return faults
