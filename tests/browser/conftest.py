"""What several tests of the browser use."""

import pytest


@pytest.fixture
def unscripted(browser, browser_context_args):
    """A page without JavaScript."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()
