"""The two languages and where their pages are: the bare path is English, /cy/ before it Welsh."""

WELSH, ENGLISH = "cy", "en"
PREFIX = "/cy"


def language_of(path: str) -> str:
    """The language of the page at `path`."""
    return WELSH if path == PREFIX or path.startswith(f"{PREFIX}/") else ENGLISH


def other_language(language: str) -> str:
    """Welsh for English, English for Welsh."""
    return ENGLISH if language == WELSH else WELSH


def path_in(language: str, path: str) -> str:
    """The address of the same page in `language`. No address is translated beyond its prefix."""
    bare = path.removeprefix(PREFIX) or "/" if language_of(path) == WELSH else path
    return PREFIX + bare if language == WELSH else bare
