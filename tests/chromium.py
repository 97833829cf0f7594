"""Finds a Chromium for the browser tests and, run as a program, installs one if there is none.

In this order: `SIC_CHROMIUM`, a Chromium or Chrome on the path, Playwright's own; and if there is
none, Debian's package where that is possible, else Playwright's download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
HOW_TO = (
    "The browser tests need a Chromium. Install one (Debian: apt install chromium; elsewhere: "
    ".venv/bin/playwright install chromium) or set SIC_CHROMIUM to its path."
)


def find_chromium() -> str | None:
    """The path of a Chromium that can be started, or None."""
    named = os.environ.get("SIC_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install_package(name: str) -> None:
    """Tries Debian's package where we may install one."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", name]):
        print(f"apt-get {' '.join(command)} …", flush=True)
        if subprocess.run(["apt-get", "-qq", *command], env=environment, check=False).returncode:
            return


def install_chromium() -> None:
    """Tries Debian's package where we may install one, then Playwright's own download."""
    install_package("chromium")
    if find_chromium():
        return
    print("playwright install chromium …", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> None:
    """Exits with status 1, and says what to do, where no Chromium can be had."""
    if not find_chromium():
        install_chromium()
    found = find_chromium()
    if not found:
        sys.exit(HOW_TO)
    print(f"browser: {found}")


if __name__ == "__main__":
    main()
