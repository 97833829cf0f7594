"""The plan of a build: every file of its output, made of values alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from build_tools.build import compile as steps
from build_tools.build.cache import Memory, Store, make_key, step_key
from build_tools.build.compile import CompiledTranscript, CompilerSettings
from build_tools.build.history import Histories
from build_tools.build.lists import list_spoken, plan_entries, plan_lists
from build_tools.build.pagefind import has_own_speech
from build_tools.build.transcripts import TranscriptCompiler
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.checks.summary import CorpusSummary
from build_tools.checks.table import check_collection
from build_tools.exports.table import COLLECTION_EXPORTS, Collection, render_rows
from build_tools.metadata import feeds
from build_tools.model.edition import Change
from build_tools.model.extract import Content, Mentioned, TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.model.site import SITE_LANGUAGE, Search
from build_tools.model.text import Problem, ProblemsFoundError
from build_tools.model.theme import Answers, Quotation
from build_tools.model.transcript import Passage, Remark
from build_tools.pages import search
from build_tools.pages.assets import is_module, render_asset
from build_tools.pages.opening import put_history_in
from build_tools.pages.theme import render_theme
from build_tools.reading.tree import SiteContent, Tree, parse_site_content, read_again
from build_tools.text.catalogue import writing_in

# The content of a file, or a function that makes it; text is encoded.
Page = Content | str | Callable[[], bytes | str]


class Counts(NamedTuple):
    """Figures of a build, for its summary."""

    transcripts: int
    words: int
    corrections: int
    doubts: int
    entries: int
    mentions: int


class Files(Mapping[str, bytes]):
    """Files by their path; functions make or fetch them, in a language, when they are asked for."""

    def __init__(self, files: Mapping[str, Page], lang: str = SITE_LANGUAGE) -> None:
        self._files, self._lang = dict(sorted(files.items())), lang

    def __getitem__(self, path: str) -> bytes:
        page = self._files[path]
        with writing_in(self._lang):
            made = page() if callable(page) else page
        return made.encode() if isinstance(made, str) else bytes(made)

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@dataclass(frozen=True)
class Passages(Iterable[Passage]):
    """The passages of all transcripts, fetched each time that they are asked for."""

    fetch: Callable[[], Iterable[Passage]]

    def __iter__(self) -> Iterator[Passage]:
        return iter(self.fetch())


class Plan(NamedTuple):
    """Every file of the output by its path there, all warnings, and figures for a summary.

    The site's search finds `passages`, by the engine that `search` names. `compiled` are the slugs
    of transcripts whose files were not cached. `origins` has a digest of the inputs of a file,
    where they are known in advance.
    """

    files: Mapping[str, bytes]
    passages: Iterable[Passage]
    warnings: tuple[Problem, ...]
    counts: Counts
    compiled: tuple[str, ...] = ()
    search: Search = Search.AUTO
    origins: Mapping[str, str] = {}


_NO_HISTORIES: Histories = {}


class _Site(NamedTuple):
    """A tree with everything in it parsed and compiled."""

    tree: Tree
    content: SiteContent
    compiler: TranscriptCompiler
    transcripts: Sequence[CompiledTranscript]
    extracts: Sequence[TranscriptExtract]
    histories: Histories

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
    histories: Histories = _NO_HISTORIES,
) -> Plan:
    """The plan of a tree; raises ProblemsFoundError with all problems if there is one.

    Without `site_url`, files that need it are left out; without `exports`, only those of the
    contract are made. Steps missing from `store` may run in the processes of `executor`. Files that
    are `left_out` of the tree may be linked and quoted. Pages list what `histories` has of them.
    """
    content = parse_site_content(tree, root, site_url)
    settings = CompilerSettings(root, content.entries, content.masthead, quick=not exports)
    compiler = TranscriptCompiler(tree, settings, content.themes, store or Memory())
    transcripts = compiler.compile_all(executor)
    extracts = [one.extract for one in transcripts if one.extract]
    site = _Site(tree, content, compiler, transcripts, extracts, histories)
    problems = tuple(sorted(set(_check(site, left_out))))
    if any(not problem.warning for problem in problems):
        raise ProblemsFoundError(problems)
    with writing_in(content.masthead.lang):
        return _plan(site, problems)


def _plan(site: _Site, problems: tuple[Problem, ...]) -> Plan:
    """The plan of a site without a problem other than warnings, in its language."""
    tree, content, compiler, transcripts, extracts, *_ = site
    settings, collection = compiler.settings, _gather(site)
    spool = compiler.store.spool
    exported = render_rows(COLLECTION_EXPORTS, collection, spool, quick=settings.quick)
    published = _list_published(site)
    # Files for machines at the top of a site may be written by hand instead.
    files: dict[str, Page] = _plan_top(site) | {
        path: partial(render_asset, tree, path) for path in published
    }
    origins: dict[str, str] = {}
    for path, origin, fetch in (*_plan_transcripts(site), *_plan_themes(site)):
        files[path], origins[path] = fetch, origin
    files |= exported.files
    files |= _plan_search(site, published)
    make_origin = _origins_of_entries(site)
    for entry, planned in plan_entries(content, extracts):
        files |= planned
        origin = make_origin(entry)
        origins |= {path: make_key(origin, path) for path in planned}
    files |= plan_lists(tree, content, collection, exported)
    if content.masthead.url:
        pages = [path for path in files if path.endswith(".md")]
        files["sitemap.xml"] = feeds.render_sitemap(content.masthead, pages)
    compiled = tuple(one.summary.slug for one in transcripts if one.is_new)
    results = (problems, _count(site), compiled, content.search, origins)
    files_made = Files(files, content.masthead.lang)
    return Plan(files_made, Passages(lambda: _fetch_passages(site)), *results)


def _check(site: _Site, left_out: frozenset[str]) -> tuple[Problem, ...]:
    """Every problem of every file."""
    tree, content, compiler, transcripts, *_ = site
    root = compiler.settings.root
    by_slug = {one.summary.slug: one for one in transcripts}

    def fetch_words(slug: str) -> str:
        return compiler.fetch_words(by_slug[slug])

    read = partial(read_again, tree=tree, root=root)
    values = (root, tuple(tree), content, [one.summary for one in transcripts], site.answers)
    return check_collection(CorpusSummary(*values, fetch_words, read, left_out))


def _gather(site: _Site) -> Collection:
    """Everything that exports of the collection are made of."""
    content, compiler = site.content, site.compiler
    mentions: dict[str, list[Mentioned]] = {}
    for extract in site.extracts:
        for slug, mentioned in extract.mentioned.items():
            mentions.setdefault(slug, []).append(mentioned)

    def fetch_turns() -> Iterator[bytes]:
        return (compiler.fetch(one, steps.TURNS) for one in site.transcripts)

    return Collection(site.extracts, content.entries, mentions, content.masthead, fetch_turns)


def _list_published(site: _Site) -> list[str]:
    """The files of a tree that are published at their own path."""
    compiled = {one.summary.path for one in site.transcripts if one.summary.readable}
    compiled |= {entry.path for entry in site.content.entries}
    compiled |= {theme.path for theme in site.content.themes}
    return [path for path in site.tree if path not in compiled and not is_module(path)]


def _plan_transcripts(site: _Site) -> Iterator[tuple[str, str, Page]]:
    """The path, the origin and the content of each file of the transcripts."""
    for one in site.transcripts:
        for path in one.paths:
            fetch = partial(site.compiler.fetch, one, path)
            changes = site.histories.get(one.summary.slug) if path == one.summary.path else None
            if changes:
                fetch = partial(_fetch_page, site, one, changes)
            yield path, step_key(path, one.pages_key, repr(changes)), fetch


def _fetch_page(site: _Site, one: CompiledTranscript, changes: Sequence[Change]) -> bytes:
    return put_history_in(site.compiler.fetch(one, one.summary.path), changes)


def _plan_themes(site: _Site) -> Iterator[tuple[str, str, Page]]:
    """The path, the origin and the content of each page of a theme."""
    answers = site.answers
    for theme in site.content.themes:
        quoted = (one for one in theme.cited if isinstance(one, Quotation))
        own = [answers.get(one.transcript, {}).get(one._replace(offset=0)) for one in quoted]
        lang = site.content.masthead.lang
        origin = step_key(theme.path, theme.text.content, lang, repr(own))
        yield theme.path, origin, partial(render_theme, theme, answers)


def _origins_of_entries(site: _Site) -> Callable[[Entry], str]:
    """Makes a digest of an entry's inputs: itself, entries it links to, who mentions or is it."""
    spoken = list_spoken(site.extracts)
    naming = defaultdict[str, list[str]](list)
    for one in site.transcripts:
        for slug in one.extract.mentioned if one.extract else ():
            naming[slug].append(one.naming_key)
    slugs = {entry.term: entry.slug for entry in site.content.entries}
    masthead = repr(site.content.masthead)
    entry_keys = site.compiler.settings.entry_keys

    def make(entry: Entry) -> str:
        texts = (entry_keys[slug] for slug in (entry.slug, *(slugs[name] for name in entry.see)))
        themes = [(one.title, one.path) for one in site.content.themes if entry.term in one.entries]
        heads = [(one.slug, one.title, one.date, one.lang) for one in spoken.get(entry.term, ())]
        shared = (masthead, repr(themes), repr(entry.sources), repr(heads))
        return step_key("entry", *shared, *texts, "", *naming[entry.slug])

    return make


