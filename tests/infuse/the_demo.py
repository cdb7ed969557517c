"""The demo, loaded once for a whole file of tests, and gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.apps import apps

from infuse.devdata.build import load
from tests.crawl.conftest import undone

# A Saturday, as many a day is on which somebody tries a demo.
TODAY = date(2026, 11, 21)


@contextmanager
def loaded_demo(blocker, today: date = TODAY) -> Iterator[None]:
    """Inside it the database holds the demo as loaded on `today`. Tests that change it are marked django_db."""
    with blocker.unblock(), undone():
        assert load(today)
        yield


def everything() -> dict[str, list[tuple]]:
    """Every row of every table of ours, to be compared with a later one."""
    names = ("account", "core", "messaging", "people", "cohorts", "labs", "challenges", "nominations", "progress")
    models = [model for name in names for model in apps.get_app_config(name).get_models()]
    return {model._meta.label: sorted(model.objects.values_list(), key=str) for model in models}
