"""Texts that the programme team may word for itself, and what the system fills into them.

What is filled in stands in brackets: `[phase.starts_on|longday]`. Between them is exactly what a tag of the text file
holds, and only what stands in that file may be asked for: it is the file's own tag that is put in its place. The team's
words are plain text; nothing in them is executed. People see other names (correspondence.queries.wording).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache
from typing import Any

from django.conf import settings
from django.template import Template
from django.template.backends.django import DjangoTemplates
from django.template.base import Node, NodeList, TextNode

from messaging.models import Wording

# A word that a template asks for and nobody gave: printed between these, and then refused.
MISSING_OPEN, MISSING_CLOSE = "\x02", "\x03"

SUBJECT = "Subject:"
BLANK = re.compile(r"\[([^\[\]]*)\]")


@cache
def engine() -> DjangoTemplates:
    """The project's templates, for plain text: nothing is escaped, and a missing value does not pass as empty."""
    project: dict[str, Any] = settings.TEMPLATES[0]
    return DjangoTemplates(
        {
            "NAME": "mail",
            "DIRS": project["DIRS"],
            "APP_DIRS": True,
            "OPTIONS": {
                "builtins": project["OPTIONS"]["builtins"],
                "autoescape": False,
                "string_if_invalid": f"{MISSING_OPEN}%s{MISSING_CLOSE}",
            },
        }
    )


def file_of(template: str, language: str) -> Template:
    """The text file in that language. Raises TemplateDoesNotExist."""
    found: Template = engine().get_template(f"{template}.{language}.txt").template
    return found


def _filled_in(file: Template) -> Iterator[tuple[str, Node]]:
    """What the file's tags fill in, in order: what stands in the tag, and the tag. Of blocks that begin alike but go on
    differently, the second has “2” behind it."""
    met: Counter[str] = Counter()
    for node in file.nodelist:
        name = node.token.contents if node.token else ""
        if isinstance(node, TextNode) or name.startswith("load "):
            continue
        if len(node.get_nodes_by_type(Node)) > 1:
            met[name] += 1
            name = f"{name} {met[name]}" if met[name] > 1 else name
        yield name, node


def blanks(template: str, language: str) -> list[str]:
    """What may stand in brackets in this text, in the file's order."""
    return list(dict.fromkeys(name for name, _node in _filled_in(file_of(template, language))))


def must_stay(blank: str) -> bool:
    """Links, lists of dates, and why somebody gets the message: without them it would be of no use, or unfair."""
    return blank.startswith(("link ", "include "))


def file_words(template: str, language: str) -> tuple[str, str]:
    """Subject and body as the text file has them, what is filled in being in brackets."""
    file = file_of(template, language)
    names = {id(node): name for name, node in _filled_in(file)}
    text = "".join(
        node.s if isinstance(node, TextNode) else f"[{names[id(node)]}]" if id(node) in names else ""
        for node in file.nodelist
    )
    head, _newline, body = text.replace("\r\n", "\n").lstrip("\n").partition("\n")
    return head.removeprefix(SUBJECT).strip(), body.strip()


def asked_for(text: str) -> list[str]:
    """What stands in brackets in a text."""
    return BLANK.findall(text)


def in_place_of(file: Template, subject: str, body: str) -> Template | None:
    """The file with these words instead of its own; None when they ask for something that it does not fill in."""
    known = dict(_filled_in(file))
    nodes = NodeList()
    # Every other part is what stood in brackets.
    for number, part in enumerate(BLANK.split(f"{SUBJECT} {subject}\n\n{body}")):
        if number % 2 == 0:
            nodes.append(TextNode(part))
        elif part in known:
            nodes.append(known[part])
        else:
            return None
    made = copy(file)
    made.nodelist = nodes
    return made


def used_for(template: str) -> Mapping[str, Wording]:
    """Scope → the words that are used there in place of the file's. One query."""
    return {row.scope: row for row in Wording.objects.filter(template=template) if row.is_used}
