"""The few fixtures everybody uses: the day, people by role, clients and pages signed in as them, and no way out.

* Mail is Django's `locmem` backend: look at `mailoutbox`. Words go there only when a delivery is run.
* The broker is in memory; a test that wants the real one asks for `real_broker`.
* No socket leaves this machine, from Python or from the browser.
* `today` is a fixed Wednesday, and the product's clock shows it while a test uses the fixture.
"""

import os
import shutil
import socket
import threading
from datetime import date, datetime, time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connections
from django.test.utils import override_settings
from django.utils import translation

# Playwright runs an event loop in the thread of the tests. Django would refuse the database there, and from then on
# give the thread a second connection, which sees nothing of the first one's transaction: so one for each thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
connections._connections = threading.local()

TODAY = date(2026, 3, 11)
LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "testserver", ""}


# --- Settings and the way out ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def quick_settings(tmp_path_factory):
    """Everything in memory and nothing hashed slowly."""
    from infuse.celery import app  # noqa: PLC0415 (after pytest-django has set Django up)

    with override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # WhiteNoise warns when no static files were collected; tests take them from where they are.
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
    ):
        app.conf.update(broker_url="memory://", broker_transport_options={})
        yield


@pytest.fixture(autouse=True)
def empty_cache(quick_settings):
    """Rate limits and the like start from nothing in every test."""
    cache.clear()


@pytest.fixture(autouse=True)
def english():
    """Every test starts in English: a request for a Welsh page leaves Welsh behind in its thread."""
    translation.activate("en")


@pytest.fixture
def real_broker(settings):
    """The broker of REDIS_URL for tasks and cache, for the tests that are about it."""
    from kombu import pools  # noqa: PLC0415 (as above)

    from infuse.celery import app  # noqa: PLC0415 (as above)

    def point_at(url, options):
        # kombu keeps its pools for the whole process and hands a closed one out again.
        pools.reset()
        app._pool = None
        app.amqp._producer_pool = None
        app.conf.update(broker_url=url, broker_transport_options=options)

    point_at(settings.CELERY_BROKER_URL, settings.CELERY_BROKER_TRANSPORT_OPTIONS)
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.CELERY_BROKER_URL}
    }
    yield app
    point_at("memory://", {})


class WayOutBlockedError(RuntimeError):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def no_way_out():
    """Sockets connect to this machine only."""
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def guarded(name):
        def call(self, address):
            if self.family in (socket.AF_INET, socket.AF_INET6):
                host = address[0]
                if host not in LOCAL and not str(host).startswith("127."):
                    raise WayOutBlockedError(f"A test tried to reach {host}. Tests use this machine only.")
            return real[name](self, address)

        return call

    for name in real:
        setattr(socket.socket, name, guarded(name))
    yield
    for name, function in real.items():
        setattr(socket.socket, name, function)


# --- Time -----------------------------------------------------------------------------------------------------------


def stop_the_clock(monkeypatch, day: date) -> None:
    """Let core.clock show ten o'clock in London on `day`."""
    from core import clock  # noqa: PLC0415 (Django must be set up)

    moment = datetime.combine(day, time(10), clock.LONDON)
    monkeypatch.setattr(clock, "timezone", SimpleNamespace(now=lambda: moment))


@pytest.fixture
def today(monkeypatch) -> date:
    """Wednesday 11 March 2026, week 10 of a cohort from CohortFactory (Learn and Explore); the clock shows it."""
    stop_the_clock(monkeypatch, TODAY)
    return TODAY


# --- People by role -------------------------------------------------------------------------------------------------


def with_role(kind, name, **more):
    from tests.factories.people import RoleFactory  # noqa: PLC0415 (Django must be set up)

    return RoleFactory(kind=kind, person__name=name, person__email=f"{kind}.{name[:5].lower()}@qarth.example", **more)


@pytest.fixture
def manager(db):
    """The programme manager (a person)."""
    return with_role("manager", "Morfydd Qallo").person


@pytest.fixture
def administrator(db):
    """The programme administrator (a person)."""
    return with_role("administrator", "Aled Qvarre").person


@pytest.fixture
def lab_lead(db):
    """A lab lead (a person)."""
    return with_role("lab_lead", "Lowri Qanth").person


@pytest.fixture
def coach(db):
    """A coach (a person)."""
    return with_role("coach", "Cadog Qorril").person


@pytest.fixture
def auditor(db):
    """An auditor (a person)."""
    return with_role("auditor", "Anwen Qudit").person


