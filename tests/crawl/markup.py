"""A page as a tree, and the basics that every page must get right.

Python's own parser, so that nothing is mended on the way: an element that is not closed, or closed twice, is a fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# A few end tags may be left out by the standard; we write them all.
SAID_IN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder", "aria-description", "aria-roledescription")
# Nothing to read: code that runs, and names that machines gave (cookies, say).
SILENT = {"script", "style", "template", "code"}


@dataclass
class Element:
    """One element, its text nodes as plain strings among its children."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """This element and everything below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.walk() if element.tag in tags]

    def text(self) -> str:
        words = [child.text() if isinstance(child, Element) else child for child in self.children]
        return " ".join(" ".join(words).split())

    def name(self) -> str:
        """What a screen reader would call it, near enough."""
        pictures = [element.attributes.get("alt", "") for element in self.all("img")]
        titles = [element.attributes.get("aria-label", "") for element in self.all("svg")]
        return self.attributes.get("aria-label", "") or " ".join([self.text(), *pictures, *titles]).strip()

    def above(self) -> Iterator[Element]:
        parent = self.parent
        while parent is not None:
            yield parent
            parent = parent.parent

    def __repr__(self) -> str:
        shown = "".join(f' {name}="{value}"' for name, value in list(self.attributes.items())[:4])
        return f"<{self.tag}{shown}>"


class Reader(HTMLParser):
    """Builds the tree and notes what does not nest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document", {})
        self.here = self.root
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        counted = Counter(name for name, _value in attrs)
        self.faults += [f"<{tag}> has {name} twice" for name, count in counted.items() if count > 1]
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.here = self.here.parent or self.root

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.faults.append(f"</{tag}> has no business here")
            return
        if self.here.tag != tag:
            self.faults.append(f"</{tag}> closes <{self.here.tag}>, line {self.getpos()[0]}")
            if all(element.tag != tag for element in self.here.above()):
                return
            while self.here.tag != tag and self.here.parent:
                self.here = self.here.parent
        self.here = self.here.parent or self.root

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


@lru_cache(maxsize=4)
def read(text: str) -> tuple[Element, list[str]]:
    """The page's tree and what does not nest in it; neither may be changed, because several checks share them."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    if reader.here is not reader.root:
        reader.faults.append(f"<{reader.here.tag}> is never closed")
    return reader.root, reader.faults


def visible_texts(page: Element, *, leave_out: str = "") -> Iterator[str]:
    """Every text node and attribute that is shown or read out, but for elements whose lang is `leave_out`."""
    if page.tag in SILENT or (leave_out and page.attributes.get("lang") == leave_out):
        return
    for name in SAID_IN_ATTRIBUTES:
        if page.attributes.get(name, "").strip():
            yield page.attributes[name]
    if page.tag == "meta" and page.attributes.get("name") == "description":
        yield page.attributes.get("content", "")
    if page.tag == "input" and page.attributes.get("type") in ("submit", "button", "reset"):
        yield page.attributes.get("value", "")
    for child in page.children:
        if isinstance(child, Element):
            yield from visible_texts(child, leave_out=leave_out)
        elif child.strip():
            yield child


def faults_of(text: str, *, language: str) -> list[str]:
    """What is basically wrong with a whole page."""
    page, unsound = read(text)
    faults = list(unsound)
    if not text.lstrip().lower().startswith("<!doctype html>"):
        faults.append("no doctype")
    for element in page.all("html")[:1]:
        if element.attributes.get("lang") != language:
            faults.append(f"the page says lang={element.attributes.get('lang')!r}, and is {language}")
    ids = Counter(element.attributes["id"] for element in page.walk() if "id" in element.attributes)
    faults += [f"id {name!r} occurs {count} times" for name, count in ids.items() if count > 1 or not name.strip()]
    faults += _headings(page)
    for element in page.walk():
        faults += _element(element, ids, page)
    return faults


