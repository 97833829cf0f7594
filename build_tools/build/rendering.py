"""A run of a site generator: several processes share the pages, and unchanged pages are left out.

Each process gets the whole tree and, in `exclude_docs`, the pages of the others: MkDocs knows these
as targets of links, so that every page comes out as in a run of one process.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import yaml

from build_tools.build.inherited import CONFIG
from build_tools.build.output import EngineError

# Bytes of Markdown for each process: starting MkDocs costs as much as rendering fewer.
_BYTES_PER_PROCESS = 400_000
# MkDocs without its progress and its lines for each link to an excluded page; --strict still counts
# warnings, which --quiet would hide from it. Which files it excludes can be more than systems take
# in a variable of a new process.
_MKDOCS = """
import logging, os, sys
os.environ["SIC_EXCLUDED"] = sys.stdin.read()
for name in ("commands", "structure"):
    logging.getLogger(f"mkdocs.{name}").setLevel("WARNING")
from mkdocs.__main__ import cli
cli()
"""
ENGINES = {
    "mkdocs": ["-c", _MKDOCS, "build", "--strict"],
    "zensical": ["-m", "zensical", "build", "--strict"],
}
# Keys of a configuration by which further code and settings come in.
_FURTHER = frozenset(("INHERIT", "hooks"))
# Signs that mean something in a pattern, or end it.
_SPECIAL = re.compile(r"[^\w./-]")
# What MkDocs never publishes.
_UNSEEN = re.compile(r"templates/")


def render_pages(
    engine: str,
    environment: Mapping[str, str],
    sizes: Mapping[str, int],
    *,
    changed: Collection[str] | None = None,
    jobs: int = 1,
) -> None:
    """Renders the `changed` files or all, by their sizes in bytes, into the environment's site.

    They must be divisible, unless all are rendered by one job. Raises EngineError if that fails.
    """
    site = Path(environment["SIC_SITE_DIR"])
    pages = {path: size for path, size in sizes.items() if path.endswith(".md")}
    wanted = pages if changed is None else {path: sizes[path] for path in changed}
    most = sum(wanted.values()) // _BYTES_PER_PROCESS
    shares = divide(wanted, max(1, min(jobs, most)))
    count = f"{sum(path.endswith('.md') for path in wanted)} of {len(pages)} pages"
    print(f"{engine}: renders {count}, processes: {len(shares)}", flush=True)
    command = [sys.executable, *ENGINES[engine], "--config-file", str(CONFIG)]
    processes: dict[Path, subprocess.Popen[bytes]] = {}
    try:
        for number, share in enumerate(shares):
            place = site.with_name(f"{site.name}.{number}") if number else site
            pages_only = changed is None and not number
            alone = pages_only and len(shares) == 1
            excluded = "" if alone else exclude_others(share, pages_only=pages_only)
            own = {**environment, "SIC_SITE_DIR": str(place)}
            with TemporaryFile() as file:
                file.write(excluded.encode("utf-8"))
                file.seek(0)
                processes[place] = subprocess.Popen(command, env=own, stdin=file)
        statuses = [process.wait() for process in processes.values()]
    finally:
        for process in processes.values():
            process.kill()
    if status := next(filter(None, statuses), 0):
        raise EngineError(f"{engine} failed with status {status}; see what it says above")
    for place in [*processes][1:]:
        # Files that are in both are equal.
        shutil.copytree(place, site, copy_function=os.replace, dirs_exist_ok=True)
        shutil.rmtree(place)
    if not (site / "404.html").is_file():
        raise EngineError(f"{engine} made no 404.html; see what it says above")


def is_divisible(engine: str, configs: Sequence[Path]) -> bool:
    """Whether a generator can render some pages without the others; a later configuration wins."""
    # Only MkDocs can leave pages out. A page that the navigation names without a title shows its
    # own title on all pages, and plugins and hooks may read every page.
    if engine != "mkdocs":
        return False
    try:
        read: dict[str, Any] = {}
        for config in configs:
            # Everything is text to this loader, which follows no tag.
            read |= yaml.load(config.read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506
        if len(configs) > 1:
            del read["INHERIT"]
        plugins = {next(iter(one)) if isinstance(one, dict) else one for one in read["plugins"]}
        return plugins <= {"search"} and _has_titles(read["nav"]) and not _FURTHER & {*read}
    except (OSError, ValueError, LookupError, TypeError, yaml.YAMLError):
        return False


def _has_titles(nav: object) -> bool:
    """Whether a list of the navigation, or an address in it, names every page by a title."""
    if not isinstance(nav, list):
        return isinstance(nav, str)
    return all(isinstance(one, dict) and all(map(_has_titles, one.values())) for one in nav)


def divide(sizes: Mapping[str, int], shares: int) -> list[list[str]]:
    """The paths in shares of about the same size."""
    ordered = sorted(sizes, key=lambda path: (-sizes[path], path))
    return [ordered[number::shares] for number in range(shares)]


def exclude_others(paths: Iterable[str], *, pages_only: bool) -> str:
    """Patterns for `exclude_docs` that leave out every other page, or every other file."""
    # A star alone would mean something in YAML.
    kept = (f"!/{_SPECIAL.sub('?', path)}" for path in sorted(paths) if not _UNSEEN.match(path))
    return "\n".join(("*.md" if pages_only else "/**", *kept))
