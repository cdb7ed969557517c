"""The data files beside this one, read: public facts (infuse.toml), and everything invented: people, cohorts and days
(demo.toml) and Cohort Six's recruitment (nominations.toml)."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@cache
def facts() -> dict[str, Any]:
    """The programme's public facts."""
    return _read("infuse.toml")


@cache
def invented() -> dict[str, Any]:
    """The invented people, cohorts and days."""
    return _read("demo.toml")


@cache
def recruitment() -> dict[str, Any]:
    """Cohort Six's invented recruitment and selection."""
    return _read("nominations.toml")


def cohort_facts(slug: str) -> dict[str, Any]:
    """What infuse.toml says about one cohort."""
    return next(cohort for cohort in facts()["cohort"] if cohort["slug"] == slug)


def people_with_keys() -> dict[str, dict[str, Any]]:
    """Key → the invented person that /demo/ offers under it, in the file's order."""
    data = invented()
    rows = [*data["person"], *(row for slug in ("alpha", "two", "five") for row in data[slug]["associates"])]
    return {row["key"]: row for row in rows if "key" in row}


def address(name: str, at: str) -> str:
    """The invented work address of a person: plain letters, on the organisation's reserved domain.

    `Nia O'Shaughnessy-Vale` at `torfaen` is nia.oshaughnessy-vale@torfaen.example.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = (re.sub(r"[^a-z-]", "", word) for word in plain.split())
    return f"{'.'.join(words)}@{at}.example"


def _read(name: str) -> dict[str, Any]:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)
