"""The plan of a build: every file of its output, from values alone.

Each transcript is compiled on its own, in any process; everything else is made of the extracts of
all transcripts and of the glossary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

from pydantic import TypeAdapter

from build_tools.build.cache import Memory, Store, make_key, memo, step_key
from build_tools.build.compile import (
    CORRECTION_LIST,
    PASSAGE_LIST,
    PASSAGES,
    REGISTER,
    TURNS,
    CompiledTranscript,
    CompilerSettings,
)
from build_tools.build.lists import plan_entries, plan_lists
from build_tools.build.transcripts import TranscriptCompiler
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.checks.summary import CorpusSummary
from build_tools.checks.table import check_collection
from build_tools.exports.book import BookEntries
from build_tools.exports.table import Collection, Exported, render_collection_exports
from build_tools.metadata import crawlers, feeds
from build_tools.model.extract import Mentioned, RelatedChapter, TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.model.site import Search
from build_tools.model.text import Problem, ProblemsFoundError
from build_tools.model.theme import Answers, Quotation, Theme
from build_tools.model.transcript import Correction, Passage
from build_tools.pages.assets import is_module, render_asset
from build_tools.pages.page import put_in_related
from build_tools.pages.theme import render_theme
from build_tools.reading.tree import SiteContent, Tree, parse_site_content, read_again
from build_tools.transcript.related import ChapterKey, Relation, find_related

Page = Callable[[], bytes]
# The related chapters of each chapter of a transcript, by its number.
Related = Mapping[int, Sequence[RelatedChapter]]

_RELATED: TypeAdapter[Related] = TypeAdapter(Related)
_RELATIONS = TypeAdapter(tuple[tuple[ChapterKey, tuple[Relation, ...]], ...])


class Counts(NamedTuple):
    """Figures of a build, for its summary."""

    transcripts: int
    words: int
    corrections: int
    doubts: int
    entries: int
    mentions: int


class Cost(NamedTuple):
    """The number and size of the files that a build made, and the seconds of all processes."""

    files: int
    size: int
    seconds: float


class Files(Mapping[str, bytes]):
    """Files by their path; most are made or fetched when they are asked for."""

    def __init__(self, files: Mapping[str, Page]) -> None:
        self._files = dict(sorted(files.items()))

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]()

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class Passages(Iterable[Passage]):
    """The passages of all transcripts, fetched each time that they are asked for."""

    def __init__(self, fetch: Callable[[], Iterable[Passage]]) -> None:
        self._fetch = fetch

    def __iter__(self) -> Iterator[Passage]:
        yield from self._fetch()


class Plan(NamedTuple):
    """Every file of the output by its path there, all warnings, and figures for a summary.

    The site's search finds `passages`, by the engine that `search` names. `exports` is the cost of
    the exports made for this plan; `compiled` are the slugs of transcripts whose files were not
    cached. `origins` has a digest of the inputs of a file, where it is known before the file is
    made.
    """

    files: Mapping[str, bytes]
    passages: Iterable[Passage]
    warnings: tuple[Problem, ...]
    counts: Counts
    exports: Cost
    compiled: tuple[str, ...] = ()
    search: Search = Search.AUTO
    origins: Mapping[str, str] = {}


class _Site(NamedTuple):
    """A tree with everything in it parsed and compiled."""

    tree: Tree
    content: SiteContent
    compiler: TranscriptCompiler
    transcripts: Sequence[CompiledTranscript]
    extracts: Sequence[TranscriptExtract]

    @property
    def answers(self) -> Answers:
        """What each faithful transcript answers to the themes that quote it."""
        return {one.summary.slug: one.answers for one in self.transcripts if one.answers}


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
    """The plan of a tree; raises ProblemsFoundError with all problems if there is one.

    Without `site_url`, the address of the site, files that need it are left out. Without `exports`,
    only those of the contract are made. Steps cached in `store` are not made again; the others may
    run in the processes of `executor`. Files that are `left_out` of the tree may be linked and
    quoted.
    """
    content = parse_site_content(tree, root, site_url)
    settings = CompilerSettings(root, content.entries, content.masthead, quick=not exports)
    compiler = TranscriptCompiler(tree, settings, content.themes, store or Memory())
    transcripts = compiler.compile_all(executor)
    extracts = [one.extract for one in transcripts if one.extract]
    site = _Site(tree, content, compiler, transcripts, extracts)
    problems = _check(site, left_out)
    if any(not problem.warning for problem in problems):
        raise ProblemsFoundError(problems)
    collection = _gather(site)
    spool = compiler.store.spool
    exported = render_collection_exports(collection, spool, quick=settings.quick)
    related = _find_related(site)
    published = _list_published(site)
    files: dict[str, Page] = {
        # Files for machines at the top of a site may be written by hand instead.
        **_plan_top(site),
        **{path: partial(render_asset, tree, path) for path in published},
        **dict(_plan_transcripts(site, related)),
        **dict(_plan_themes(site)),
        **{path: partial(bytes, made) for path, made in exported.files.items()},
    }
    origins = dict(_list_origins(site, related))
    make_origin = _origins_of_entries(site)
    for entry, pages in plan_entries(content, extracts, content.masthead):
        files.update(pages)
        origin = make_origin(entry)
        origins.update((path, make_key(origin, path)) for path in pages)
    files.update(plan_lists(tree, content, collection, exported))
    files.update(_plan_sitemaps(site, files))
    return Plan(
        Files(files),
        Passages(lambda: _fetch_passages(site)),
        tuple(sorted(set(problems))),
        _count(site),
        _add_up(site, exported),
        tuple(one.summary.slug for one in transcripts if one.seconds is not None),
        content.search,
        origins,
    )


def _check(site: _Site, left_out: frozenset[str]) -> tuple[Problem, ...]:
    """Every problem of every file."""
    tree, content, compiler, transcripts, _ = site
    root = compiler.settings.root
    by_slug = {one.summary.slug: one for one in transcripts}
    corpus = CorpusSummary(
        root=root,
        paths=tuple(tree),
        content=content,
        editions=[one.summary for one in transcripts],
        answers=site.answers,
        fetch_words=lambda slug: compiler.fetch_words(by_slug[slug]),
        read_again=lambda slug: read_again(slug, tree, root),
        left_out=left_out,
    )
    return check_collection(corpus)


def _gather(site: _Site) -> Collection:
    """Everything that exports of the collection are made of."""
    entries, compiler = site.content.entries, site.compiler
    by_slug, by_term = ({one.slug: one for one in entries}, {one.term: one for one in entries})
    mentions: dict[str, list[Mentioned]] = {}
    for extract in site.extracts:
        for slug, mentioned in extract.mentioned.items():
            mentions.setdefault(slug, []).append(mentioned)
    return Collection(
        site.extracts,
        entries,
        mentions,
        BookEntries(by_slug, by_term, site.content.masthead),
        lambda: (compiler.fetch(one, TURNS) for one in site.transcripts),
    )


def _add_up(site: _Site, exported: Exported) -> Cost:
    """The exports of the transcripts that were compiled, and of the collection."""
    made = [one for one in site.transcripts if one.seconds is not None and one.extract]
    downloads = [download for one in made if one.extract for download in one.extract.downloads]
    sizes = [download.size for download in (*downloads, *exported.downloads)]
    seconds = exported.seconds + sum(one.seconds or 0 for one in made)
    return Cost(len(sizes), sum(sizes), seconds)


def _list_published(site: _Site) -> list[str]:
    """The files of a tree that are published at their own path."""
    compiled = {one.summary.path for one in site.transcripts if one.summary.readable}
    compiled.update(entry.path for entry in site.content.entries)
    compiled.update(theme.path for theme in site.content.themes)
    return [path for path in site.tree if path not in compiled and not is_module(path)]


def _plan_transcripts(site: _Site, related: Mapping[str, Related]) -> Iterator[tuple[str, Page]]:
    """The files of transcripts; related chapters are put into a page when it is fetched."""
    for one in site.transcripts:
        for path in one.paths:
            fetch = partial(site.compiler.fetch, one, path)
            if path == one.summary.path:
                fetch = partial(_put_in, fetch, related.get(one.summary.slug, {}))
            yield path, fetch


def _put_in(fetch: Page, related: Related) -> bytes:
    return put_in_related(fetch(), related)


def _plan_themes(site: _Site) -> Iterator[tuple[str, Page]]:
    answers = site.answers
    for theme in site.content.themes:
        yield theme.path, partial(_render_theme, theme, answers)


def _render_theme(theme: Theme, answers: Answers) -> bytes:
    return render_theme(theme, answers).encode()


def _list_origins(site: _Site, related: Mapping[str, Related]) -> Iterator[tuple[str, str]]:
    for one in site.transcripts:
        own = _RELATED.dump_json(related.get(one.summary.slug, {}))
        for path in one.paths:
            yield path, step_key(path, one.pages_key, own)
    answers = site.answers
    for theme in site.content.themes:
        own_answers = [
            answers.get(one.transcript, {}).get(one._replace(offset=0))
            for one in theme.cited
            if isinstance(one, Quotation)
        ]
        yield theme.path, step_key(theme.path, theme.text.content, repr(own_answers))


def _origins_of_entries(site: _Site) -> Callable[[Entry], str]:
    """Makes a digest of an entry's inputs: itself, entries it links to, who mentions it."""
    naming: dict[str, list[str]] = {}
    for one in site.transcripts:
        for slug in one.extract.mentioned if one.extract else ():
            naming.setdefault(slug, []).append(one.naming_key)
    slugs = {entry.term: entry.slug for entry in site.content.entries}
    masthead = repr(site.content.masthead)
    entry_keys = site.compiler.settings.entry_keys

    def make(entry: Entry) -> str:
        texts = (entry_keys[slug] for slug in (entry.slug, *(slugs[name] for name in entry.see)))
        themes = [(one.title, one.path) for one in site.content.themes if entry.term in one.entries]
        own = naming.get(entry.slug, ())
        return step_key("entry", masthead, repr(themes), *texts, "", *own)

    return make


