"""The same thing said in both languages."""

from django.utils import translation


def in_both(make):
    """What `make()` says in English and in Welsh."""
    said = []
    for language in ("en", "cy"):
        with translation.override(language):
            said.append(make())
    return said