def _headings(page: Element) -> list[str]:
    faults = []
    if len(page.all("h1")) != 1:
        faults.append(f"{len(page.all('h1'))} first headings")
    if len(page.all("main")) != 1:
        faults.append(f"{len(page.all('main'))} main elements")
    titles = [element for element in page.all("title") if all(above.tag != "svg" for above in element.above())]
    if len(titles) != 1 or not titles[0].text():
        faults.append("not one title")
    level = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        now = int(heading.tag[1])
        if level and now > level + 1:
            faults.append(f"{heading.tag} “{heading.text()}” follows h{level}")
        if not heading.name():
            faults.append(f"an empty {heading.tag}")
        level = now
    return faults


POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form", "headers")


def _element(element: Element, ids: Counter[str], page: Element) -> Iterator[str]:
    attributes = element.attributes
    for name in POINTERS:
        if name == "form" and element.tag == "form":
            continue
        for target in attributes.get(name, "").split():
            if target not in ids:
                yield f"{element} points at {target!r} with {name}, which is not there"
    if "style" in attributes or any(name.startswith("on") for name in attributes):
        yield f"{element} has inline style or script"
    if element.tag in ("style",) or (
        element.tag == "script" and not attributes.get("src") and attributes.get("type") != "application/json"
    ):
        yield f"{element} is inline"
    if element.tag == "a" and (not attributes.get("href") or not element.name()):
        yield f"{element} leads nowhere or says nothing"
    if element.tag == "a" and attributes.get("href", "").startswith("#") and attributes["href"][1:] not in ids:
        yield f"{element} leads to a place that is not on the page"
    if element.tag == "img" and "alt" not in attributes:
        yield f"{element} has no alt"
    if element.tag == "button" and not element.name():
        yield f"{element} says nothing"
    if element.tag == "form":
        if any(above.tag == "form" for above in element.above()):
            yield f"{element} is inside another form"
        if not [one for one in element.all("button", "input") if one.attributes.get("type", "submit") == "submit"]:
            yield f"{element} cannot be sent without script"
        if attributes.get("method", "get").lower() == "post" and not [
            one for one in element.all("input") if one.attributes.get("name") == "csrfmiddlewaretoken"
        ]:
            yield f"{element} posts without a token"
    if element.tag in ("input", "select", "textarea") and not _is_labelled(element, page):
        yield f"{element} has no label"
    if element.tag == "table" and not element.all("caption") and not attributes.get("aria-labelledby"):
        yield f"{element} has no caption"
    if element.tag == "th" and "scope" not in attributes:
        yield f"{element} has no scope"


def _is_labelled(element: Element, page: Element) -> bool:
    attributes = element.attributes
    if element.tag == "input" and attributes.get("type") in ("hidden", "submit", "button", "reset", "image"):
        return True
    if attributes.get("aria-label") or attributes.get("aria-labelledby"):
        return True
    if any(above.tag == "label" for above in element.above()):
        return True
    return any(
        label.attributes.get("for") == attributes.get("id") and label.text() for label in page.all("label")
    ) and bool(attributes.get("id"))


def filled_in(page: Element) -> dict[str, str]:
    """What the page's own form (id="page-form", or the first of `main`) would send as it stands, buttons aside."""
    forms = [form for main in page.all("main") for form in main.all("form")]
    forms = [form for form in forms if form.attributes.get("id") == "page-form"] or forms[:1]
    values = {}
    for box in [box for form in forms for box in form.all("input", "textarea", "select")]:
        kind, name = box.attributes.get("type", ""), box.attributes.get("name")
        if not name or kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio"):
            if "checked" in box.attributes:
                values[name] = box.attributes.get("value") or "on"
        elif box.tag == "select":
            chosen = [option for option in box.all("option") if "selected" in option.attributes] or box.all("option")
            values[name] = chosen[0].attributes.get("value", "") if chosen else ""
        else:
            values[name] = box.attributes.get("value", "") if box.tag == "input" else box.text()
    return values