def _plan_top(site: _Site) -> dict[str, Page]:
    """The files that machines look for at the top of the site."""
    masthead = site.content.masthead
    texts = {"robots.txt": crawlers.render_robots(masthead)}
    if masthead.url:
        editions = [extract.edition for extract in site.extracts]
        registers = (
            (one.extract.edition, partial(_fetch_corrections, site, one))
            for one in site.transcripts
            if one.extract
        )
        texts[feeds.TRANSCRIPTS_FEED] = feeds.render_transcripts_feed(masthead, editions)
        texts[feeds.CORRECTIONS_FEED] = feeds.render_corrections_feed(masthead, registers)
    return {path: text.encode for path, text in texts.items()}


def _fetch_corrections(site: _Site, compiled: CompiledTranscript) -> tuple[Correction, ...]:
    return CORRECTION_LIST.validate_json(site.compiler.fetch(compiled, REGISTER))


def _fetch_passages(site: _Site) -> Iterator[Passage]:
    for one in site.transcripts:
        yield from PASSAGE_LIST.validate_json(site.compiler.fetch(one, PASSAGES))


def _plan_sitemaps(site: _Site, paths: Iterable[str]) -> dict[str, Page]:
    masthead = site.content.masthead
    if not masthead.url:
        return {}
    sitemaps = crawlers.render_sitemaps(masthead, (path for path in paths if path.endswith(".md")))
    return {path: text.encode for path, text in sitemaps.items()}


