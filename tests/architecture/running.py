"""Checks that ask the running code. Each takes what it checks as an argument, so that a plant can be handed in."""

import importlib.util
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable
from datetime import date
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db import models
from factory.django import DjangoModelFactory

from core.views import RuleRequiredMixin
from messaging.mail import Mail
from messaging.render import words_of
from tests.architecture.source import PACKAGES
from tests.crawl.walk import Address
from tests.crawl.words import english_among

HERE = frozenset(PACKAGES)
SUBJECT = 120
ADDRESS = re.compile(r"(https?://|www\.)\S+")


def our_models() -> list[type[models.Model]]:
    """Every concrete model of our apps."""
    return [model for model in apps.get_models() if model._meta.app_label in HERE and not model._meta.proxy]


def modules(package: str) -> list[ModuleType]:
    """A package and everything below it."""
    first = importlib.import_module(package)
    below = pkgutil.walk_packages(getattr(first, "__path__", []), f"{package}.")
    return [first, *(importlib.import_module(found.name) for found in below)]


def rung(name: str) -> list[ModuleType]:
    """The modules on one rung of the ladder (enums, queries, emails …) in every app that has it."""
    return [
        module
        for app in PACKAGES
        if apps.is_installed(app) and importlib.util.find_spec(f"{app}.{name}")
        for module in modules(f"{app}.{name}")
    ]


# --- Statuses -------------------------------------------------------------------------------------------------------


def status_enums() -> list[type[models.TextChoices]]:
    """Every enum with a table of moves, in the order of the street."""
    return [
        thing
        for module in rung("enums")
        for thing in vars(module).values()
        if inspect.isclass(thing) and issubclass(thing, models.TextChoices) and hasattr(thing, "moves")
    ]


def holes_in_move_tables(enums: Iterable[type[models.TextChoices]]) -> list[str]:
    """Members that no table of moves mentions as a start, and targets that are no members."""
    faults = []
    for enum in enums:
        table = enum.moves()
        faults += [f"{enum.__name__}.{member.name} is not in its table." for member in enum if member not in table]
        for start, targets in table.items():
            faults += [
                f"{enum.__name__}: {start} → {target} is no status." for target in targets if target not in set(enum)
            ]
        reached = set().union(*table.values()) | {next(iter(enum))}
        faults += [f"{enum.__name__}.{member.name} is reached by no move." for member in enum if member not in reached]
    return faults


def statuses_without_a_table(all_models: Iterable[type[models.Model]], exempt: Iterable[str]) -> list[str]:
    """Models with a `status` column whose enum has no table of moves, or whose moves have no dated rows."""
    faults = []
    for model in all_models:
        names = {field.name for field in model._meta.get_fields()}
        if "status" not in names or model._meta.label in exempt:
            continue
        enum = getattr(model, "Status", None)
        if enum is None or not hasattr(enum, "moves"):
            faults.append(f"{model._meta.label} has a status without a table of moves.")
        elif "moves" not in names:
            faults.append(f"{model._meta.label} has a status without dated rows.")
    return faults


# --- Lists that must be complete ------------------------------------------------------------------------------------


def factories() -> dict[type[models.Model], list[str]]:
    """Model → the names of its factories, each with the module that holds it."""
    found: dict[type[models.Model], list[str]] = {}
    for module in modules("tests.factories"):
        for thing in vars(module).values():
            if (
                inspect.isclass(thing)
                and issubclass(thing, DjangoModelFactory)
                and thing.__module__ == module.__name__
                and thing._meta.model
            ):
                found.setdefault(thing._meta.model, []).append(f"{module.__name__}.{thing.__name__}")
    return found


def models_without_factory(
    all_models: Iterable[type[models.Model]], made: dict[type[models.Model], list[str]]
) -> list[str]:
    """Models with no factory, with two, or with one in another app's file."""
    faults = []
    for model in all_models:
        names = made.get(model, [])
        right = f"tests.factories.{model._meta.app_label}.{model.__name__}Factory"
        if names != [right]:
            faults.append(f"{model._meta.label} should have one factory, {right}; it has {names or 'none'}.")
    return faults


def undecided_fields(all_models: Iterable[type[models.Model]], decided: dict[str, dict[str, object]]) -> list[str]:
    """Columns that the privacy list does not name, and lines of it about columns that are gone."""
    faults = []
    known = set()
    for model in all_models:
        label = model._meta.label
        known.add(label)
        columns = {field.name for field in model._meta.concrete_fields if not field.primary_key}
        columns |= {field.name for field in model._meta.local_many_to_many}
        listed = set(decided.get(label, {}))
        faults += [f"{label}.{name}: personal or not? Say so in tests/privacy.py." for name in sorted(columns - listed)]
        faults += [f"{label}.{name} is in tests/privacy.py but gone." for name in sorted(listed - columns)]
    faults += [f"{label} is in tests/privacy.py but gone." for label in sorted(set(decided) - known)]
    return faults


