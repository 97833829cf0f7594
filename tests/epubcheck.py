"""Finds EPUBCheck, which judges our books, and, run as a program, installs it if there is none.

`SIC_EPUBCHECK` names it, a program or a jar; else it is the `epubcheck` on the path. Debian's is a
jar that only a shell of some machines can start: we start it with Java ourselves.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tests.chromium import install_package

# Options for a fast start: a short run gains nothing from an optimising compiler.
_JAVA = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
HOW_TO = (
    "The tests of books need EPUBCheck and Java. Install them (Debian: apt install epubcheck; "
    "macOS: brew install epubcheck) or set SIC_EPUBCHECK to its program or jar."
)


def find_epubcheck() -> list[str] | None:
    """The command that runs EPUBCheck, or None."""
    path = os.environ.get("SIC_EPUBCHECK") or shutil.which("epubcheck")
    if not path or not Path(path).is_file():
        return None
    if not zipfile.is_zipfile(path):
        return [path]
    java = shutil.which("java")
    # A jar finds the libraries beside it, so a link to it would not do.
    return [java, *_JAVA, "-jar", str(Path(path).resolve())] if java else None


def run_epubcheck(book: Path) -> list[dict[str, Any]]:
    """EPUBCheck's messages on a book, without its usage statistics."""
    command = find_epubcheck()
    assert command, HOW_TO
    report = book.with_suffix(".json")
    done = subprocess.run(
        [*command, str(book), "--json", str(report)], capture_output=True, text=True, check=False
    )
    assert report.is_file(), done.stdout + done.stderr
    messages: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["messages"]
    return messages


def main() -> None:
    """Exits with status 1, and says what to do, where EPUBCheck cannot be had."""
    if not find_epubcheck():
        install_package("epubcheck")
    found = find_epubcheck()
    if not found:
        sys.exit(HOW_TO)
    print(f"epubcheck: {' '.join(found)}")


if __name__ == "__main__":
    main()
