"""The build: read all, check all, plan every file, then write what changed.

Each transcript is compiled on its own, in any process, and gives its files and an extract; of the
extracts and the glossary everything else is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter

from build_tools.cache import Folder, Memory, Store, make_key, version_key
from build_tools.corpus import (
    LISTINGS,
    THEMES,
    Apparatus,
    ChangingTree,
    Corpus,
    Tree,
    check_collection,
    list_passed_through,
    list_slugs,
    parse_apparatus,
    parse_corpus,
    read_again,
    read_tree,
)
from build_tools.front_matter import parse_head
from build_tools.kinship import ChapterKey, find_kin
from build_tools.model import (
    Akin,
    Correction,
    Edition,
    Entry,
    Extract,
    Masthead,
    Mentioned,
    Passage,
    Place,
    Problem,
    ProblemsFoundError,
    Text,
    Theme,
)
from build_tools.output import Written, hold, put_back, stamp_files, write_tree
from build_tools.render import crawlers, data, feeds, listings
from build_tools.render.card import draw_card, make_site_card
from build_tools.render.entry import render_entry
from build_tools.render.linked_data import describe_entry
from build_tools.render.page import put_in_akin
from build_tools.talk import Setting
from build_tools.workshop import Known, Workshop


class Counts(NamedTuple):
    """What a build holds, for its summary."""

    transcripts: int
    words: int
    corrections: int
    doubts: int
    entries: int
    mentions: int


class Files(Mapping[str, bytes]):
    """Files by their path, most of them fetched or put together when they are asked for."""

    def __init__(self, files: Mapping[str, bytes | Callable[[], bytes]]) -> None:
        self._files = dict(sorted(files.items()))

    def __getitem__(self, path: str) -> bytes:
        value = self._files[path]
        return value if isinstance(value, bytes) else value()

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class Passages(Iterable[Passage]):
    """The passages of all transcripts, fetched one transcript after another."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = known

    def __iter__(self) -> Iterator[Passage]:
        for talk in self._known:
            yield from talk.passages()


class Plan(NamedTuple):
    """Every file of the output by its path there, what was odd, and what it all comes to.

    `passages` are what the search of the site finds of its transcripts; `compiled` are the slugs of
    those that had to be compiled for this plan.
    """

    files: Mapping[str, bytes]
    passages: Iterable[Passage]
    warnings: tuple[Problem, ...]
    counts: Counts
    compiled: tuple[str, ...] = ()


def check_tree(tree: Tree, root: str = "docs") -> tuple[Problem, ...]:
    """Every problem and warning of a tree, in order of place."""
    return sort_problems(parse_corpus(tree, root))


def sort_problems(corpus: Corpus) -> tuple[Problem, ...]:
    """Every problem and warning of a corpus once, in order of place."""
    return tuple(sorted(set(corpus.problems)))


def plan_site(
    tree: Tree,
    root: str = "docs",
    site_url: str = "",
    *,
    store: Store | None = None,
    executor: Executor | None = None,
) -> Plan:
    """What a tree compiles to; raises ProblemsFoundError with all problems, or compiles all.

    `site_url` is where the site will stand; without it, what needs whole addresses is left out.
    What `store` has is not compiled again; what has to be is, in the processes of `executor`.
    """
    apparatus = parse_apparatus(tree, root)
    masthead = _read_masthead(tree, site_url)
    setting = Setting(root, apparatus.entries, masthead)
    workshop = Workshop(tree, setting, apparatus.themes, store or Memory())
    known, compiled = workshop.compile_all(executor)
    problems = check_collection(
        tree,
        root,
        apparatus,
        [talk.survey for talk in known],
        ((talk.survey.slug, talk.fetch_words()) for talk in known if talk.survey.readable),
        {talk.survey.slug: talk.said_at for talk in known if talk.survey.faithful},
        lambda slug: read_again(slug, tree, root),
    )
    if any(not problem.warning for problem in problems):
        raise ProblemsFoundError(problems)
    extracts = [talk.extract for talk in known if talk.extract]
    passed_through = list_passed_through(tree, (talk.survey for talk in known), apparatus.entries)
    planned: dict[str, bytes | Callable[[], bytes]] = {}
    # What stands at the top of a site for machines may be written by hand instead.
    planned.update(_render_top(extracts, _registers(known), passed_through, masthead))
    planned.update((path, _fetch_passed(tree, path)) for path in passed_through)
    planned.update(_fetch_pages(known, _akin_by_chapter(extracts, apparatus)))
    by_entry = _mentions_by_entry(extracts)
    planned.update(_plan_entries(apparatus, by_entry, masthead))
    planned.update(_plan_data(apparatus, extracts, by_entry))
    planned.update(_plan_listings(tree, apparatus, extracts, by_entry, masthead))
    return Plan(
        Files(planned),
        Passages(known),
        tuple(sorted(set(problems))),
        _count(apparatus, extracts),
        compiled,
    )


