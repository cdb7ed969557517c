"""Pages of tests/core/pages.py, for the tests that open them."""

from copy import deepcopy
from pathlib import Path

import pytest

from tests.core.pages import NoteView


@pytest.fixture
def pages(settings, db):
    """The product's addresses and those of tests/core/pages.py."""
    settings.ROOT_URLCONF = "tests.core.pages"
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    NoteView.saved.clear()
