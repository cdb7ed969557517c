"""Words in the recipient's language, from pairs of text files.

`<template>.cy.txt` and `<template>.en.txt`: the first line is "Subject: …", then an empty line, then the body. Under
each body stands templates/messaging/footer.<language>.txt. Who has not been asked for a language gets both, Welsh
first. A message is queued in both, so a mail that lacks one language is refused before anybody gets half of it. Where
the programme team has worded a text for itself, those words stand in place of the file's (messaging.wordings).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from django.template import Context
from django.template.exceptions import TemplateDoesNotExist
from django.utils import translation

from messaging import wordings
from messaging.mail import Mail, Recipient
from messaging.models import Wording
from messaging.preferences import stop_token
from messaging.wordings import MISSING_CLOSE, MISSING_OPEN, SUBJECT

WELSH_FIRST = ("cy", "en")
FOOTER = "messaging/footer"
RULER = "-" * 70
# Not asked: how a mail in both languages says so, and how each half is announced, in the language of the half.
IN_BOTH = {"cy": "Mae’r neges hon yn Gymraeg, ac wedyn yn Saesneg.", "en": "This message is in Welsh, then in English."}
BOTH = {"cy": " ".join(IN_BOTH.values()), "en": "English"}
# What stands for a mail's secret word wherever its words are kept or shown.
DOTS = "••••••••"

# Around the name of a blank in words that are kept for a batch: letters and digits, so that it passes through the
# address of a page as it is, and another one in each process, so that nobody can write it.
EDGE = f"z{token_hex(8)}z"
# What a footer asks for: the token of the page that declines the kind (messaging.preferences).
STOP_TOKEN = "stop_token"  # noqa: S105 (its name)
# The reference of a recipient who is only a blank.
NOBODY_YET = "nobody-yet"
BLANK = re.compile(f"{EDGE}(\\w+?){EDGE}")

Words = dict[str, dict[str, str]]


class UnwritableError(ValueError):
    """A mail cannot be put into words: one language's file, its subject, or a value that it asks for is missing."""


def _text(name: str, context: dict[str, Any], own: tuple[str, str] | None = None) -> str:
    """The text file filled in; with `own` (subject, body) those words, or the file's when they ask for what is gone."""
    try:
        template = wordings.engine().get_template(name).template
    except TemplateDoesNotExist as missing:
        raise UnwritableError(f"There is no text file {missing}.") from missing
    template = (own and wordings.in_place_of(template, *own)) or template
    text = template.render(Context(context, autoescape=False))
    if MISSING_OPEN in text:
        value = text.split(MISSING_OPEN, 1)[1].split(MISSING_CLOSE, 1)[0]
        raise UnwritableError(f"{name} asks for “{value}”, which this mail does not give.")
    return text.replace("\r\n", "\n")


def _own_words(mail: Mail, language: str, shared: dict[str, Any]) -> tuple[str, str] | None:
    """Subject and body that the programme team wrote where the mail is filed; None: as in the text file."""
    if not mail.about or mail.secret:  # a code is ours alone, and known and unknown addresses cost the same
        return None
    key = worded(mail.template)
    if key not in shared:
        shared[key] = wordings.used_for(mail.template)
    wording: Wording | None = shared[key].get(mail.about)
    return (getattr(wording, f"subject_{language}"), getattr(wording, f"body_{language}")) if wording else None


def worded(template: str) -> str:
    """Where `shared` keeps the team's own words for a text (scope → Wording); a preview puts unsaved ones there."""
    return f"wordings {template}"


def words_of(mail: Mail, shared: dict[str, Any] | None = None, languages: tuple[str, ...] = WELSH_FIRST) -> Words:
    """Subject and body of `mail` in each of the languages: {"cy": {"subject": …, "body": …}, "en": …}.

    The template gets the mail's context, and `to` (the Recipient), `day` (the day it belongs to) and `shared`: a dict
    that lives as long as a batch, in which a template tag may keep what is the same for all. The mail's secret word
    comes as dots. Raises UnwritableError.
    """
    shared = {} if shared is None else shared
    words = {language: _parts(mail, language, shared) for language in languages}
    return _with_each(words, mail.secret_word, DOTS) if mail.secret_word else words


