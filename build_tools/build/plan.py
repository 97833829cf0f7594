"""What a build comes to: every file of its output, from values alone.

Each transcript is compiled on its own, in any process, and gives its files and an extract; of the
extracts and the glossary everything else is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

from pydantic import TypeAdapter

from build_tools.build.cache import Memory, Store, make_key, version_key
from build_tools.build.compile import CompilerSettings
from build_tools.build.lists import plan_entries, plan_lists
from build_tools.build.transcripts import CachedTranscript, CompilerResult, TranscriptCompiler
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.checks.summary import CorpusSummary
from build_tools.checks.table import check_collection
from build_tools.exports.book import BookEntries
from build_tools.exports.table import Collection, Exported, render_collection_exports
from build_tools.metadata import crawlers, feeds
from build_tools.model.edition import Edition
from build_tools.model.extract import Mentioned, RelatedChapter, TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.model.site import Search, SiteIdentity
from build_tools.model.text import Problem, ProblemsFoundError
from build_tools.model.transcript import Correction, Passage
from build_tools.pages.assets import is_module, render_asset
from build_tools.pages.page import put_in_related
from build_tools.reading.tree import SiteContent, Tree, parse_site_content, read_again
from build_tools.transcript.related import ChapterKey


class Counts(NamedTuple):
    """What a build holds, for its summary."""

    transcripts: int
    words: int
    corrections: int
    doubts: int
    entries: int
    mentions: int


class Cost(NamedTuple):
    """How many files a build made, how many bytes they hold, and in how many seconds.

    Where several processes shared the work, their seconds are added up.
    """

    files: int
    size: int
    seconds: float


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

    def __init__(self, known: Sequence[CachedTranscript]) -> None:
        self._known = known

    def __iter__(self) -> Iterator[Passage]:
        for talk in self._known:
            yield from talk.passages()


class Plan(NamedTuple):
    """Every file of the output by its path there, what was odd, and what it all comes to.

    `passages` are what the search of the site finds of its transcripts; `exports` is what the files
    cost that readers may take away, as far as they were made for this plan, and `compiled` are the
    slugs of the transcripts that had to be compiled for it. `search` is the collection's own wish.
    `origins` has a digest of all that a file is made of, for those of which that is known before
    they are made.
    """

    files: Mapping[str, bytes]
    passages: Iterable[Passage]
    warnings: tuple[Problem, ...]
    counts: Counts
    exports: Cost
    compiled: tuple[str, ...] = ()
    search: Search = Search.AUTO
    origins: Mapping[str, str] = {}


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
    exports: bool = True,
    store: Store | None = None,
    executor: Executor | None = None,
    left_out: frozenset[str] = frozenset(),
) -> Plan:
    """What a tree compiles to; raises ProblemsFoundError with all problems, or compiles all.

    `site_url` is where the site will stand; without it, what needs whole addresses is left out.
    Without `exports`, of the files to take away only those are made that are always there.
    What `store` has is not compiled again; what has to be is, in the processes of `executor`.
    Files that are `left_out` of the tree are there all the same, and may be linked and quoted.
    """
    apparatus = parse_site_content(tree, root, site_url)
    masthead = apparatus.masthead
    setting = CompilerSettings(root, apparatus.entries, masthead, quick=not exports)
    workshop = TranscriptCompiler(tree, setting, apparatus.themes, store or Memory())
    compiling = workshop.compile_all(executor)
    known = compiling.known
    by_slug = {talk.survey.slug: talk for talk in known}
    corpus = CorpusSummary(
        root=root,
        paths=tuple(tree),
        content=apparatus,
        editions=[talk.survey for talk in known],
        said_at={talk.survey.slug: talk.said_at for talk in known if talk.survey.faithful},
        fetch_words=lambda slug: by_slug[slug].fetch_words(),
        read_again=lambda slug: read_again(slug, tree, root),
        left_out=left_out,
    )
    problems = check_collection(corpus)
    if any(not problem.warning for problem in problems):
        raise ProblemsFoundError(problems)
    extracts = [talk.extract for talk in known if talk.extract]
    passed_through = _list_published(tree, known, apparatus.entries)
    by_entry = _mentions_by_entry(extracts)
    collection = _gather(workshop, known, extracts, by_entry)
    keep = partial(workshop.keep_whole, known)
    exported = render_collection_exports(collection, keep, workshop.spool, quick=not exports)
    planned: dict[str, bytes | Callable[[], bytes]] = {}
    # What stands at the top of a site for machines may be written by hand instead.
    planned.update(_render_top(extracts, _registers(known), passed_through, masthead))
    planned.update((path, _fetch_passed(tree, path)) for path in passed_through)
    akin = _akin_by_chapter(extracts, apparatus, workshop)
    planned.update(_fetch_pages(known, akin))
    planned.update((path, partial(bytes, made)) for path, made in exported.files.items())
    origins = dict(_list_origins(known, akin))
    make_origin = _origins_of_entries(workshop, apparatus, known)
    for entry, own in plan_entries(apparatus, extracts, masthead):
        planned.update(own)
        origin = make_origin(entry)
        origins.update((path, make_key(origin, path)) for path in own)
    planned.update(plan_lists(tree, apparatus, collection, exported))
    if masthead.url:
        pages = (path for path in planned if path.endswith(".md"))
        sitemaps = crawlers.render_sitemaps(masthead, pages)
        planned.update((path, text.encode()) for path, text in sitemaps.items())
    return Plan(
        Files(planned),
        Passages(known),
        tuple(sorted(set(problems))),
        _count(apparatus, extracts),
        _add_up(compiling, exported),
        compiling.compiled,
        apparatus.search,
        origins,
    )


def _gather(
    workshop: TranscriptCompiler,
    known: Sequence[CachedTranscript],
    extracts: Sequence[TranscriptExtract],
    by_entry: Mapping[str, Sequence[Mentioned]],
) -> Collection:
    """What the files of the collection are made of."""
    entries, masthead = workshop.setting.entries, workshop.setting.masthead
    book_entries = BookEntries(
        {entry.slug: entry for entry in entries}, {entry.term: entry for entry in entries}, masthead
    )
    return Collection(
        extracts,
        entries,
        by_entry,
        book_entries,
        lambda: (talk.turns() for talk in known),
        workshop.read_all,
    )


def _add_up(compiling: CompilerResult, exported: Exported) -> Cost:
    """What was made: all files of the transcripts that were compiled, and of the collection."""
    compiled = frozenset(compiling.compiled)
    extracts = (talk.extract for talk in compiling.known if talk.survey.slug in compiled)
    sizes = [download.size for extract in extracts if extract for download in extract.downloads]
    sizes += [download.size for download in exported.downloads]
    return Cost(len(sizes), sum(sizes), compiling.seconds + exported.seconds)


def _list_published(
    tree: Tree, known: Iterable[CachedTranscript], entries: Iterable[Entry]
) -> list[str]:
    """The files of a tree that have a place of their own on the site."""
    compiled = {talk.survey.path for talk in known if talk.survey.readable}
    compiled.update(entry.path for entry in entries)
    return [path for path in tree if path not in compiled and not is_module(path)]


def _fetch_passed(tree: Tree, path: str) -> Callable[[], bytes]:
    return lambda: render_asset(tree, path)


def _fetch_pages(
    known: Iterable[CachedTranscript], akin: Mapping[str, Mapping[int, Sequence[RelatedChapter]]]
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The files of transcripts; their kin are put into pages when these are fetched."""
    for talk in known:
        for path in talk.paths:
            own = akin.get(talk.survey.slug, {}) if path == talk.survey.path else None
            yield path, _fetch_page(talk, path, own)


