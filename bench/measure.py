"""Page and floor in turn, many times; medians, ratios, queries and weight."""

import gzip
import re
import statistics
from dataclasses import dataclass

from django.contrib.staticfiles import finders

from bench.pages import Page
from bench.servers import Answer, ask


@dataclass(frozen=True)
class Row:
    """One page's figures. `ratio` is the median of page ÷ floor over pairs asked one after the other."""

    page: Page
    milliseconds: float
    ratio: float
    queries: int
    first_visit: int
    later_visit: int


def measure(page: Page, product: int, floor: int, sessions: dict[str, str], rounds: int) -> Row:
    """Ask the page and the floor alternately `rounds` times after three warm-ups; sizes are gzipped bytes."""
    for _warm in range(3):
        answer = ask(product, page.path, sessions[page.role])
        ask(floor, "/floor/", sessions["floor"])
    if answer.status != 200:
        raise SystemExit(f"{page.name}: {page.path} answered {answer.status} for {page.role or 'nobody'}")
    pairs: list[tuple[Answer, Answer]] = [
        (ask(product, page.path, sessions[page.role]), ask(floor, "/floor/", sessions["floor"])) for _ in range(rounds)
    ]
    later = len(gzip.compress(answer.body, 6))
    return Row(
        page,
        statistics.median(ours.milliseconds for ours, _floor in pairs),
        statistics.median(ours.milliseconds / bare.milliseconds for ours, bare in pairs),
        answer.queries,
        later + _assets(answer.body.decode()),
        later,
    )


def _assets(html: str) -> int:
    """Gzipped bytes of the styles and scripts that the page names (pictures are SVG in the page itself)."""
    names = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html))
    total = 0
    for name in names:
        plain = re.sub(r"\.[0-9a-f]{12}(\.(?:css|js))$", r"\1", name)
        with open(str(finders.find(plain)), "rb") as asset:
            total += len(gzip.compress(asset.read(), 6))
    return total