def _fetch_passed(tree: Tree, path: str) -> Callable[[], bytes]:
    return lambda: tree[path]


def _fetch_pages(
    known: Iterable[Known], akin: Mapping[str, Mapping[int, Sequence[Akin]]]
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The files of transcripts; their kin are put into pages when these are fetched."""
    for talk in known:
        for path in talk.paths:
            own = akin.get(talk.survey.slug, {}) if path == talk.survey.path else None
            yield path, _fetch_page(talk, path, own)


def _fetch_page(
    talk: Known, path: str, akin: Mapping[int, Sequence[Akin]] | None
) -> Callable[[], bytes]:
    if akin is None:
        return lambda: talk.fetch(path)
    return lambda: put_in_akin(talk.fetch(path), akin)


def _registers(
    known: Sequence[Known],
) -> Iterator[tuple[Edition, Callable[[], tuple[Correction, ...]]]]:
    return ((talk.extract.edition, talk.register) for talk in known if talk.extract)


def _read_masthead(tree: Tree, site_url: str) -> Masthead:
    """What the front matter of the home page says of the site."""
    home = Text("index.md", tree.get("index.md", b"").decode(errors="replace"))
    head = parse_head(home).values
    name, description = head.get("title"), head.get("description")
    return Masthead(
        name if isinstance(name, str) else "Transcripts",
        description if isinstance(description, str) else "",
        site_url,
    )


def _render_top(
    extracts: Sequence[Extract],
    registers: Iterable[tuple[Edition, Callable[[], tuple[Correction, ...]]]],
    passed_through: Sequence[str],
    masthead: Masthead,
) -> dict[str, bytes]:
    """What machines look for at the top of the site, and the card of all other pages."""
    editions = [extract.edition for extract in extracts]
    texts = {
        "robots.txt": crawlers.render_robots(masthead),
        "llms.txt": crawlers.render_llms(masthead, editions, passed_through),
    }
    if masthead.url:
        texts[feeds.TRANSCRIPTS_FEED] = feeds.render_transcripts_feed(masthead, editions)
        texts[feeds.CORRECTIONS_FEED] = feeds.render_corrections_feed(masthead, registers)
    card = draw_card(make_site_card(masthead, extracts))
    return {"card.png": card, **{path: text.encode() for path, text in texts.items()}}


def _mentions_by_entry(extracts: Iterable[Extract]) -> dict[str, list[Mentioned]]:
    by_entry: dict[str, list[Mentioned]] = {}
    for extract in extracts:
        for entry, mentioned in extract.mentioned.items():
            by_entry.setdefault(entry, []).append(mentioned)
    return by_entry


def _akin_by_chapter(
    extracts: Iterable[Extract], apparatus: Apparatus
) -> dict[str, dict[int, list[Akin]]]:
    """The chapters akin to a transcript's, by its slug and the number of the chapter."""
    by_slug = {extract.edition.slug: extract for extract in extracts}
    # A chapter without a title has no name by which it could be called elsewhere.
    entries = {
        ChapterKey(slug, number): frozenset(chapter.entries)
        for slug, extract in by_slug.items()
        for number, chapter in enumerate(extract.chapters)
        if chapter.title
    }
    terms = {entry.slug: entry.term for entry in apparatus.entries}
    akin: dict[str, dict[int, list[Akin]]] = {}
    for chapter, nearest in find_kin(entries).items():
        akin.setdefault(chapter.transcript, {})[chapter.number] = [
            _as_akin(
                by_slug[kin.chapter.transcript],
                kin.chapter.number,
                tuple(terms[entry] for entry in kin.entries),
            )
            for kin in nearest
        ]
    return akin


def _as_akin(extract: Extract, number: int, terms: tuple[str, ...]) -> Akin:
    edition = extract.edition
    return Akin(
        edition.path,
        extract.chapters[number].address,
        extract.chapters[number].title,
        edition.title,
        edition.date,
        edition.lang,
        terms,
    )


def _plan_entries(
    apparatus: Apparatus, by_entry: Mapping[str, Sequence[Mentioned]], masthead: Masthead
) -> dict[str, Callable[[], bytes]]:
    by_term = {entry.term: entry for entry in apparatus.entries}
    themes: dict[str, list[Theme]] = {}
    for theme in apparatus.themes:
        for term in theme.entries:
            themes.setdefault(term, []).append(theme)

    def render(entry: Entry) -> bytes:
        mentions, own = by_entry.get(entry.slug, ()), themes.get(entry.term, ())
        head = describe_entry(entry, masthead)
        return render_entry(entry, mentions, by_term, own, head).encode()

    return {entry.path: partial(render, entry) for entry in apparatus.entries}


def _plan_data(
    apparatus: Apparatus,
    extracts: Sequence[Extract],
    by_entry: Mapping[str, Sequence[Mentioned]],
) -> dict[str, Callable[[], bytes]]:
    def join(path: str) -> bytes:
        return data.join_lists(extract.lists[path] for extract in extracts)

    return {
        "data/corrections.json": partial(join, "data/corrections.json"),
        "data/doubts.json": partial(join, "data/doubts.json"),
        "data/glossary.json": lambda: data.render_glossary(apparatus.entries, by_entry).encode(),
    }


def _plan_listings(
    tree: Tree,
    apparatus: Apparatus,
    extracts: Sequence[Extract],
    by_entry: Mapping[str, Sequence[Mentioned]],
    masthead: Masthead,
) -> dict[str, Callable[[], bytes]]:
    counts = {entry: sum(one.times for one in found) for entry, found in by_entry.items()}

    def join(path: str) -> bytes:
        return b"".join(extract.lists[path] for extract in extracts)

    lists: tuple[Callable[[], bytes], ...] = (
        lambda: listings.render_transcripts(extracts).encode(),
        lambda: listings.render_glossary(apparatus.entries, counts).encode(),
        lambda: join("corrections.md"),
        lambda: join("doubts.md") or listings.NO_DOUBTS.encode(),
    )
    titles = ("Transcripts", "Glossary", "Corrections", "Doubts")
    planned = dict(zip(LISTINGS, zip(titles, lists, strict=True), strict=True))
    if apparatus.themes:
        themes = listings.render_themes(apparatus.themes).encode()
        planned[THEMES] = ("Then and now", lambda: themes)

    def render(path: str, title: str, listed: Callable[[], bytes]) -> bytes:
        opening = tree.get(path, f"# {title}".encode()).rstrip()
        return b"\n\n".join((opening, *_follow(path, masthead), listed()))

    return {path: partial(render, path, *of_list) for path, of_list in planned.items()}


def _follow(path: str, masthead: Masthead) -> Iterator[bytes]:
    """The line on a list that says where it can be followed."""
    feed = {
        "transcripts/index.md": f"../{feeds.TRANSCRIPTS_FEED}",
        "corrections.md": feeds.CORRECTIONS_FEED,
    }.get(path)
    if feed and masthead.url:
        yield f"[Follow what is new]({feed}) in a reader of feeds.\n{{ .sic-facts }}".encode()


def _count(apparatus: Apparatus, extracts: Sequence[Extract]) -> Counts:
    mentions = (found.times for extract in extracts for found in extract.mentioned.values())
    return Counts(
        len(extracts),
        sum(extract.words for extract in extracts),
        sum(extract.corrections for extract in extracts),
        sum(extract.doubts for extract in extracts),
        len(apparatus.entries),
        sum(mentions),
    )


# How many transcripts are worth another process: starting one costs as much as compiling some.
_WORTH_A_PROCESS = 24


def build_site(
    docs: Path,
    output: Path,
    site_url: str = "",
    *,
    cache: Path | None = None,
    jobs: int = 1,
) -> tuple[Plan, Written]:
    """Compiles `docs` into `output`; whatever is wrong, the output stays as it was.

    What is kept in `cache` is not compiled again; `jobs` processes share the rest, where there is
    so much of it. Raises BusyError where another build is at work on the same output.
    """
    _require(docs)
    with hold(output):
        put_back(output)
        tree = _look_at(docs, lambda: ChangingTree(docs))
        if not cache:
            return _build(tree, docs.name, output, site_url, Memory(), jobs)
        store = Folder(cache)
        build_key = make_key(version_key(), docs.name, site_url, tree.digest)
        last = _recall_last(store, build_key, output)
        if last:
            plan_again = partial(plan_site, tree, docs.name, site_url, store=store)
            return _planned_before(last, output, plan_again), Written((), (), len(last.files))
        plan, written = _build(tree, docs.name, output, site_url, store, jobs)
        last = _Last(build_key, stamp_files(output), plan.warnings, plan.counts)
        store.write(_LAST_KEY, _LAST.dump_json(last))
        store.prune()
        return plan, written


def _build(
    tree: Tree, root: str, output: Path, site_url: str, store: Store, jobs: int
) -> tuple[Plan, Written]:
    workers = min(jobs, len(list_slugs(tree)) // _WORTH_A_PROCESS)
    if workers < 2:
        plan = plan_site(tree, root, site_url, store=store)
    else:
        with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
            plan = plan_site(tree, root, site_url, store=store, executor=executor)
    return plan, write_tree(plan.files, output)


class _Last(NamedTuple):
    """What the last build was made of, a stamp of each file that it left, and what it said."""

    build_key: str
    files: dict[str, tuple[int, int, int]]
    warnings: tuple[Problem, ...]
    counts: Counts


_LAST: TypeAdapter[_Last] = TypeAdapter(_Last)
_LAST_KEY = make_key("the last build")


def _recall_last(store: Store, build_key: str, output: Path) -> _Last | None:
    """The last build, if it was made of the same and all its files are as it left them."""
    kept = store.read(_LAST_KEY)
    try:
        last = _LAST.validate_json(kept or b"")
    except ValueError:
        return None
    same = last.build_key == build_key and last.files == stamp_files(output)
    return last if same else None


def _planned_before(last: _Last, output: Path, plan_again: Callable[[], Plan]) -> Plan:
    files = {path: (output / path).read_bytes for path in last.files}
    return Plan(Files(files), _Planned(plan_again), last.warnings, last.counts)


class _Planned(Iterable[Passage]):
    """The passages of a plan that is made when they are asked for."""

    def __init__(self, plan_again: Callable[[], Plan]) -> None:
        self._plan_again = plan_again

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._plan_again().passages)


def read_docs(docs: Path) -> Tree:
    """The tree below `docs`; raises ProblemsFoundError where there is none or it cannot be read."""
    _require(docs)
    return _look_at(docs, lambda: read_tree(docs))


def _require(docs: Path) -> None:
    if not docs.is_dir():
        problem = Problem(Place(str(docs), 1), "there is no such folder", "run sic where docs/ is")
        raise ProblemsFoundError([problem])


ValueT = TypeVar("ValueT")


def _look_at(docs: Path, read: Callable[[], ValueT]) -> ValueT:
    try:
        return read()
    except OSError as error:
        place = Place(str(error.filename or docs), 1)
        raise ProblemsFoundError(
            [Problem(place, f"cannot be read: {error.strerror}", "see who may read it")]
        ) from error
