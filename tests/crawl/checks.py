"""What the crawl asks of a page. Each check returns faults, one sentence each, so that tests/crawl/test_plants.py can
hand it something planted."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.crawl.line import HIDDEN, OPEN, POST_ONLY, REFUSED, ROLES, SENT_ON, TO_SIGN_IN, Line
from tests.crawl.markup import faults_of, filled_in, read
from tests.crawl.walk import Address, path_of
from tests.crawl.words import english_on
from tests.crawl.world import World

ANSWERS_TO_A_POST = {OPEN, -SENT_ON, TO_SIGN_IN, 400, REFUSED, HIDDEN, POST_ONLY, 409, 422, 429}
Answers = dict[str, tuple[str, Any]]  # language → (path, response)
Rounds = dict[str, Answers]  # role → what that role gets


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back, without Django minding one inside it."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


def client_for(world: World, role: str, line: Line | None = None) -> Client:
    """A client signed in as a role, who has done what goes before the page of `line`."""
    client = Client()
    if role != "anonymous":
        client.cookies.load(world.cookies[role])
    if line is not None and line.before is not None:
        line.before(client, world, role)
    return client


def place_of(world: World, name: str, line: Line, language: str) -> str:
    """The address of a line's page, with its query."""
    return path_of(name, line.kwargs(world), language) + line.query


def ask(client: Client, world: World, line: Line, path: str) -> Any:
    """The page of a line: what its address gives, or what its form is answered with once it is filled in."""
    if line.post is None:
        return client.get(path)
    page = client.get(path)
    stood = filled_in(read(page.content.decode())[0]) if page.status_code == OPEN else {}
    return client.post(path, {**stood, **line.post(world)})


def gets(world: World, address: Address, line: Line, roles: Iterable[str] = ROLES) -> Rounds:
    """The page as every role gets it, in every language."""
    rounds: Rounds = {}
    for role in roles:
        client = client_for(world, role, line)
        rounds[role] = {}
        for language in address.languages:
            path = place_of(world, address.name, line, language)
            rounds[role][language] = (path, ask(client, world, line, path))
    return rounds


def posts(world: World, address: Address, line: Line, typed: dict[str, str], roles: Iterable[str] = ROLES) -> Rounds:
    """What every role gets for sending `typed`, in every language; whatever it does is undone."""
    rounds: Rounds = {}
    for role in roles:
        rounds[role] = {}
        for language in address.languages:
            with undone():
                client = client_for(world, role, line)
                path = place_of(world, address.name, line, language)
                cache.clear()
                rounds[role][language] = (path, client.post(path, typed))
    return rounds


# --- Status ---------------------------------------------------------------------------------------------------------


def as_the_matrix_says(response: Any) -> int:
    """The response's status in the words of the matrix."""
    if response.status_code in (301, 302, 303):
        path = unquote(response["Location"]).split("?")[0]
        sign_in = resolve_url(settings.LOGIN_URL).removeprefix("/cy")
        return TO_SIGN_IN if path.removeprefix("/cy") == sign_in else SENT_ON
    return response.status_code


def status_faults(rounds: Rounds, line: Line) -> list[str]:
    """Where a GET is not answered as the line says."""
    faults = []
    for role, answers in rounds.items():
        for path, response in answers.values():
            got, expected = as_the_matrix_says(response), line.status(role)
            if got != expected:
                where = f" ({response['Location']})" if response.has_header("Location") else ""
                how = "GET" if line.post is None else "Filled in,"
                faults.append(f"{how} {path} as {role}: {got}{where}, the matrix says {expected}")
            elif got == OPEN and line.shows and line.shows not in response.content.decode():
                faults.append(f"{path} as {role} is another page: it has no {line.shows}")
    return faults


