"""Checks that read the source tree. Each takes the root of a tree and returns its faults, one sentence each.

They take a root so that tests/test_plants.py can hand them a copy in which something is planted.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "core",
    "messaging",
    "allocation",
    "people",
    "cohorts",
    "labs",
    "nominations",
    "coaching",
    "challenges",
    "planning",
    "progress",
    "correspondence",
    "reports",
    "infuse",
)
LINES = 400
# No domain word may hide in core, so its modules are a closed list.
CORE_MODULES = {
    "__init__",
    "apps",
    "audit",
    "bilingual",
    "clock",
    "formats",
    "forms",
    "language",
    "lifecycle",
    "middleware",
    "migrations",
    "models",
    "templatetags",
    "verdicts",
    "views",
}
# A folder of one particular machine, or a host that serves packages; the patterns do not match themselves.
MACHINE = re.compile(
    r"/(?:work|root)/"
    r"|(?<![\w.}])/(?:tmp(?![\w-])|(?:home|Users)/\w[\w.-]*)"
    r"|https?://[\w.:@-]+(?:/[\w.-]+)*/simple\b"
    r"|\b(?:pypi|pythonhosted|artifactory|devpi|registry[.]npmjs)[.][\w.-]+",
    re.IGNORECASE,
)
# What may stand, and in which file: where pip itself looks when nobody names an index.
MAY_STAND = {("chores/environment.py", "https://pypi" + ".org/simple")}
JUNK_DRAWERS = {"utils", "util", "helpers", "misc", "common"}
EXPLAINED = ("rules", "queries", "services", "emails", "reminders", "exports")
IRREGULAR_PAST = {"begun", "built", "found", "frozen", "given", "held", "kept", "left", "lost", "made", "put", "read",
                  "sent", "set", "shown", "taken", "told", "undone", "withdrawn", "written"}  # fmt: skip


def python_files(root: Path, *, tests: bool = False) -> Iterator[Path]:
    """Every module of our packages (migrations are history and left alone)."""
    folders = [*PACKAGES, "chores", "bench", "tests"] if tests else PACKAGES
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def tracked_files(root: Path) -> list[Path]:
    """The files that git knows; where there is no git, every file outside the made folders."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [root / name for name in listed.stdout.split("\0") if name and (root / name).is_file()]
    made = {".venv", "var", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".import_linter_cache"}
    return [path for path in sorted(root.rglob("*")) if path.is_file() and not made & set(path.parts)]


def said_at(root: Path, path: Path, line: int | None = None) -> str:
    where = path.relative_to(root).as_posix()
    return f"{where}:{line}" if line else where


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# --- Python ---------------------------------------------------------------------------------------------------------


def long_files(root: Path) -> list[str]:
    """Python files and templates of more than 400 lines."""
    faults = []
    templates = sorted((root / "templates").rglob("*.html"))
    for path in [*python_files(root, tests=True), *templates]:
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > LINES:
            faults.append(f"{said_at(root, path)} has {count} lines; make it a folder of the same name.")
    return faults


def junk_drawers(root: Path) -> list[str]:
    """Modules named utils and the like, and modules of core that are not on its closed list."""
    faults = [
        f"{said_at(root, path)} is a junk drawer; give its contents a proper home."
        for path in python_files(root, tests=True)
        if path.stem in JUNK_DRAWERS or path.parent.name in JUNK_DRAWERS
    ]
    inside = {
        path.stem for path in (root / "core").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    faults += [f"core/{name} is not on the closed list of core." for name in sorted(inside - CORE_MODULES)]
    return faults


def clocks(root: Path) -> list[str]:
    """Places outside core/clock.py that look at the clock themselves."""
    watched = {
        ("date", "today"),
        ("datetime", "now"),
        ("datetime", "today"),
        ("datetime", "utcnow"),
        ("timezone", "now"),
        ("timezone", "localdate"),
        ("timezone", "localtime"),
    }
    faults = []
    for path in python_files(root):
        if path == root / "core" / "clock.py":
            continue
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name | ast.Attribute)
                and (getattr(node.value, "id", getattr(node.value, "attr", "")), node.attr) in watched
            ):
                faults.append(f"{said_at(root, path, node.lineno)} looks at the clock; ask core.clock.")
    return faults


