"""A page as a real browser sees it: axe, the console, a narrow screen, and without script."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The page's own policy forbids foreign scripts; axe is there before the page is.
RUN_AXE = """async (more) => {
    const found = await axe.run(document, {
        runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", ...(more || [])]},
        resultTypes: ["violations"],
    });
    return found.violations.map(fault => `${fault.id}: ${fault.nodes.map(node => node.target.join(" ")).join("; ")}`);
}"""
# What axe recommends beyond WCAG, for `page.evaluate(RUN_AXE, BEST_PRACTICE)`.
BEST_PRACTICE = ["best-practice"]
TOO_WIDE = """() => {
    const width = document.documentElement.scrollWidth;
    return width > window.innerWidth ? `is ${width} pixels wide on a screen of ${window.innerWidth}` : null;
}"""
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
# What anybody may read: the words as they stand, line breaks aside.
WORDS = "() => document.body.innerText.replace(/\\s+/g, ' ').trim()"
# What differs from person to person on pages that are otherwise the same.
PERSONAL = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|<span class="infuse-header__who">[^<]*</span>')


def open_page(page: Any, address: str, typed: dict[str, Any] | None = None) -> Any:
    """Go to an address, fill in and send its form if there is something to type, and return the answer."""
    answer = page.goto(address)
    if typed is None:
        return answer
    form = page.locator("main form").filter(has=page.locator(f"[name={next(iter(typed))}]"))
    for name, value in typed.items():
        box = form.locator(f"[name={name}]")
        kind = box.first.evaluate("box => box.type")
        if kind == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif kind == "checkbox":
            box.check()
        elif kind == "select-one":
            box.select_option(value)
        elif isinstance(value, str):
            box.fill(value)
        else:
            box.set_input_files({"name": value.name, "mimeType": value.content_type, "buffer": value.read()})
    with page.expect_navigation() as sent:
        form.locator("button[type=submit]:not([name])").last.click()
    return sent.value


def faults_in_browser(
    page: Any, address: str, errors: list[str], known: dict[str, list[str]], typed: dict[str, Any] | None = None
) -> list[str]:
    """What is wrong with one page; `errors` is what fills with what its console says.

    `known` keeps what was found in each page's text, so that a page which is the same for another person, but for the
    name in the header, is opened again and looked at once. `typed` is what goes into its form first, if anything.
    """
    errors.clear()
    page.set_viewport_size(WIDE)
    answer = open_page(page, address, typed)
    text = PERSONAL.sub("", answer.text())
    if text not in known:
        faults = [] if answer.ok else [f"answers {answer.status}"]
        faults += page.evaluate(RUN_AXE)
        page.set_viewport_size(NARROW)
        too_wide = page.evaluate(TOO_WIDE)
        known[text] = faults + ([too_wide] if too_wide else [])
    return known[text] + [f"console: {error}" for error in errors]


def words_differ(
    with_script: Any, without: Any, address: str, typed: Callable[[], Any] = lambda: None, known: set[str] | None = None
) -> bool:
    """Whether a page says something else without script. `known` keeps the pages that were found to say the same."""
    text = PERSONAL.sub("", open_page(without, address, typed()).text())
    if known is not None and text in known:
        return False
    open_page(with_script, address, typed())
    differ: bool = with_script.evaluate(WORDS) != without.evaluate(WORDS)
    if known is not None and not differ:
        known.add(text)
    return differ
