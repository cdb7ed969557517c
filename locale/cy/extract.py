"""Finds every text that the source offers for translation, with Python alone (bare machines have no xgettext).

`texts(root)` reads the packages and the templates of this project; `library_texts()` those of Django and allauth, so
that a part which overrides their Welsh can be held against what they really say.
"""

import ast
import importlib.util
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

PACKAGES = (
    "core",
    "messaging",
    "allocation",
    "people",
    "cohorts",
    "labs",
    "nominations",
    "correspondence",
    "coaching",
    "challenges",
    "progress",
    "correspondence",
    "planning",
    "reports",
    "infuse",
)
LIBRARIES = (
    ("django", ("apps", "conf", "contrib/auth", "contrib/humanize", "contrib/postgres", "core", "db", "forms", "http",
                "template", "utils", "views")),
    ("allauth", ("account", "core", "decorators.py", "headless", "mfa", "ratelimit", "socialaccount", "templates",
                 "usersessions", "utils.py")),
)  # fmt: skip

# name of the function → positions of context, singular, plural
FUNCTIONS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
Key = tuple[str, str]  # context ("" when none), msgid
TEMPLATE_CALL = re.compile(r"\b(?:n?p?gettext|_)\((?=u?['\"])")


class Found:
    """The texts found: key → the places that use it and its plural, and the calls that cannot be read."""

    def __init__(self) -> None:
        self.places: dict[Key, list[str]] = defaultdict(list)
        self.plurals: dict[Key, str] = {}
        self.unreadable: list[str] = []

    def add(self, place: str, arguments: list[str | None], shape: tuple[int | None, int, int | None]) -> None:
        context, singular, plural = (None if at is None else arguments[at] for at in shape)
        if singular is None or (shape[0] is not None and context is None) or (shape[2] is not None and plural is None):
            self.unreadable.append(place)
            return
        key = (context or "", singular)
        self.places[key].append(place)
        if plural is not None:
            self.plurals[key] = plural


def _literal(node: ast.expr) -> str | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _names(tree: ast.AST) -> dict[str, str]:
    """How the file calls Django's translation functions: local name → real name."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names.update({alias.asname or alias.name: alias.name for alias in node.names if alias.name in FUNCTIONS})
    return names


def read_python(path: Path, place: str, found: Found) -> None:
    """Add the texts of one Python file."""
    source = path.read_text(encoding="utf-8")
    if "translation" not in source:
        return
    tree = ast.parse(source)
    names = _names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            real = names.get(node.func.id)
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            real = node.func.attr if node.func.value.id == "translation" and node.func.attr in FUNCTIONS else None
        else:
            real = None
        if real:
            arguments = [_literal(argument) for argument in node.args[:3]]
            found.add(f"{place}:{node.lineno}", [*arguments, None, None, None], FUNCTIONS[real])


def _strings_after(source: str) -> list[str]:
    """The leading string arguments of a call whose text begins just after its bracket."""
    strings = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING:
            strings.append(ast.literal_eval(token.string))
        elif token.string != ",":
            break
    return strings


def read_template(path: Path, place: str, found: Found) -> None:
    """Add the texts of one template."""
    source = path.read_text(encoding="utf-8")
    if "trans" not in source and "_(" not in source:
        return
    calls = templatize(source)
    for call in TEMPLATE_CALL.finditer(calls):
        name = call.group().rstrip("(")
        arguments = [*_strings_after(calls[call.end() :]), None, None, None]
        line = calls.count("\n", 0, call.start()) + 1
        found.add(f"{place}:{line}", arguments, FUNCTIONS["gettext" if name == "_" else name])


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    if folder.is_file():
        yield folder
        return
    for path in sorted(folder.rglob(pattern)):
        parts = path.relative_to(folder).parts
        if path.is_file() and "migrations" not in parts and "__pycache__" not in parts:
            yield path


def texts(root: Path) -> Found:
    """Every text of this project."""
    found = Found()
    for package in PACKAGES:
        for path in _files(root / package, "*.py"):
            read_python(path, str(path.relative_to(root)), found)
    for path in _files(root / "templates", "*.*"):
        if path.suffix in (".html", ".txt", ".xml", ".svg"):
            read_template(path, str(path.relative_to(root)), found)
    return found


def library_texts() -> Found:
    """Every text of the parts of Django and allauth that this project uses."""
    found = Found()
    for name, folders in LIBRARIES:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        home = Path(spec.origin).parent
        for folder in folders:
            for path in _files(home / folder, "*.py"):
                read_python(path, f"{name}/{path.relative_to(home)}", found)
            for path in _files(home / folder, "*.html"):
                read_template(path, f"{name}/{path.relative_to(home)}", found)
            for path in _files(home / folder, "*.txt"):
                read_template(path, f"{name}/{path.relative_to(home)}", found)
    return found