def _plan_top(site: _Site) -> dict[str, Page]:
    """The files that machines look for at the top of the site."""
    masthead = site.content.masthead
    texts: dict[str, Page] = {"robots.txt": feeds.render_robots(masthead)}
    if masthead.url:
        editions = [extract.edition for extract in site.extracts]
        faithful = (one for one in site.transcripts if one.extract)
        fetching = (partial(_fetch_corrections, site, one) for one in faithful)
        registers = zip(editions, fetching, strict=True)
        texts[feeds.TRANSCRIPTS_FEED] = feeds.render_transcripts_feed(masthead, editions)
        texts[feeds.CORRECTIONS_FEED] = feeds.render_corrections_feed(masthead, registers)
    return texts


def _fetch_corrections(site: _Site, compiled: CompiledTranscript) -> tuple[Remark, ...]:
    return steps.CORRECTION_LIST.validate_json(site.compiler.fetch(compiled, steps.REGISTER))


def _fetch_passages(site: _Site) -> Iterator[Passage]:
    for one in site.transcripts:
        yield from steps.PASSAGE_LIST.validate_json(site.compiler.fetch(one, steps.PASSAGES))


def _plan_search(site: _Site, published: Sequence[str]) -> dict[str, Page]:
    """The scripts that the search dialog loads."""
    times: Counter[str] = Counter()
    for extract in site.extracts:
        times.update({slug: found.times for slug, found in extract.mentioned.items()})
    paths = sorted({*published, *(theme.path for theme in site.content.themes)})
    pages = {path: site.tree[path] for path in paths if path.endswith(".md")}
    planned: dict[str, Page] = {
        search.PAGES: lambda: search.render_pages(site.content.entries, times, pages)
    }
    if has_own_speech(site.content.search, _count(site).words):
        planned[search.SPEECH] = lambda: search.join_speech(
            site.compiler.fetch(one, steps.SPEECH) for one in site.transcripts
        )
    return planned


def _count(site: _Site) -> Counts:
    extracts, entries = site.extracts, len(site.content.entries)
    mentions = sum(found.times for one in extracts for found in one.mentioned.values())
    found = ((one.words, one.corrections, one.doubts) for one in extracts)
    words, corrections, doubts = map(sum, zip((0, 0, 0), *found, strict=True))
    return Counts(len(extracts), words, corrections, doubts, entries, mentions)