def post_faults(rounds: Rounds, line: Line) -> list[str]:
    """Where a POST gets further than a GET, or falls over."""
    faults = []
    for role, answers in rounds.items():
        expected = line.status(role)
        for path, response in answers.values():
            got = as_the_matrix_says(response)
            # A page about nobody in particular may say to anybody that it takes no posts.
            refused = got == expected or (got == POST_ONLY and line.at is None)
            if expected in (REFUSED, HIDDEN, TO_SIGN_IN) and not refused:
                faults.append(f"POST {path} as {role}: {got}, the matrix says {expected}")
            if got not in ANSWERS_TO_A_POST and -got not in ANSWERS_TO_A_POST:
                faults.append(f"POST {path} as {role}: {got}")
    return faults


def way_in_faults(rounds: Rounds, line: Line) -> list[str]:
    """Where a visitor is not sent to sign in, in the page's language and on to the page afterwards."""
    if line.status("anonymous") != TO_SIGN_IN or line.starts_again:
        return []
    faults = []
    for language, (path, response) in rounds["anonymous"].items():
        where = response.headers.get("Location", "")
        if where.startswith("/cy/") != (language == "cy") or f"next={quote(path)}" not in where:
            faults.append(f"{path} sends a visitor to {where or response.status_code}")
    return faults


# --- Words and markup -----------------------------------------------------------------------------------------------


def is_page(response: Any) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and bool(response.content)


def language_faults(world: World, answers: Answers) -> list[str]:
    """English on the Welsh page."""
    if "cy" not in answers:
        return []
    (_path, english), (path, welsh) = answers["en"], answers["cy"]
    if not is_page(welsh) or not is_page(english):
        return []
    faults = english_on(read(welsh.content.decode())[0], read(english.content.decode())[0], world.data)
    return [f"{path} ({welsh.status_code}): {fault}" for fault in faults]


def markup_faults(answers: Answers) -> list[str]:
    """What is basically wrong with the markup."""
    return [
        f"{path} ({response.status_code}): {fault}"
        for language, (path, response) in answers.items()
        if is_page(response)
        for fault in faults_of(response.content.decode(), language=language)
    ]


def toggle_faults(answers: Answers) -> list[str]:
    """Whether the way to the other language is there, says its language, and leads to the same page."""
    faults = []
    for language, other in (("en", "cy"), ("cy", "en")):
        if len(answers) < 2:
            continue
        path, response = answers[language]
        if not is_page(response):
            continue
        page, _faults = read(response.content.decode())
        ways = [
            element.attributes.get("href") or element.attributes.get("formaction") or ""
            for element in page.all("a", "button")
            if element.attributes.get("lang") == other
            and (element.tag == "button" or element.attributes.get("hreflang") == other)
        ]
        there = answers[other][0]
        if len(ways) != 1 or (ways[0] if "?" in there else ways[0].split("?")[0]) != there:
            faults.append(f"{path}: the toggle leads to {ways}, not to {there}")
        said = [one.attributes for one in page.all("link") if one.attributes.get("rel") == "alternate"]
        if [(one.get("hreflang"), one.get("href", "").split("?")[0]) for one in said] != [(other, there.split("?")[0])]:
            faults.append(f"{path}: the alternate is {said}, not {there}")
    return faults


# --- Queries --------------------------------------------------------------------------------------------------------

Counts = dict[tuple[str, str], list[str]]


def queries(world: World, listed: Iterable[Address], lines: dict[str, Line]) -> Counts:
    """(name, role) → the queries of each page (the Welsh one, where there are two), for the roles that get it."""
    counts: Counts = {}
    for address in listed:
        line = lines[address.name]
        for role in ROLES:
            if line.status(role) != OPEN:
                continue
            client = client_for(world, role, line)
            path = place_of(world, address.name, line, address.languages[-1])
            ask(client, world, line, path)  # what is found once per process or session is found now
            cache.clear()
            with CaptureQueriesContext(connection) as caught:
                ask(client, world, line, path)
            counts[address.name, role] = [
                query["sql"] for query in caught.captured_queries if "SAVEPOINT" not in query["sql"]
            ]
    return counts
