"""Checks that ask the running code. Each takes what it checks as an argument, so that a plant can be handed in."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from types import ModuleType

from django.apps import apps
from django.db import models
from factory.django import DjangoModelFactory

from core.lifecycle import Move
from tests.architecture.source import PACKAGES

HERE = frozenset(PACKAGES)


def our_models() -> list[type[models.Model]]:
    """Every concrete model of our apps."""
    return [model for model in apps.get_models() if model._meta.app_label in HERE and not model._meta.proxy]


def modules(package: str) -> list[ModuleType]:
    """A package and everything below it, migrations left out."""
    first = importlib.import_module(package)
    below = pkgutil.walk_packages(getattr(first, "__path__", []), f"{package}.")
    return [first, *(importlib.import_module(found.name) for found in below if ".migrations" not in found.name)]


# --- Statuses -------------------------------------------------------------------------------------------------------


def status_enums() -> list[type[models.TextChoices]]:
    """Every enum with a table of moves, in the order of the street."""
    found = []
    for app in PACKAGES:
        if not apps.is_installed(app):
            continue
        for module in modules(app):
            if module.__name__.split(".")[1:2] != ["enums"]:
                continue
            for thing in vars(module).values():
                if inspect.isclass(thing) and issubclass(thing, models.TextChoices) and hasattr(thing, "moves"):
                    found.append(thing)
    return found


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


def writers_of_status(all_models: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """The models of dated moves."""
    return [model for model in all_models if issubclass(model, Move) if hasattr(model, "thing")]


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
