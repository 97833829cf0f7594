"""The plan of a build: every file of its output, made of values alone."""

from collections import UserDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from build_tools.build import compile as steps
from build_tools.build.cache import Memory, Store, make_key, step_key
from build_tools.build.compile import CompilerSettings
from build_tools.build.history import Histories
from build_tools.build.pagefind import choose_search
from build_tools.build.transcripts import TranscriptCompiler
from build_tools.checks.corpus import check_collection
from build_tools.checks.summary import CorpusSummary
from build_tools.exports.table import COLLECTION_EXPORTS, Collection, render_rows
from build_tools.metadata import citation, feeds, linked_data
from build_tools.model.edition import Edition
from build_tools.model.extract import Content
from build_tools.model.glossary import Entry
from build_tools.model.site import SITE_LANGUAGE, Download, Search
from build_tools.model.text import Problem, ProblemsFoundError
from build_tools.model.theme import Quotation
from build_tools.model.transcript import Passage, Remark
from build_tools.pages import assets, listings, search
from build_tools.pages.entry import EntryUses, mentions_listing, render_entry
from build_tools.pages.markdown import escape_title, finish_page
from build_tools.pages.opening import put_history_in
from build_tools.pages.pagination import LazyPage, fit_one_page, plan_listing
from build_tools.pages.theme import render_theme
from build_tools.reading.tree import THEMES, SiteContent, Tree, parse_site_content, read_again
from build_tools.text.catalogue import tr, writing_in

# The content of a file, or a function that makes it; text is encoded.
Page = Content | str | Callable[[], bytes | str]
# A file's path, a digest of everything that its content is made of, and the content.
Planned = tuple[str, str, Callable[[], bytes | str]]


class Files(UserDict[str, bytes]):
    """Files by their path; functions make or fetch them, in a language, when they are asked for.

    Tooltips in pages have the short texts of entries. Pages of an `offline` site link to files.
    """

    def __init__(
        self,
        pages: Mapping[str, Page],
        lang: str = SITE_LANGUAGE,
        *,
        entries: Iterable[Entry] = (),
        offline: bool = False,
    ) -> None:
        super().__init__(dict.fromkeys(sorted(pages), b""))
        self._pages, self._lang, self._offline = pages, lang, offline
        self._shorts = {one.slug.encode(): escape_title(one.short).encode() for one in entries}

    def __getitem__(self, path: str) -> bytes:
        page = self._pages[path]
        with writing_in(self._lang):
            made = page() if callable(page) else page
        data = made.encode() if isinstance(made, str) else bytes(made)
        if not path.endswith(".md"):
            return data
        return finish_page(data, path, self._offline, self._shorts)


class Plan(NamedTuple):
    """Every file of the output by its path there, all warnings, and figures for a summary.

    The site's search finds what `fetch_passages` yields, by the engine that `search` names.
    `compiled` are the slugs of transcripts whose files were not cached. `origins` has a digest of
    the inputs of a file, where they are known in advance.
    """

    files: Mapping[str, bytes]
    fetch_passages: Callable[[], Iterator[Passage]]
    warnings: tuple[Problem, ...]
    counts: Mapping[str, int]
    compiled: tuple[str, ...] = ()
    search: Search = Search.AUTO
    origins: Mapping[str, str] = {}


def plan_site(
    tree: Tree,
    root: str = "docs",
    site_url: str = "",
    *,
    offline: bool = False,
    exports: bool = True,
    store: Store | None = None,
    executor: Executor | None = None,
    left_out: frozenset[str] = frozenset(),
    histories: Histories | None = None,
) -> Plan:
    """The plan of a tree; raises ProblemsFoundError with all problems if there is one.

    Without `site_url`, files that need it are left out; without `exports`, only those of the
    contract are made. The pages of an `offline` site link to files. Steps missing from `store` may
    run in the processes of `executor`. Files that are `left_out` of the tree may be linked and
    quoted. Pages list what `histories` has of them.
    """
    content = parse_site_content(tree, root, site_url)
    settings = CompilerSettings(root, content.entries, content.masthead, quick=not exports)
    compiler = TranscriptCompiler(tree, settings, content.themes, store or Memory())
    site = _Site(compiler, executor, histories or {}, content)
    problems = site.check(left_out)
    if any(not problem.warning for problem in problems):
        raise ProblemsFoundError(problems)
    with writing_in(content.masthead.lang):
        return site.plan(problems, offline)


