"""Every address of the product, read from the URL resolver."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation

LANGUAGES = ("en", "cy")


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name with namespaces, its view, and whether it exists in both languages."""

    name: str
    view: Callable[..., Any]
    bilingual: bool

    @property
    def languages(self) -> tuple[str, ...]:
        return LANGUAGES if self.bilingual else ("en",)


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> list[Address]:
    """Every pattern, sorted by name. A pattern without a name comes as "(…)", which no line of the matrix has."""
    start = get_resolver().url_patterns if patterns is None else patterns
    return sorted(_walk(start, "", False), key=lambda address: address.name)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, bilingual: bool) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = bilingual or isinstance(pattern.pattern, LocalePrefixPattern)
            below = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern.url_patterns, below, inside)
        else:
            yield Address(f"{prefix}{pattern.name or f'({pattern.pattern})'}", pattern.callback, bilingual)


def path_of(name: str, kwargs: dict[str, Any] | None, language: str) -> str:
    """The address of a page in a language."""
    with translation.override(language):
        return reverse(url_name(name), kwargs=kwargs or None)


def url_name(key: str) -> str:
    """A line of the matrix may be about one of several pages behind a name: “cohorts:cohort-status cancel”."""
    return key.split(" ")[0]


def listed(lines: Mapping[str, Any], patterns: list[URLPattern | URLResolver] | None = None) -> list[Address]:
    """An address for each line of the matrix that has one, under the line's own name."""
    return [
        replace(address, name=key) for address in addresses(patterns) for key in lines if url_name(key) == address.name
    ]


def missing_lines(found: list[Address], lines: dict[str, Any]) -> list[str]:
    """Names without a line in the matrix, and lines without a name."""
    names, known = {address.name for address in found}, {url_name(key) for key in lines}
    return [f"{name} has no line in tests/crawl/matrix.py" for name in sorted(names - known)] + [
        f"{name} has a line in tests/crawl/matrix.py but no address" for name in sorted(known - names)
    ]
