"""The preview: compiles after every save, and MkDocs reloads the changed pages."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from build_tools.build.cache import CACHE, Folder, Memory
from build_tools.build.compile import name_files
from build_tools.build.engine import SITE, engine_environment, site_url
from build_tools.build.inherited import CONFIG, list_inherited
from build_tools.build.output import EngineError, Written, claim, lock, stamp_files, write_tree
from build_tools.build.plan import Plan, plan_site
from build_tools.build.site import read_or_report, require_docs
from build_tools.model.site import Search
from build_tools.model.text import ProblemsFoundError
from build_tools.pages.search import SPEECH
from build_tools.reading.sums import FOLDER, SUMS, parse_sums, select_sums
from build_tools.reading.theme import parse_theme
from build_tools.reading.tree import THEMES, Tree, list_paths, list_slugs
from build_tools.sources.charset import decode_text

# Not the build's own output: a preview makes few exports, and perhaps few pages.
PREVIEW = Path("build/preview")
# Seconds in which several events count as one save, and between two looks at the files.
_SETTLE, _POLL = 0.1, 0.2
# MkDocs as a program whose server is guarded before it starts.
_GUARDED = (
    "from build_tools.build.own_host import guard_servers; guard_servers(); "
    "from mkdocs.__main__ import cli; cli()"
)
Outcome = tuple[Plan, Written] | ProblemsFoundError


def serve_site(
    docs: Path, slugs: Sequence[str], port: int, report: Callable[[Outcome, float], None]
) -> None:
    """Serves until interrupted, with `slugs` only what they need; reports every build."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            what = f"port {port} cannot be listened on: choose another with --port"
            raise EngineError(what) from error
    preview = _Preview(docs, slugs, report)
    preview.rebuild()
    # The output is replaced as a whole, so MkDocs watches a file that is touched after that.
    stamp = PREVIEW.with_name("changed")
    stamp.touch()
    # MkDocs needs to render only pages that were written again.
    command = [sys.executable, "-c", _GUARDED, "serve"]
    command += ["--quiet", "--dirty", "--config-file", str(CONFIG)]
    command += ["--dev-addr", f"127.0.0.1:{port}", "--watch", str(stamp)]
    silent = preview.last_good and SPEECH not in preview.last_good
    search = Search.NONE if silent else Search.BUILT_IN
    environment = engine_environment(SITE, docs=PREVIEW, offline=False, search=search)
    server, seen = subprocess.Popen(command, env=environment), stamp_files(docs)
    print(f"preview: http://127.0.0.1:{port}/  (Ctrl-C ends it)", flush=True)
    try:
        # Polling finds what was saved on every kind of file system.
        while server.poll() is None:
            before = seen
            while (now := stamp_files(docs)) != seen:
                seen = now
                time.sleep(_SETTLE)
            if seen is not before and preview.rebuild():
                stamp.touch()
            time.sleep(_POLL)
        raise EngineError("MkDocs ended; see what it says above")
    except KeyboardInterrupt:
        return
    finally:
        server.terminate()
        server.wait()


@dataclass
class _Preview:
    """The tree that MkDocs shows: the last state without problems."""

    docs: Path
    slugs: Sequence[str]
    report: Callable[[Outcome, float], None]
    store: Folder = field(default_factory=partial(Folder, CACHE))
    last_good: Mapping[str, bytes] = field(default_factory=dict)

    def rebuild(self) -> bool:
        """Compiles the current files; returns whether any page changed."""
        started, docs = time.perf_counter(), self.docs
        failed: ProblemsFoundError | None = None
        try:
            require_docs(docs)
            tree, left_out = read_or_report(docs, lambda: read_excerpt(docs, self.slugs))
            # Most exports are left out, since they would delay every save.
            planning = partial(plan_site, tree, docs.name, site_url(os.environ), exports=False)
            plan = planning(store=self.store, left_out=left_out)
            self.last_good = plan.files
        except ProblemsFoundError as error:
            failed = error
        told = b"# Preview\n\nThe terminal says what to mend.\n"
        with lock(PREVIEW), claim(PREVIEW):
            written = write_tree(self.last_good or {"index.md": told}, PREVIEW)
        self.report(failed or (plan, written), time.perf_counter() - started)
        return bool(written.written or written.removed)


def read_excerpt(docs: Path, slugs: Iterable[str]) -> tuple[Tree, frozenset[str]]:
    """The tree of some transcripts, if there are any, and the paths that are left out of it.

    These are other transcripts, their sources, and themes that quote none of the former.
    """
    files = {**list_inherited(), **{path: docs / path for path in list_paths(docs)}}
    own = {path for slug in slugs if (path := f"transcripts/{slug}.md") in files}
    if not own:
        return {path: file.read_bytes() for path, file in files.items()}, frozenset()
    left_out = {f"transcripts/{slug}.md" for slug in list_slugs(files)} - own
    left_out |= {path for path in files if path.startswith(FOLDER) and path != SUMS}
    for path in own:
        left_out.difference_update(name_files(files[path].read_bytes(), Memory()).sources)
    tree = {path: file.read_bytes() for path, file in files.items() if path not in left_out}
    if SUMS in tree:
        tree[SUMS] = select_sums(parse_sums(tree[SUMS]), tree)
    for path in [one for one in tree if one.startswith("then-and-now/") and one != THEMES]:
        theme = parse_theme("", decode_text(path, tree[path]).value).value
        if not own & {f"transcripts/{slug}.md" for slug in (theme.quoted_lines if theme else ())}:
            left_out.add(path)
            del tree[path]
    return tree, frozenset(left_out)