def clocks_below_the_door(root: Path) -> list[str]:
    """Rules, queries, services, forms, e-mails and reminders that ask for today instead of being told."""
    below = ("rules", "queries", "services", "forms", "emails", "reminders", "exports", "models")
    faults = []
    for path in python_files(root):
        parts = path.relative_to(root).with_suffix("").parts
        if len(parts) < 2 or parts[0] in ("core", "infuse") or parts[1] not in below:
            continue
        for node in ast.walk(parsed(path)):
            called = isinstance(node, ast.Call) and (getattr(node.func, "attr", "") or getattr(node.func, "id", ""))
            if called == "today":
                faults.append(f"{said_at(root, path, node.lineno)} asks for today; take it as an argument.")
    return faults


def undocumented(root: Path) -> list[str]:
    """Public functions of rules, queries, services, e-mails and reminders without a docstring."""
    faults = []
    for path in python_files(root):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] == "infuse" or len(parts) < 2 or parts[1] not in EXPLAINED:
            continue
        for node in parsed(path).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
                and not any("overload" in ast.unparse(mark) for mark in node.decorator_list)
            ):
                faults.append(f"{said_at(root, path, node.lineno)} {node.name} has no docstring.")
    return faults


def verbs_without_by(root: Path) -> list[str]:
    """Public functions of services that can be called by position, or that do not say who acts."""
    faults = []
    for path in python_files(root):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] in ("core", "messaging", "infuse") or len(parts) < 2 or parts[1] != "services":
            continue
        for node in parsed(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.args.args or "by" not in [argument.arg for argument in node.args.kwonlyargs]:
                faults.append(f"{said_at(root, path, node.lineno)} {node.name} is a verb: (*, …, by, today).")
    return faults


def audit_verbs(root: Path) -> list[str]:
    """Audit rows whose event is not `noun.past_tense`."""
    faults = []
    for path in python_files(root):
        tree = parsed(path)
        if "core.audit" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = ast.unparse(node.func)
            if name not in ("record", "audit.record") or path.name == "audit.py":
                continue
            words = texts_in(node.args[0]) or constants(tree, node.args[0]) or events_handed_on(tree, node.args[0])
            if not words:
                faults.append(f"{said_at(root, path, node.lineno)} records an event that is not written out.")
            faults += [
                f"{said_at(root, path, node.lineno)} “{word}” is not noun.past_tense."
                for word in words
                if not past(word)
            ]
    return faults


def texts_in(node: ast.AST) -> list[str]:
    return [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def constants(tree: ast.Module, argument: ast.AST) -> list[str]:
    """The text of the file's constant that `argument` names."""
    return [
        text
        for line in tree.body
        if isinstance(line, ast.Assign) and ast.unparse(argument) in map(ast.unparse, line.targets)
        for text in texts_in(line.value)
    ]


def events_handed_on(tree: ast.Module, argument: ast.AST) -> list[str]:
    """The events that callers in the same file hand to the function whose parameter `argument` is."""
    handed = [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and isinstance(argument, ast.Name)
        and argument in ast.walk(function)
        and argument.id in [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
    ]
    return [
        text
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in handed
        for text in texts_in(call)
        if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)
    ]


def past(event: str) -> bool:
    """Whether an event reads `noun.past_tense`, such as role.given or cohort.dates_changed."""
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", event):
        return False
    words = event.split(".")[1].split("_")
    return any(word.endswith("ed") or word in IRREGULAR_PAST for word in words)


def unexplained_late_imports(root: Path) -> list[str]:
    """Imports inside functions whose line gives no reason."""
    faults = []
    for path in python_files(root, tests=True):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"noqa:[^#]*PLC0415", line) and not re.search(
                r"noqa:.*PLC0415[^#]*(\(.{4,}\)|#.{4,}|\s-\s.{4,})", line
            ):
                faults.append(f"{said_at(root, path, number)} imports late without saying why.")
    return faults


# --- Every file -----------------------------------------------------------------------------------------------------


def machine_paths(root: Path) -> list[str]:
    """Tracked files that name a folder of one particular machine, or a host that serves packages."""
    faults = []
    for path in tracked_files(root):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            faults += [
                f"{said_at(root, path, number)} names {found[0]}"
                for found in MACHINE.finditer(line)
                if (path.relative_to(root).as_posix(), found[0]) not in MAY_STAND
            ]
    return faults


# --- Templates ------------------------------------------------------------------------------------------------------

# Frames, and what our form and component tags draw; everything else extends a base, or is included by something.
LETTER = "messaging/letter.html"
STANDS_ALONE = ("base.html", "500.html", "components/", "infuse/", "django/", "allauth/", LETTER)


def templates_outside_the_frame(root: Path) -> list[str]:
    """Pages that extend nothing, and are not parts of other pages either."""
    folder = root / "templates"
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    included = set(re.findall(r"""\{%\s*include\s+["']([^"']+)["']""", "".join(texts.values())))
    return [
        f"templates/{name} extends nothing."
        for name, text in sorted(texts.items())
        if "{% extends" not in text and name not in included and not name.startswith(STANDS_ALONE)
    ]


INLINE = (
    (re.compile(r"<[^>]*\sstyle\s*=", re.I), "an inline style"),
    (re.compile(r"<style\b", re.I), "a style element"),
    (re.compile(r"<script\b(?![^>]*\s(?:src\s*=|type=\"application/json\"))", re.I), "a script without a file"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=", re.I), "an on… attribute"),
    (re.compile(r"javascript:", re.I), "a javascript: address"),
)


def inline_code(root: Path) -> list[str]:
    """Templates with what the content security policy forbids."""
    faults = []
    folder = root / "templates"
    # A letter is no page: a mail program takes styles from the elements alone.
    for path in sorted(path for path in folder.rglob("*.html") if path != folder / LETTER):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", text, flags=re.S)
        for pattern, what in INLINE:
            for hit in pattern.finditer(text):
                faults.append(f"{said_at(root, path, text[: hit.start()].count(chr(10)) + 1)} has {what}.")
    return faults


def lonely_mails(root: Path) -> list[str]:
    """E-mail texts that exist in one language only, or do not begin with a subject."""
    faults = []
    for path in sorted((root / "templates").rglob("emails/*.txt")):
        stem, _dot, language = path.name.removesuffix(".txt").rpartition(".")
        if language not in ("en", "cy"):
            faults.append(f"{said_at(root, path)} names no language.")
            continue
        twin = path.with_name(f"{stem}.{'cy' if language == 'en' else 'en'}.txt")
        if not twin.exists():
            faults.append(f"{said_at(root, path)} has no twin {twin.name}.")
        if stem.startswith("_"):
            continue
        first, _newline, rest = path.read_text(encoding="utf-8").partition("\n")
        if not first.startswith("Subject: ") or (rest and not rest.startswith("\n")):
            faults.append(f"{said_at(root, path)} does not begin with “Subject: …” and an empty line.")
    return faults


CHECKS = (
    long_files,
    junk_drawers,
    clocks,
    clocks_below_the_door,
    undocumented,
    verbs_without_by,
    audit_verbs,
    unexplained_late_imports,
    machine_paths,
    templates_outside_the_frame,
    inline_code,
    lonely_mails,
)


# --- Imports --------------------------------------------------------------------------------------------------------


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter on the tree at `root`, with the contracts of its pyproject.toml."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