@pytest.fixture
def organisation(db):
    """The organisation that `coordinator` answers for and `associate` works at."""
    from tests.factories.people import OrganisationFactory  # noqa: PLC0415 (as above)

    return OrganisationFactory(
        code="W06888881",
        name_en="Qarth County Council",
        name_cy="Cyngor Sir Qarth",
        short_en="Qarth",
        short_cy="Qarth",
    )


@pytest.fixture
def other_organisation(db):
    """Another organisation, that `other_coordinator` answers for."""
    from tests.factories.people import OrganisationFactory  # noqa: PLC0415 (as above)

    return OrganisationFactory(
        code="W06888882",
        name_en="Zhill County Council",
        name_cy="Cyngor Sir Zhill",
        short_en="Zhill",
        short_cy="Zhill",
    )


@pytest.fixture
def coordinator(organisation):
    """A coordinator (a person) of `organisation`."""
    return with_role("coordinator", "Corwyn Qimble", organisation=organisation).person


@pytest.fixture
def other_coordinator(other_organisation):
    """A coordinator (a person) of `other_organisation`."""
    return with_role("coordinator", "Olwen Zimble", organisation=other_organisation).person


@pytest.fixture
def associate(organisation):
    """An associate (the person) of `organisation` taking part in a running cohort: `associate.associates.get()`."""
    from tests.factories.cohorts import AssociateFactory, CohortFactory  # noqa: PLC0415 (as above)

    return AssociateFactory(
        cohort=CohortFactory(status="running"),
        person__name="Anest Qyfaill",
        person__email="anest.qyfaill@qarth.example",
        status="active",
        organisation=organisation,
    ).person


@pytest.fixture
def nobody(db):
    """A person who is known and has no role: a nominee, say."""
    from tests.factories.people import UserFactory  # noqa: PLC0415 (as above)

    return UserFactory(name="Nest Qeb", email="nest.qeb@qarth.example")


@pytest.fixture
def person_as(request):
    """The person by the name of a role's fixture, for parametrised tests: `person_as("coach")`; "anonymous" is None."""

    def get(role):
        return None if role == "anonymous" else request.getfixturevalue(role)

    return get


@pytest.fixture
def client_as(db):
    """A test client signed in as a person: `client_as(manager).get("/home/")`; None is nobody."""
    from tests.signing_in import signed_in  # noqa: PLC0415 (as above)

    return signed_in


# --- The browser ----------------------------------------------------------------------------------------------------


def find_chromium() -> str:
    """The browser's path: INFUSE_CHROMIUM, Playwright's own, or one on PATH. None is a failure, never a skip."""
    named = os.environ.get("INFUSE_CHROMIUM", "")
    if named:
        if not Path(named).exists():
            pytest.fail(f"INFUSE_CHROMIUM names {named}, which is not there.", pytrace=False)
        return named
    for folder in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), "~/.cache/ms-playwright"):
        if folder:
            found = sorted(Path(folder).expanduser().glob("chromium*/chrome-*/*chrom*"))
            found = [path for path in found if path.name in ("chrome", "chrome-headless-shell", "Chromium")]
            if found:
                return str(found[-1])
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        found_on_path = shutil.which(name)
        if found_on_path:
            return found_on_path
    pytest.fail(
        "The browser tests need Chromium. Install it, or run `.venv/bin/playwright install chromium`, "
        "or set INFUSE_CHROMIUM to its path.",
        pytrace=False,
    )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Chromium that runs as root in a container, keeps quiet, and finds no host but this one."""
    return {
        **browser_type_launch_args,
        "executable_path": find_chromium(),
        "chromium_sandbox": False,
        "args": [
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-sync",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """British English, London."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


def collect_console_errors(page) -> list[str]:
    """A list that fills with what the page complains about: console errors, exceptions, blocked resources."""
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.fixture
def console_errors(page):
    """What the page has complained about so far. A test that expects one clears the list."""
    return page.console_errors


@pytest.fixture
def page(page):
    """Playwright's page; the test fails when it leaves console errors behind."""
    page.console_errors = collect_console_errors(page)
    page.set_default_timeout(10_000)
    yield page
    assert not page.console_errors, f"The browser's console has errors: {page.console_errors}"


@pytest.fixture
def sign_in(page, live_server):
    """Sign a person in, in the browser, without the forms: `sign_in(manager)`. Returns the page."""
    from django.conf import settings as now_settings  # noqa: PLC0415 (as above)

    from tests.signing_in import session_cookie  # noqa: PLC0415 (as above)

    def enter(person):
        page.context.add_cookies(
            [{"name": now_settings.SESSION_COOKIE_NAME, "value": session_cookie(person), "url": live_server.url}]
        )
        return page

    return enter