# --- Doors ----------------------------------------------------------------------------------------------------------


def doors_without_a_rule(
    found: Iterable[Address], public: Iterable[str], signed_in: Iterable[str], not_pages: Iterable[str]
) -> list[str]:
    """Views of ours that state no rule and are not on the list for it; and lines of the lists that are not needed."""
    faults = []
    public, signed_in, not_pages = set(public), set(signed_in), set(not_pages)
    needed = set()
    for address in found:
        view = getattr(address.view, "view_class", address.view)
        if view.__module__.split(".")[0] not in HERE or is_allauths(view):
            continue
        if not (inspect.isclass(view) and issubclass(view, RuleRequiredMixin)):
            list_of_it, fault = not_pages, f"{view.__qualname__} is no RuleRequiredMixin."
        elif view.public:
            list_of_it, fault = public, "it is open to everybody, and not on the list of public pages."
        elif not asks(view):
            list_of_it, fault = signed_in, f"{view.__qualname__} asks no rule and sees through no visible_to."
        else:
            continue
        needed.add(address.name)
        if address.name not in list_of_it:
            faults.append(f"{address.name}: {fault}")
    listed = public | signed_in | not_pages
    return faults + [
        f"{name} is on a list of tests/test_architecture.py for nothing." for name in sorted(listed - needed)
    ]


def is_allauths(view: Any) -> bool:
    """Whether a view is one of allauth's in our frame; allauth keeps those doors, and the matrix holds them to it."""
    return inspect.isclass(view) and any(parent.__module__.startswith("allauth.") for parent in view.__mro__)


def asks(view: type) -> bool:
    """Whether a view has a rule of its own, or finds what it shows through a `visible_to`."""
    if view.get_verdict is not RuleRequiredMixin.get_verdict:
        return True
    ours = [parent for parent in view.__mro__ if parent.__module__.split(".")[0] in HERE - {"core"}]
    return any("visible_to(" in source_of(parent) for parent in ours)


def source_of(thing: type) -> str:
    """The source of a class; nothing where there is none."""
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError):
        return ""


# --- Rules and their list twins -------------------------------------------------------------------------------------


def twins() -> set[str]:
    """Every module of queries that says who may see what."""
    return {module.__name__ for module in rung("queries") if hasattr(module, "visible_to")}


def disagreements(
    may_view: Callable[..., Any],
    visible_to: Callable[..., Any],
    things: Iterable[Any],
    users: dict[str, Any],
    day: date,
) -> list[str]:
    """People and things of which the rule says one thing and the list another."""
    faults = []
    things = list(things)
    for role, user in users.items():
        listed = set(visible_to(user, day).values_list("pk", flat=True))
        for thing in things:
            if bool(may_view(user, thing, day)) != (thing.pk in listed):
                says = "in" if thing.pk in listed else "not in"
                faults.append(f"{role}: {thing!r} is {says} the list, and the rule says otherwise.")
    return faults


# --- E-mails --------------------------------------------------------------------------------------------------------


def letters() -> dict[str, Callable[..., Mail]]:
    """Every function of an emails module that returns a Mail, by its dotted name."""
    return {
        f"{module.__name__}.{name}": function
        for module in rung("emails")
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and inspect.signature(function).return_annotation in (Mail, "Mail")
    }


def faults_of_letter(mail: Mail, data: re.Pattern[str]) -> list[str]:
    """What is wrong with a mail's words in either language."""
    words = words_of(mail)
    faults = []
    for language, parts in words.items():
        text = f"{parts['subject']}\n{parts['body']}"
        faults += [
            f"{mail.template}.{language}: holds {sign!r}" for sign in ("{{", "{%", "None", "\n\n\n\n") if sign in text
        ]
        if len(parts["subject"]) > SUBJECT:
            faults.append(f"{mail.template}.{language}: a subject of {len(parts['subject'])} letters")
    lines = {
        language: [line.strip() for line in "\n".join(parts.values()).splitlines()] for language, parts in words.items()
    }
    faults += [
        f"{mail.template}.cy: {fault}"
        for fault in english_among(lines["cy"], lines["en"], data)
        if not ADDRESS.fullmatch(fault.split("”")[0].strip("“"))
    ]
    return faults
