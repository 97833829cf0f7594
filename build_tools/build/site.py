"""The build: read and check everything, plan everything, then write what changed."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter

from build_tools.build.cache import Folder, Memory, Store, make_key, require_own_cache, version_key
from build_tools.build.history import parse_histories, read_histories
from build_tools.build.inherited import list_inherited
from build_tools.build.output import Stamp, Written, claim, lock, stamp_files, write_tree
from build_tools.build.plan import Counts, Files, Passages, Plan, plan_site
from build_tools.build.processes import start_workers
from build_tools.model.site import Search
from build_tools.model.text import Place, Problem, ProblemsFoundError
from build_tools.reading.sums import FOLDER, SUMS
from build_tools.reading.tree import ChangingTree, Tree, list_links, list_slugs, read_tree

# Transcripts for each worker: starting a worker costs as much as compiling some.
_TRANSCRIPTS_PER_WORKER = 24


def build_site(
    docs: Path,
    output: Path,
    site_url: str = "",
    *,
    exports: bool = True,
    cache: Path | None = None,
    jobs: int = 1,
) -> tuple[Plan, Written]:
    """Compiles `docs` into `output`, which stays as it was if there is a problem.

    Up to `jobs` processes compile what is not in `cache`. Raises OutputError if the output or the
    cache cannot be used.
    """
    require_docs(docs)
    if cache:
        require_own_cache(cache)
    with lock(output), claim(output):
        tree = read_or_report(docs, lambda: ChangingTree(docs, list_inherited()))
        store = Folder(cache) if cache else Memory()
        history = read_histories(docs, store)

        def plan_anew(store: Store, executor: Executor | None = None) -> Plan:
            options = partial(plan_site, exports=exports, histories=parse_histories(history))
            return options(tree, docs.name, site_url, store=store, executor=executor)

        workers = min(jobs, len(list_slugs(tree)) // _TRANSCRIPTS_PER_WORKER)
        if not isinstance(store, Folder):
            return _build(plan_anew, output, store, workers, {})
        inputs = (docs.name, site_url, repr(exports), tree.digest, history)
        build_key = make_key(version_key(), *inputs)
        last, stamps = _NONE, stamp_files(output)
        with suppress(ValueError):
            last = _LAST.validate_json(store.read(_LAST_KEY) or b"")
        if last.build_key == build_key and last.files == stamps:
            files = Files({path: (output / path).read_bytes for path in last.files})
            passages = Passages(lambda: plan_anew(store).passages)
            plan = Plan(files, passages, last.warnings, last.counts, search=last.search)
            return plan, Written((), (), len(last.files))
        # The origins of the files that are as the last build left them.
        same = stamps.items() & last.files.items()
        in_place = {path: last.origins[path] for path, _ in same if path in last.origins}
        plan, written = _build(plan_anew, output, store, workers, in_place)
        left = stamp_files(output)
        last = _Last(build_key, left, plan.warnings, plan.counts, plan.search, plan.origins)
        store.write(_LAST_KEY, _LAST.dump_json(last))
        store.prune()
        return plan, written


def _build(
    plan_anew: Callable[..., Plan],
    output: Path,
    store: Store,
    workers: int,
    in_place: Mapping[str, str],
) -> tuple[Plan, Written]:
    """Plans and writes; `in_place` are the origins of files unchanged since the last build."""
    with start_workers(workers) as executor:
        plan = plan_anew(store=store, executor=executor)
    same = {path for path, origin in plan.origins.items() if in_place.get(path) == origin}
    return plan, write_tree(plan.files, output, same)


class _Last(NamedTuple):
    """The inputs, the files with their stamps, and the results of the last build."""

    build_key: str
    files: dict[str, Stamp]
    warnings: tuple[Problem, ...]
    counts: Counts
    search: Search
    origins: Mapping[str, str]


_LAST: TypeAdapter[_Last] = TypeAdapter(_Last)
_LAST_KEY = make_key("the last build")
_NONE = _Last("", {}, (), Counts(0, 0, 0, 0, 0, 0), Search.NONE, {})


def read_docs(docs: Path) -> Tree:
    """The tree below `docs`; raises ProblemsFoundError if there is none or it cannot be read."""
    require_docs(docs)
    return read_or_report(docs, lambda: read_tree(docs, list_inherited()))


def require_docs(docs: Path) -> None:
    """Raises ProblemsFoundError if there is no such folder, or it holds links or no sums."""
    if not docs.is_dir():
        problem = Problem(Place(str(docs), 1), "there is no such folder", "run sic where docs/ is")
        raise ProblemsFoundError([problem])
    problems = [Problem(Place(path.as_posix(), 1), *_LINK) for path in list_links(docs)]
    sums = docs / SUMS
    if not sums.exists() and any((docs / FOLDER).glob("[!.]*")):
        what = "the digests of the sources are missing"
        remedy = f"run: cd {sums.parent.as_posix()} && sha256sum *.* > {sums.name}"
        problems.append(Problem(Place(sums.as_posix(), 1), what, remedy))
    if problems:
        raise ProblemsFoundError(problems)


_LINK = ("this is a symbolic link, and links are not followed", "put the file itself there")


ValueT = TypeVar("ValueT")


def read_or_report(docs: Path, read: Callable[[], ValueT]) -> ValueT:
    """The result of `read`; raises ProblemsFoundError if it cannot read a file below `docs`."""
    try:
        return read()
    except OSError as error:
        what, remedy = f"cannot be read: {error.strerror}", "see who may read it"
        if isinstance(error, FileNotFoundError):
            what, remedy = "the file was moved away while it was to be read", "build again"
        problem = Problem(Place(str(error.filename or docs), 1), what, remedy)
        raise ProblemsFoundError([problem]) from error
