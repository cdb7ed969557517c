"""How heavy a page is, compressed: the first time with its styles, scripts and pictures, and after that."""

import gzip
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

from tests.crawl.markup import read

FIRST, AFTER = 60_000, 15_000


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@cache
def static_weight(address: str) -> int:
    """A static file, compressed, and what it brings along."""
    name = address.split("?")[0].split("#")[0].removeprefix("/static/")
    found = finders.find(name)
    if found is None:
        raise AssertionError(f"The page asks for {address}, which is not there.")
    content = Path(found).read_bytes()
    weight = compressed(content)
    if name.endswith(".css"):
        folder = name.rpartition("/")[0]
        for brought in set(re.findall(rb"url\(['\"]?([^'\")]+)", content)):
            if not brought.startswith((b"data:", b"#")):
                weight += static_weight(f"/static/{folder}/{brought.decode()}")
    return weight


def weights(html: bytes) -> tuple[int, int]:
    """(the first time, after that), in bytes."""
    page, _faults = read(html.decode())
    parts = {
        element.attributes.get("src") or element.attributes.get("href", "")
        for element in page.all("script", "img", "link")
        if element.tag != "link" or {"stylesheet", "icon"} & set(element.attributes.get("rel", "").split())
    }
    after = compressed(html)
    return after + sum(static_weight(part) for part in parts if part.startswith("/static/")), after


def weight_faults(html: bytes) -> list[str]:
    """Whether a page is heavier than it may be: 60 kB with its styles the first time, 15 kB after."""
    first, after = weights(html)
    return [
        f"{size} bytes {when}, more than {limit}"
        for size, limit, when in ((first, FIRST, "the first time"), (after, AFTER, "after that"))
        if size > limit
    ]