class _Site:
    """A tree with everything in it parsed and compiled."""

    def __init__(
        self,
        compiler: TranscriptCompiler,
        executor: Executor | None,
        histories: Histories,
        content: SiteContent,
    ) -> None:
        self.tree, self.compiler, self.histories = compiler.tree, compiler, histories
        self.content, self.masthead = content, content.masthead
        self.transcripts = compiler.compile_all(executor)
        self.by_slug = {one.summary.slug: one for one in self.transcripts}
        # What each faithful transcript answers to the themes that quote it.
        self.answers = {one.summary.slug: one.answers for one in self.transcripts if one.answers}
        extracts = [one.extract for one in self.transcripts if one.extract]
        self.collection = Collection(extracts, content, partial(self._fetch, steps.TURNS))

    def _fetch(self, name: str) -> Iterator[bytes]:
        return (self.compiler.fetch(one, name) for one in self.transcripts)

    def _fetch_corrections(self, slug: str) -> tuple[Remark, ...]:
        kept = self.compiler.fetch(self.by_slug[slug], steps.REGISTER)
        return steps.CORRECTION_LIST.validate_json(kept)

    def _fetch_passages(self) -> Iterator[Passage]:
        for passages in self._fetch(steps.PASSAGES):
            yield from steps.PASSAGE_LIST.validate_json(passages)

    def check(self, left_out: frozenset[str]) -> tuple[Problem, ...]:
        root, fetch = self.compiler.settings.root, self.compiler.fetch

        def fetch_words(slug: str) -> str:
            return fetch(self.by_slug[slug], steps.WORDS).decode()

        read, paths = partial(read_again, tree=self.tree, root=root), tuple(self.tree)
        values = (root, paths, self.content, [one.summary for one in self.transcripts])
        return check_collection(CorpusSummary(*values, self.answers, fetch_words, read, left_out))

    def plan(self, problems: tuple[Problem, ...], offline: bool) -> Plan:
        """The plan of a site without a problem other than warnings, in its language."""
        collection, extracts, content = self.collection, self.collection.extracts, self.content
        quick, spool = self.compiler.settings.quick, self.compiler.store.spool
        exported, downloads = render_rows(COLLECTION_EXPORTS, collection, spool, quick=quick)
        counts = {
            "transcripts": len(extracts),
            "words": sum(one.words for one in extracts),
            "corrections": sum(one.corrections for one in extracts),
            "doubts": sum(one.doubts for one in extracts),
            "entries": len(content.entries),
            "mentions": collection.times.total(),
        }
        compiled = {one.summary.path for one in self.transcripts if one.summary.readable}
        compiled |= {entry.path for entry in content.entries}
        compiled |= {theme.path for theme in content.themes}
        # The files that are published at their own path.
        published = [one for one in self.tree if one not in compiled and not assets.is_module(one)]
        # Files for machines at the top of a site may be written by hand instead.
        files = self._plan_top()
        files |= {path: partial(assets.render_asset, self.tree, path) for path in published}
        naming = defaultdict[str, list[str]](list)
        for one in self.transcripts:
            for slug, named in one.extract.mentioned.items() if one.extract else ():
                naming[slug].append(named.key)
        origins: dict[str, str] = {}
        entries = plan_entries(collection, naming)
        for path, origin, page in chain(self._plan_transcripts(), self._plan_themes(), entries):
            files[path], origins[path] = page, f"{origin} {offline}"
        files |= exported
        files |= self._plan_search(published, counts["words"])
        files |= plan_lists(self.tree, collection, downloads)
        if self.masthead.url:
            pages = [path for path in files if path.endswith(".md")]
            files["sitemap.xml"] = feeds.render_sitemap(self.masthead, pages)
        new = tuple(one.summary.slug for one in self.transcripts if one.is_new)
        results = (problems, counts, new, content.search, origins)
        made = Files(files, self.masthead.lang, entries=content.entries, offline=offline)
        return Plan(made, self._fetch_passages, *results)

    def _plan_top(self) -> dict[str, Page]:
        """The files that machines look for at the top of the site."""
        texts: dict[str, Page] = {"robots.txt": feeds.render_robots(self.masthead)}
        if self.masthead.url:
            told = self.masthead, [extract.edition for extract in self.collection.extracts]
            texts[feeds.TRANSCRIPTS_FEED] = feeds.render_transcripts_feed(*told)
            corrections = feeds.render_corrections_feed(*told, self._fetch_corrections)
            texts[feeds.CORRECTIONS_FEED] = corrections
        return texts

    def _plan_transcripts(self) -> Iterator[Planned]:
        shorts = {entry.slug: entry.short for entry in self.content.entries}
        for one in self.transcripts:
            for path in one.paths:
                fetch = partial(self.compiler.fetch, one, path)
                if path != one.summary.path:
                    yield path, step_key(path, one.pages_key), fetch
                    continue
                own, told = self.histories.get(one.summary.slug), map(shorts.get, one.entries)
                page = partial(put_history_in, fetch, own) if own else fetch
                yield path, step_key(path, one.pages_key, repr((own, *told))), page

    def _plan_themes(self) -> Iterator[Planned]:
        for theme in self.content.themes:
            cited = [one for one in theme.cited if isinstance(one, Quotation)]
            own = [self.answers.get(a.transcript, {}).get(a._replace(offset=0)) for a in cited]
            origin = step_key(theme.path, theme.text.content, self.masthead.lang, repr(own))
            yield theme.path, origin, partial(render_theme, theme, self.answers)

    def _plan_search(self, published: Sequence[str], words: int) -> dict[str, Page]:
        paths = sorted({*published, *(theme.path for theme in self.content.themes)})
        pages = {path: self.tree[path] for path in paths if path.endswith(".md")}
        known = (self.content.entries, self.collection.times)
        planned: dict[str, Page] = {search.PAGES: partial(search.render_pages, *known, pages)}
        # What was said is searched without Pagefind on the site, or in its offline copy.
        searches = [choose_search(self.content.search, words, offline=one) for one in (True, False)]
        if Search.BUILT_IN in searches:
            planned[search.SPEECH] = lambda: search.join_speech(self._fetch(steps.SPEECH))
        return planned


