"""Make govuk-frontend.css in this folder from the package's own tarball. Standard library only.

    npm pack govuk-frontend@6.6.0
    python static/vendor/make.py govuk-frontend-6.6.0.tgz

What it changes: the font, the crest and the map's address go (they belong to GOV.UK or are not shipped), our font stack
comes in, and rules of components that Infuse does not use are left out.
"""

import base64
import hashlib
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

INTEGRITY = "xctkWrQvLnvQt7fyjQ3MGX9S0wz0x0RQuLxCeoXF+s8EjGICG81/DYQGKN5qgO+0KVT12UAaRwUsGY6fulRcRg=="
MEMBER = "package/dist/govuk/govuk-frontend.min.css"
TARGET = Path(__file__).with_name("govuk-frontend.css")

# Components that need a script, that are GOV.UK's own dress, or that the frame draws itself.
LEFT_OUT = re.compile(
    r"\.govuk-(accordion|character-count|cookie-banner|exit-this-page|feedback|footer|generic-header|header|"
    r"language-navigation|logo|password-input|service-navigation|tabs|date-input|file-upload-button)(?![a-z])"
)
FONT_OLD = "GDS Transport,arial,sans-serif"
FONT_NEW = "var(--infuse-font)"


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Split a style sheet into (prelude, body) pairs of its outermost rules."""
    start = depth = 0
    prelude = ""
    for place, letter in enumerate(css):
        if letter == "{":
            depth += 1
            if depth == 1:
                prelude, start = css[start:place].strip(), place + 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield prelude, css[start:place]
                start = place + 1


def selectors(prelude: str) -> list[str]:
    """The selectors of a rule; commas inside brackets do not part them."""
    return [part.strip() for part in re.split(r",(?![^()]*\))", prelude)]


def trimmed(css: str) -> str:
    """The style sheet without what Infuse does not use."""
    kept = []
    for prelude, body in blocks(css):
        if prelude.startswith(("@media", "@supports")):
            inner = trimmed(body)
            if inner:
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@font-face"):
            continue
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        else:
            wanted = [name for name in selectors(prelude) if not LEFT_OUT.search(name)]
            if wanted:
                kept.append(f"{','.join(wanted)}{{{body}}}")
    return "\n".join(kept)


def main(tarball: Path) -> None:
    """Check the tarball and write the style sheet."""
    raw = tarball.read_bytes()
    if base64.b64encode(hashlib.sha512(raw).digest()).decode() != INTEGRITY:
        sys.exit(f"{tarball} is not the tarball of govuk-frontend 6.6.0 (its sha512 differs).")
    with tarfile.open(tarball) as archive:
        member = archive.extractfile(MEMBER)
        assert member is not None
        css = member.read().decode()
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).replace('@charset "UTF-8";', "")
    css = trimmed(css).replace(FONT_OLD, FONT_NEW)
    head = '@charset "UTF-8";\n/* govuk-frontend 6.6.0, MIT licence (LICENCE.txt), changed by make.py */\n'
    TARGET.write_text(head + css + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
