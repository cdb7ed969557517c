"""Template tags and filters that every page uses (built in: no {% load %} needed)."""

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import get_urlconf, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.bilingual import pick
from core.clock import LONDON

register = template.Library()


@register.filter
def bi(thing: object, field: str = "name") -> str:
    """`{{ cohort|bi:"name" }}`: the column in the reader's language."""
    return pick(thing, field)


@register.simple_tag
def link(name: str, *args: object, **kwargs: object) -> str:
    """`{% link "cohorts:journey" %}`: the full address of a page in the active language, for mails and documents."""
    return settings.PUBLIC_URL + reverse(name, args=args, kwargs=kwargs)


def in_london(value: date | datetime) -> date | datetime:
    """A moment in Europe/London; a day as it is."""
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


@lru_cache(maxsize=4096)
def written(value: date, pattern: str, language: str) -> str:  # noqa: ARG001 (the words differ by language)
    """A day in words, kept: putting one into words costs as much as a row of a table, and pages repeat them."""
    return date_format(value, pattern)


def in_words(value: date | datetime | None, pattern: str) -> str:
    """A day, or the day of a moment in London, in the active language; nothing for None."""
    if not value:
        return ""
    local = in_london(value)
    return written(local.date() if isinstance(local, datetime) else local, pattern, get_language() or "en")


@register.filter
def day(value: date | datetime | None) -> str:
    """`{{ phase.starts_on|day }}`: 4 May 2021, 4 Mai 2021; nothing for None."""
    return in_words(value, "j F Y")


@register.filter
def longday(value: date | datetime | None) -> str:
    """`{{ phase.starts_on|longday }}`: Tuesday 4 May 2021, Dydd Mawrth 4 Mai 2021."""
    return in_words(value, "l j F Y")


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ message.sent_at|moment }}`: 4 May 2021, 14:05, in Europe/London."""
    return date_format(in_london(value), "j F Y, H:i") if value else ""


@register.filter
def tag(text: object, colour: str = "") -> SafeString:
    """`{{ text|tag:"green" }}`: a small label. Colours: green, teal, orange, red, purple, grey, yellow, none."""
    return label(str(text), colour)


@lru_cache(maxsize=1024, typed=True)
def label(text: str, colour: str) -> SafeString:
    """The mark-up of a label; a list repeats the same few. Kept by type too: safe words equal unsafe ones."""
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{colour}" if colour else "", text)


@register.filter
def status_tag(thing: Any) -> SafeString:
    """`{{ associate|status_tag }}`: its status as a label, in the colour that the status names, if it names one."""
    status = type(thing).Status(thing.status)
    return tag(status.label, getattr(status, "colour", ""))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """`{% query page=2 %}`: this page's query string with some parts changed; an empty value takes a part away."""
    request: HttpRequest = context["request"]
    parts = request.GET.copy()
    for name, value in changes.items():
        parts.pop(name, None)
        if value not in (None, ""):
            parts[name] = str(value)
    return f"?{parts.urlencode()}" if parts else "?"


# What Django's own reverse leaves as it is.
SAFE_IN_ADDRESS = "!$&'()*+,;=~:@"


@cache
def _pattern(name: str, language: str, urlconf: str | None, count: int) -> tuple[str, ...]:  # noqa: ARG001
    """The parts of an address around its `count` arguments; `reverse` asks for the active language by itself."""
    # Figures, because they fit wherever words, slugs or numbers go; so many, because no address of ours holds them.
    markers = [f"{place}31415926535" for place in range(count)]
    rest = reverse(name, urlconf, args=markers)
    parts = []
    for marker in markers:
        part, _marker, rest = rest.partition(marker)
        parts.append(part)
    return (*parts, rest)


@register.simple_tag
def to(name: str, *args: object) -> str:
    """`{% to "people:person-detail" person.reference %}`: what `url` gives, at less than half the cost; for rows.

    For addresses whose arguments are words or numbers, given by position.
    """
    first, *others = _pattern(name, get_language() or "en", get_urlconf() or settings.ROOT_URLCONF, len(args))
    address = first
    for arg, part in zip(args, others, strict=True):
        text = str(arg)
        address += (text if text.isascii() and text.isalnum() else quote(text, safe=SAFE_IN_ADDRESS)) + part
    return address
