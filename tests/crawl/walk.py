"""Every address of the product, read from the URL resolver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
        return reverse(name, kwargs=kwargs or None)


def missing_lines(found: list[Address], lines: dict[str, Any]) -> list[str]:
    """Names without a line in the matrix, and lines without a name."""
    names = {address.name for address in found}
    return [f"{name} has no line in tests/crawl/matrix.py" for name in sorted(names - set(lines))] + [
        f"{name} has a line in tests/crawl/matrix.py but no address" for name in sorted(set(lines) - names)
    ]
