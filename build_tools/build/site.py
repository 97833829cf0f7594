"""The build: read and check everything, plan everything, then write what changed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter

from build_tools.build.cache import Folder, Memory, make_key, require_own_cache, version_key
from build_tools.build.history import read_histories
from build_tools.build.inherited import list_inherited
from build_tools.build.output import Stamp, Written, claim, lock, stamp_files, write_tree
from build_tools.build.plan import Files, Plan, plan_site
from build_tools.build.transcripts import start_workers
from build_tools.model.site import Search
from build_tools.model.text import Place, Problem, ProblemsFoundError
from build_tools.reading.sums import FOLDER, SUMS
from build_tools.reading.tree import ChangingTree, Tree, list_links, list_slugs, read_tree

ValueT = TypeVar("ValueT")
# Transcripts for each worker: starting a worker costs as much as compiling some.
_TRANSCRIPTS_PER_WORKER = 24
_LAST_KEY = make_key("the last build")


def build_site(
    docs: Path,
    output: Path,
    site_url: str = "",
    *,
    offline: bool = False,
    exports: bool = True,
    cache: Path | None = None,
    jobs: int = 1,
) -> tuple[Plan, Written]:
    """Compiles `docs` into `output`, which stays as it was if there is a problem.

    Up to `jobs` processes compile what is not in `cache`. Raises OutputError if one is not ours.
    """
    require_docs(docs)
    if cache:
        require_own_cache(cache)
    with lock(output), claim(output):
        tree = read_or_report(docs, lambda: ChangingTree(docs, list_inherited()))
        store = Folder(cache) if cache else Memory()
        histories = read_histories(docs, store)
        address = docs.name, site_url
        planning = partial(plan_site, tree, *address, offline=offline, exports=exports)
        plan_anew = partial(planning, store=store, histories=histories)
        workers = min(jobs, len(list_slugs(tree)) // _TRANSCRIPTS_PER_WORKER)
        inputs = (*address, repr((offline, exports)), tree.digest, repr(histories))
        build_key, last, stamps = make_key(version_key(), *inputs), _Last(), stamp_files(output)
        with suppress(ValueError):
            last = _LAST.validate_json(store.read(_LAST_KEY) or b"")
        if last.build_key == build_key and last.files == stamps:
            files = Files({path: (output / path).read_bytes for path in last.files})
            results = (lambda: plan_anew().fetch_passages(), last.warnings, last.counts)
            plan = Plan(files, *results, search=last.search)
            return plan, Written((), (), len(last.files))
        with start_workers(workers) as executor:
            plan = plan_anew(executor=executor)
        # The files that are as the last build left them, and whose origin is the same.
        in_place = {path for path, _ in stamps.items() & last.files.items()}
        same = {path for path in in_place if last.origins.get(path, "") == plan.origins.get(path)}
        written = write_tree(plan.files, output, same)
        told = (plan.warnings, plan.counts, plan.search, plan.origins)
        store.write(_LAST_KEY, _LAST.dump_json(_Last(build_key, stamp_files(output), *told)))
        if isinstance(store, Folder):
            store.prune()
        return plan, written


class _Last(NamedTuple):
    """The inputs, the files with their stamps, and the results of the last build."""

    build_key: str = ""
    files: Mapping[str, Stamp] = {}
    warnings: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = {}
    search: Search = Search.NONE
    origins: Mapping[str, str] = {}


_LAST: TypeAdapter[_Last] = TypeAdapter(_Last)


def read_docs(docs: Path) -> Tree:
    """The tree below `docs`; raises ProblemsFoundError if there is none or it cannot be read."""
    require_docs(docs)
    return read_or_report(docs, lambda: read_tree(docs, list_inherited()))


def require_docs(docs: Path) -> None:
    """Raises ProblemsFoundError if there is no such folder, or it holds links or no sums."""
    if not docs.is_dir():
        problem = Problem(Place(str(docs), 1), "there is no such folder", "run sic where docs/ is")
        raise ProblemsFoundError([problem])
    link = ("this is a symbolic link, and links are not followed", "put the file itself there")
    problems = [Problem(Place(path.as_posix(), 1), *link) for path in list_links(docs)]
    sums = docs / SUMS
    if not sums.exists() and any((docs / FOLDER).glob("[!.]*")):
        what = "the digests of the sources are missing"
        remedy = f"run: cd {sums.parent.as_posix()} && sha256sum *.* > {sums.name}"
        problems.append(Problem(Place(sums.as_posix(), 1), what, remedy))
    if problems:
        raise ProblemsFoundError(problems)


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
