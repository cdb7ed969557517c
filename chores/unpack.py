"""Unpack the Chromium of the npm package @sparticuz/chromium. Run in the environment, which has brotli.

    python unpack.py ARCHIVE FOLDER

Leaves FOLDER/chromium, a script that starts it with its own libraries and font; without a font every text is empty.
"""

import io
import sys
import tarfile
from pathlib import Path

import brotli

FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="relative">cache</cachedir></fontconfig>
"""
START = """\
#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/lib" FONTCONFIG_PATH="$here" exec "$here/chromium.bin" --headless=shell "$@"
"""


def main(archive: str, folder: str) -> None:
    """Unpack everything, the script last: while it is not there, nothing is."""
    place = Path(folder)
    with tarfile.open(archive) as package:
        for name in ("al2023.tar", "fonts.tar", "swiftshader.tar", "chromium"):
            packed = package.extractfile(f"package/bin/{name}.br")
            assert packed
            plain = brotli.decompress(packed.read())
            if name.endswith(".tar"):
                with tarfile.open(fileobj=io.BytesIO(plain)) as inner:
                    inner.extractall(place)
            else:
                (place / "chromium.bin").write_bytes(plain)
    (place / "chromium.bin").chmod(0o755)
    (place / "fonts.conf").write_text(FONTS)
    start = place / "chromium"
    start.write_text(START)
    start.chmod(0o755)


if __name__ == "__main__":
    main(*sys.argv[1:])
