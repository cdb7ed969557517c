"""Prints the pages of docs/ that are made from the code: `.venv/bin/python -m tests.print_docs` writes them.

tests/test_architecture.py compares; a difference says to run this.
"""

import importlib
import importlib.util
import itertools
import os
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def lifecycles() -> str:
    """Every status with the steps that may follow it, as a table and a picture."""
    from tests.architecture.running import status_enums  # noqa: PLC0415 (Django must be set up first)

    lines = [
        "# Lifecycles",
        "",
        "Printed from the code (`.venv/bin/python -m tests.print_docs`); a test compares. One function changes a",
        "status, `core.lifecycle.move`, and leaves a dated row. A message's state is the exception: it is changed in",
        "`messaging.claims`, by single statements that ask for the claim (adr/0016), and the row itself is the record.",
    ]
    for enum in status_enums():
        lines += ["", f"## {enum.__name__}", "", f"`{enum.__module__}`", "", "| Status | Shown as | May become |"]
        lines += ["| --- | --- | --- |"]
        order = list(enum)
        for status in order:
            following = [f"`{step}`" for step in order if step in enum.moves()[status]]
            lines.append(f"| `{status}` | {english(status.label)} | {', '.join(following) or 'nothing: it is final'} |")
        lines += ["", "```mermaid", "stateDiagram-v2", f"    [*] --> {order[0]}"]
        for status in order:
            lines += [f"    {status} --> {step}" for step in order if step in enum.moves()[status]]
            if not enum.moves()[status]:
                lines.append(f"    {status} --> [*]")
        lines.append("```")
    return "\n".join(lines) + "\n"


def english(text: object) -> str:
    """The English of a lazy text, whatever the language around."""
    from django.utils import translation  # noqa: PLC0415 (as above)

    with translation.override("en"):
        return str(text)


def permissions() -> str:
    """Every address and who may open it, from the matrix that the crawl holds the pages to."""
    from tests.crawl.line import ROLES  # noqa: PLC0415 (as above)
    from tests.crawl.matrix import MATRIX  # noqa: PLC0415 (as above)

    titles = [role.replace("_", " ") for role in ROLES]
    lines = [
        "# Permissions",
        "",
        "Printed from `tests/crawl/matrix.py` (`.venv/bin/python -m tests.print_docs`), which the crawl holds every",
        "page to, in both languages. ● opens the page; → is sent to sign in; ⇢ is sent to another page; 403 is told",
        "why not; 404 is not told that it exists. *coordinator* and *associate* belong to what the address is about;",
        "*other coordinator* and *other associate* do not.",
        "",
        f"| Address | {' | '.join(titles)} |",
        f"| --- |{' :-: |' * len(titles)}",
    ]
    for name in sorted(MATRIX):
        cells = [SIGNS.get(MATRIX[name].status(role), str(MATRIX[name].status(role))) for role in ROLES]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def closed_lists() -> list[str]:
    """The code's own lists of words, in both languages, as rows of a table."""
    from django.db import models  # noqa: PLC0415 (as above)

    from correspondence.kinds import KINDS  # noqa: PLC0415 (as above)
    from tests.architecture.source import PACKAGES  # noqa: PLC0415 (as above)
    from tests.languages import in_both  # noqa: PLC0415 (as above)

    rows = []
    for step in itertools.product(PACKAGES, ("enums", "phases", "bilingual")):
        name = ".".join(step)
        if importlib.util.find_spec(step[0]) is None or importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, models.Choices) and thing.__module__ == module.__name__:
                for member in thing:
                    both = in_both(lambda member=member: str(member.label))
                    rows.append(f"| {' | '.join(both)} | `{step[0]}.{thing.__name__}.{member.name}` |")
    for kind in KINDS.values():
        both = in_both(lambda kind=kind: str(kind.label))
        rows.append(f"| {' | '.join(both)} | `{kind.slug}` |")
    return rows


def glossary() -> str:
    """The glossary, with the code's own lists in their place."""
    before, _old, after = (DOCS / "glossary.md").read_text(encoding="utf-8").partition(HERE)
    rest = after[after.index("\n## ") :]
    head = ["| English | Welsh | In the code |", "| --- | --- | --- |"]
    return before + HERE + "\n".join(["", "", *head, *closed_lists(), ""]) + rest


HERE = "printed by `.venv/bin/python -m tests.print_docs`; a test compares."
SIGNS = {200: "●", 405: "●", 302: "→", -302: "⇢"}
PAGES = {"glossary.md": glossary, "lifecycles.md": lifecycles, "permissions.md": permissions}


def main() -> None:
    """Write every printed page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infuse.settings")
    # Nothing of it is asked: no database, no broker, no mail.
    nowhere = {"DATABASE_URL": "postgres://nobody@localhost/none", "EMAIL_URL": "smtp://localhost"}
    for name in ("SECRET_KEY", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_URL", "DATABASE_URL", "REDIS_URL"):
        os.environ.setdefault(name, nowhere.get(name, "redis://localhost"))
    import django  # noqa: PLC0415 (needs the variables above)

    django.setup()
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