def _find_related(site: _Site) -> dict[str, dict[int, list[RelatedChapter]]]:
    """The chapters related to each chapter, by slug and number; cached while it names the same."""
    extracts = {extract.edition.slug: extract for extract in site.extracts}
    # Pages link to chapters by their titles.
    entries = {
        ChapterKey(slug, number): frozenset(chapter.entries)
        for slug, extract in extracts.items()
        for number, chapter in enumerate(extract.chapters)
        if chapter.title
    }
    inputs = (f"{chapter!r} {' '.join(sorted(named))}" for chapter, named in entries.items())
    relations = memo(
        site.compiler.store,
        step_key("related", *inputs),
        _RELATIONS,
        lambda: tuple(find_related(entries).items()),
    )
    terms = {entry.slug: entry.term for entry in site.content.entries}
    related: dict[str, dict[int, list[RelatedChapter]]] = {}
    for chapter, nearest in relations:
        related.setdefault(chapter.transcript, {})[chapter.number] = [
            _describe(
                extracts[one.chapter.transcript],
                one.chapter.number,
                tuple(terms[entry] for entry in one.entries),
            )
            for one in nearest
        ]
    return related


def _describe(extract: TranscriptExtract, number: int, terms: tuple[str, ...]) -> RelatedChapter:
    edition, chapter = extract.edition, extract.chapters[number]
    return RelatedChapter(
        edition.path,
        chapter.address,
        chapter.title,
        edition.title,
        edition.date,
        edition.lang,
        terms,
    )


def _count(site: _Site) -> Counts:
    extracts = site.extracts
    mentions = (found.times for extract in extracts for found in extract.mentioned.values())
    return Counts(
        len(extracts),
        sum(extract.words for extract in extracts),
        sum(extract.corrections for extract in extracts),
        sum(extract.doubts for extract in extracts),
        len(site.content.entries),
        sum(mentions),
    )