def _list_origins(
    known: Iterable[CachedTranscript], akin: Mapping[str, Mapping[int, Sequence[RelatedChapter]]]
) -> Iterator[tuple[str, str]]:
    for talk in known:
        own = _AKIN.dump_json(akin.get(talk.survey.slug, {}))
        for path in talk.paths:
            yield path, make_key(talk.key, path, own)


def _origins_of_entries(
    workshop: TranscriptCompiler, apparatus: SiteContent, known: Iterable[CachedTranscript]
) -> Callable[[Entry], str]:
    """A digest of all that flows into an entry's pages: it, what it leads to, who names it."""
    talks: dict[str, list[str]] = {}
    for talk in known:
        for entry in talk.extract.mentioned if talk.extract else ():
            talks.setdefault(entry, []).append(talk.naming_key)
    slugs = {entry.term: entry.slug for entry in apparatus.entries}
    masthead = repr(apparatus.masthead)

    def make(entry: Entry) -> str:
        linked = (slugs[name] for name in entry.see)
        texts = (workshop.entry_keys[slug] for slug in (entry.slug, *linked))
        themes = [(one.title, one.path) for one in apparatus.themes if entry.term in one.entries]
        return make_key(
            version_key(), masthead, repr(themes), *texts, "", *talks.get(entry.slug, ())
        )

    return make