def _parts(mail: Mail, language: str, shared: dict[str, Any]) -> dict[str, str]:
    """Subject and body in one language; of mails that are alike the first is put together, and its blanks are filled
    for each."""
    if not mail.alike:
        return _put_together(mail, mail.to, mail.own, language, shared)
    known = bool(mail.to.reference)
    key = f"words {mail.template} {language} {mail.due_on} {mail.to.language} {known} {mail.alike}"
    if key not in shared:
        blanks = {name: _blank(name) for name in mail.own}
        shared[key] = _put_together(mail, _blank_recipient(mail), blanks, language, shared)
    return {part: _filled(text, mail.kind, mail.to, mail.own) for part, text in shared[key].items()}


def _put_together(
    mail: Mail, to: Recipient, own: Mapping[str, str], language: str, shared: dict[str, Any]
) -> dict[str, str]:
    context = {**mail.context, **own, "to": to, "day": mail.due_on, "shared": shared}
    with translation.override(language):
        name = f"{mail.template}.{language}.txt"
        worded_here = _own_words(mail, language, shared)
        head, _newline, body = _text(name, context, worded_here).lstrip("\n").partition("\n")
        subject = " ".join(head.removeprefix(SUBJECT).split())
        if not head.startswith(SUBJECT) or not subject or not body.strip():
            raise UnwritableError(f"{name} needs “Subject: …” on its first line, and a body.")
        return {"subject": subject, "body": f"{body.strip()}\n\n{_footer(mail, to, language, shared).strip()}\n"}


def _blank(name: str) -> str:
    return f"{EDGE}{name}{EDGE}"


def _filled(text: str, kind: str, to: Recipient, own: Mapping[str, str] | None = None) -> str:
    texts = {"to_address": to.address, "to_name": to.name, **(own or {})}

    def fill(found: re.Match[str]) -> str:
        if found[1] != STOP_TOKEN:
            return texts[found[1]]
        # Of a recipient who is a blank, it stays one.
        return found[0] if to.reference == NOBODY_YET else stop_token(to.reference, kind)

    return BLANK.sub(fill, text)


def _blank_recipient(mail: Mail) -> Recipient:
    """Somebody with this language; without a reference where the mail’s own recipient has none."""
    known = NOBODY_YET if mail.to.reference else ""
    return Recipient(_blank("to_address"), _blank("to_name"), mail.to.language, known)


def _footer(mail: Mail, to: Recipient, language: str, shared: dict[str, Any]) -> str:
    """What stands under each body: the same for a whole batch of a kind but for the recipient's address and name."""
    key = f"footer {mail.kind} {language} {mail.due_on} {mail.to.language} {bool(mail.to.reference)}"
    if key not in shared:
        blank = {"to": _blank_recipient(mail), "day": mail.due_on, "shared": shared}
        blank |= {"kind": mail.kind, STOP_TOKEN: _blank(STOP_TOKEN)}
        shared[key] = _text(f"{FOOTER}.{language}.txt", blank)
    return _filled(shared[key], mail.kind, to)


def with_secret(words: Mapping[str, Mapping[str, str]], secret_word: str) -> Words:
    """The words as they go over the wire: the secret word where the dots are. Never kept."""
    return _with_each(words, DOTS, secret_word)


def lacks_its_secret(words: Mapping[str, Mapping[str, str]], secret_word: str) -> bool:
    """Whether these words were written for a secret word that has been wiped: then they are of no use any more."""
    return not secret_word and any(DOTS in text for parts in words.values() for text in parts.values())


def _with_each(words: Mapping[str, Mapping[str, str]], old: str, new: str) -> Words:
    return {
        language: {part: text.replace(old, new) for part, text in parts.items()} for language, parts in words.items()
    }


def languages_for(language: str) -> tuple[str, ...]:
    """The languages in which somebody is written to: their own, or both, Welsh first, when they were not asked."""
    return (language,) if language in WELSH_FIRST else WELSH_FIRST


def letter(words: Mapping[str, Mapping[str, str]], languages: tuple[str, ...]) -> tuple[str, str]:
    """(subject, body) of the mail in these languages; in both: each half announced, the subject in both."""
    subject = " / ".join(dict.fromkeys(words[language]["subject"] for language in languages))
    if len(languages) == 1:
        return subject, words[languages[0]]["body"]
    halves = [f"{BOTH[language]}\n{RULER}\n\n{words[language]['body']}" for language in languages]
    return subject, f"\n{RULER}\n".join(halves)
