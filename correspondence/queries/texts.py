"""The words that the messages of a group have in common, with blanks where each person reads something of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from messaging.models import Message
from messaging.render import Words

# Between a text and what stands under every mail.
FOOT = "\n\n--\n"
# What stands for the person's own name, address and reference in a text of each language.
NAMES = {"cy": ("[enw]", "[cyfeiriad]", "[cyfeirnod]"), "en": ("[name]", "[address]", "[reference]")}
BLANK = re.compile(r"\[[^\[\]\n]*\]")


def common_words(messages: Iterable[Message]) -> Words | None:
    """Their subject and text in both languages, without the foot; None when they differ in more than the blanks."""
    found: Words | None = None
    for message in messages:
        words = {language: _masked(parts, message, language) for language, parts in message.words.items()}
        if not words or (found is not None and words != found):
            return None
        found = words
    return found


def filled(message: Message, words: Mapping[str, Mapping[str, str]]) -> Words:
    """These words for one message: its own in the blanks, its own foot under each text."""
    new: Words = {}
    for language, parts in words.items():
        foot = _split(message.words[language]["body"])[1] if language in message.words else ""
        body = _fill(parts["body"], message, language).strip()
        new[language] = {
            "subject": " ".join(_fill(parts["subject"], message, language).split()),
            "body": f"{body}{FOOT}{foot}" if foot else f"{body}\n",
        }
    return new


def unknown_blanks(words: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What stands in brackets and is none of the language's blanks."""
    found = {
        blank
        for language, parts in words.items()
        for text in parts.values()
        for blank in BLANK.findall(text)
        if blank not in NAMES[language]
    }
    return sorted(found)


def _own(message: Message, language: str) -> dict[str, str]:
    return dict(zip(NAMES[language], (message.name, message.address, message.person), strict=True))


def _masked(parts: Mapping[str, str], message: Message, language: str) -> dict[str, str]:
    masked = {"subject": parts["subject"], "body": _split(parts["body"])[0]}
    # The longest first: a name may stand inside an address.
    for blank, own in sorted(_own(message, language).items(), key=lambda pair: -len(pair[1])):
        masked = {part: text.replace(own, blank) if own else text for part, text in masked.items()}
    return masked


def _fill(text: str, message: Message, language: str) -> str:
    own = _own(message, language)
    return BLANK.sub(lambda found: own.get(found[0], found[0]), text)


def _split(body: str) -> tuple[str, str]:
    text, _line, foot = body.rpartition(FOOT)
    return (text, foot) if text else (body, "")