def plan_lists(
    tree: Tree, collection: Collection, downloads: Sequence[Download]
) -> dict[str, LazyPage]:
    """Every list below its introduction from docs/, and the pages of its sections."""
    content, masthead = collection.content, collection.masthead
    whole = citation.cite_collection([one.edition for one in collection.extracts], masthead)
    # The newest first.
    dated = attrgetter("edition.date", "edition.slug")
    extracts = sorted(collection.extracts, key=dated, reverse=True)
    cited = (
        (one.edition, citation.cite_edition(one.edition, masthead), one.downloads)
        for one in extracts
        if one.downloads
    )
    about = (tr("The whole collection"), "#collection", whole, downloads)
    # Each list, the link to its feed, and the text above it on its page.
    rows = (
        (listings.transcripts_listing(extracts), f"../{feeds.TRANSCRIPTS_FEED}", ""),
        (listings.glossary_listing(content.entries, collection.times), "", ""),
        (listings.corrections_listing(extracts), feeds.CORRECTIONS_FEED, ""),
        (listings.doubts_listing(extracts), "", ""),
        (listings.downloads_listing(cited), "", listings.render_downloads(*about)),
    )
    planned: dict[str, LazyPage] = {}

    def plan_below(path: str, title: str, *parts: str, own: LazyPage) -> None:
        introduction = assets.render_asset(tree, path) if path in tree else f"# {title}".encode()
        opening = b"\n\n".join((introduction.rstrip(), *map(str.encode, parts)))
        planned[path] = lambda: opening + own()

    for listing, feed, above in rows:
        own, sections = plan_listing(listing)
        new = f"[{tr('Follow what is new')}]({feed})"
        follow = f"{tr('{link} in a reader of feeds.', link=new)}\n{{ .sic-facts }}"
        parts = (follow, above) if feed and masthead.url else (above,)
        plan_below(listing.path, listing.title, *parts, own=own)
        planned |= sections
    if content.themes:
        themes = listings.render_themes(content.themes).encode()
        plan_below(THEMES, tr("Then and now"), "", own=lambda: themes)
    return planned


def plan_entries(collection: Collection, naming: Mapping[str, Sequence[str]]) -> Iterator[Planned]:
    """The page of each entry, and sections if it has too many mentions for one page.

    An origin has the entry, those it links to, who it is, and where `naming` says that it is named.
    """
    content, mentions = collection.content, collection.mentions
    entries = {entry.slug: entry for entry in content.entries}
    by_term = {entry.term: entry for entry in content.entries}
    # The editions in which each person speaks, by the full name.
    spoken = defaultdict[str, list[Edition]](list)
    for extract in collection.extracts:
        for name in dict.fromkeys(extract.edition.speakers.values()):
            spoken[name].append(extract.edition)

    # The sections of all entries at once would take more memory than the mentions themselves.
    @lru_cache(maxsize=1)
    def plan_mentions(slug: str) -> tuple[LazyPage, dict[str, LazyPage]]:
        return plan_listing(mentions_listing(entries[slug], mentions.get(slug, ())))

    def render(entry: Entry, uses: EntryUses) -> bytes:
        listed = plan_mentions(entry.slug)[0]()
        head = linked_data.describe_entry(entry, content.masthead)
        return render_entry(entry, listed, by_term, uses, head).encode()

    def render_section(slug: str, path: str) -> bytes:
        return plan_mentions(slug)[1][path]()

    for slug, entry in entries.items():
        themes = [theme for theme in content.themes if entry.term in theme.entries]
        uses = EntryUses(themes, spoken.get(entry.term, ()))
        pages: dict[str, LazyPage] = {entry.path: partial(render, entry, uses)}
        if not fit_one_page(one.page for _, one in mentions.get(slug, ())):
            pages |= {path: partial(render_section, slug, path) for path in plan_mentions(slug)[1]}
        texts = [by_term[name].text for name in entry.see]
        titles = [(one.title, one.path) for one in themes]
        heads = [(one.slug, one.title, one.date, one.lang) for one in uses.spoken]
        shared = repr((content.masthead, entry.text, entry.sources, texts, titles, heads))
        key = step_key(slug, shared, "".join(naming.get(slug, ())))
        for path, page in pages.items():
            yield path, make_key(key, path), page