_AKIN: TypeAdapter[Mapping[int, Sequence[RelatedChapter]]] = TypeAdapter(
    Mapping[int, Sequence[RelatedChapter]]
)


def _fetch_page(
    talk: CachedTranscript, path: str, akin: Mapping[int, Sequence[RelatedChapter]] | None
) -> Callable[[], bytes]:
    if akin is None:
        return lambda: talk.fetch(path)
    return lambda: put_in_related(talk.fetch(path), akin)


def _registers(
    known: Sequence[CachedTranscript],
) -> Iterator[tuple[Edition, Callable[[], tuple[Correction, ...]]]]:
    return ((talk.extract.edition, talk.register) for talk in known if talk.extract)


def _render_top(
    extracts: Sequence[TranscriptExtract],
    registers: Iterable[tuple[Edition, Callable[[], tuple[Correction, ...]]]],
    passed_through: Sequence[str],
    masthead: SiteIdentity,
) -> dict[str, bytes]:
    """What machines look for at the top of the site."""
    editions = [extract.edition for extract in extracts]
    texts = {
        "robots.txt": crawlers.render_robots(masthead),
        "llms.txt": crawlers.render_llms(masthead, editions, passed_through),
    }
    if masthead.url:
        texts[feeds.TRANSCRIPTS_FEED] = feeds.render_transcripts_feed(masthead, editions)
        texts[feeds.CORRECTIONS_FEED] = feeds.render_corrections_feed(masthead, registers)
    return {path: text.encode() for path, text in texts.items()}


def _mentions_by_entry(extracts: Iterable[TranscriptExtract]) -> dict[str, list[Mentioned]]:
    by_entry: dict[str, list[Mentioned]] = {}
    for extract in extracts:
        for entry, mentioned in extract.mentioned.items():
            by_entry.setdefault(entry, []).append(mentioned)
    return by_entry


def _akin_by_chapter(
    extracts: Iterable[TranscriptExtract], apparatus: SiteContent, workshop: TranscriptCompiler
) -> dict[str, dict[int, list[RelatedChapter]]]:
    """The chapters akin to a transcript's, by its slug and the number of the chapter."""
    by_slug = {extract.edition.slug: extract for extract in extracts}
    # A chapter without a title has no name by which it could be called elsewhere.
    entries = {
        ChapterKey(slug, number): chapter.entries
        for slug, extract in by_slug.items()
        for number, chapter in enumerate(extract.chapters)
        if chapter.title
    }
    terms = {entry.slug: entry.term for entry in apparatus.entries}
    akin: dict[str, dict[int, list[RelatedChapter]]] = {}
    for chapter, nearest in workshop.find_related(entries).items():
        akin.setdefault(chapter.transcript, {})[chapter.number] = [
            _as_akin(
                by_slug[kin.chapter.transcript],
                kin.chapter.number,
                tuple(terms[entry] for entry in kin.entries),
            )
            for kin in nearest
        ]
    return akin


def _as_akin(extract: TranscriptExtract, number: int, terms: tuple[str, ...]) -> RelatedChapter:
    edition = extract.edition
    return RelatedChapter(
        edition.path,
        extract.chapters[number].address,
        extract.chapters[number].title,
        edition.title,
        edition.date,
        edition.lang,
        terms,
    )


def _count(apparatus: SiteContent, extracts: Sequence[TranscriptExtract]) -> Counts:
    mentions = (found.times for extract in extracts for found in extract.mentioned.values())
    return Counts(
        len(extracts),
        sum(extract.words for extract in extracts),
        sum(extract.corrections for extract in extracts),
        sum(extract.doubts for extract in extracts),
        len(apparatus.entries),
        sum(mentions),
    )
