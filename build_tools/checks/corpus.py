"""docs/ as one value: sources, editions, entries, and the files that pass through unchanged."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from build_tools.checks.elsewhere import Corrected, check_elsewhere, encode_unmarked, list_corrected
from build_tools.checks.fidelity import check_fidelity
from build_tools.checks.links import (
    Addresses,
    Link,
    check_links,
    check_see,
    edition_links,
    entry_links,
    join_addresses,
    list_links,
)
from build_tools.checks.quotations import SaidAt, check_quotations, find_quoted
from build_tools.model.edition import Edition
from build_tools.model.glossary import Entry
from build_tools.model.site import Search, SiteIdentity
from build_tools.model.source import Source
from build_tools.model.text import Place, Problem, ProblemsFoundError, Text
from build_tools.model.theme import Theme
from build_tools.model.transcript import Transcript
from build_tools.reading.edition import parse_edition
from build_tools.reading.glossary import parse_entry
from build_tools.reading.home import HOME, parse_home
from build_tools.reading.rejection import Rejected, reject_marks
from build_tools.reading.theme import parse_theme
from build_tools.sources.charset import known_encoding
from build_tools.sources.formats import FORMATS, decode_text, parse_source
from build_tools.transcript.alignment import compile_transcript
from build_tools.transcript.borrowing import Borrowed, borrow_times
from build_tools.transcript.cue_times import has_times
from build_tools.transcript.mentions import check_forms

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_REMEDY = "name the file with a-z, 0-9 and single hyphens, such as vivatech-2024"
# Sources are published byte for byte: neither a browser nor a site generator may bring one to life.
SOURCE_SUFFIXES = (".txt", ".srt", ".vtt", ".sbv", ".json", ".csv", ".tsv")
# A list is generated below what is written there as its introduction.
THEMES = "then-and-now/index.md"
_FOLDERS = ("transcripts", "glossary", "then-and-now")
# What the build makes, though perhaps only when the collection has grown.
_MADE_FOLDERS = ("data", "corrections", "doubts", "downloads")
_MADE_PAGES = {"transcripts": ("by-year", "by-speaker"), "glossary": ("by-kind",)}

Tree = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything below docs/, read and parsed.

    `editions` are all whose head can be read, each with its source or None; `transcripts` those
    that are faithful to it.
    """

    editions: tuple[tuple[Edition, Source | None], ...]
    transcripts: tuple[Transcript, ...]
    entries: tuple[Entry, ...]
    themes: tuple[Theme, ...]
    passed_through: Tree
    problems: tuple[Problem, ...]


def read_tree(docs: Path) -> Tree:
    """The bytes of every file below a folder, by its path there, in an order of their own."""
    return {path: (docs / path).read_bytes() for path in list_paths(docs)}


def list_paths(docs: Path) -> Iterator[str]:
    """The path of every file below a folder; what begins with a dot is none of ours."""
    for path in sorted(docs.rglob("*")):
        parts = path.relative_to(docs).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield "/".join(parts)


class CheckedEdition(NamedTuple):
    """An edition as its files have it: what could be read of it, and what is wrong with it.

    `transcript` is None where the edition is not faithful to its source, or has none.
    """

    edition: Edition | None
    source: Source | None
    rejected: Rejected | None
    transcript: Transcript | None
    problems: tuple[Problem, ...]


class EditionSummary(NamedTuple):
    """What the rest of a collection must know of an edition to be checked: all but its words.

    `sources` are the paths of the files that it names; without them, `addresses` are "".
    """

    slug: str
    readable: bool
    faithful: bool
    problems: tuple[Problem, ...]
    sources: tuple[str, ...]
    addresses: str
    links: tuple[Link, ...]
    corrected: tuple[Corrected, ...]

    @property
    def path(self) -> str:
        """The edition's path below docs/."""
        return f"transcripts/{self.slug}.md"


class SiteContent(NamedTuple):
    """What a collection has besides its transcripts, parsed, and what is wrong with it."""

    masthead: SiteIdentity
    search: Search
    entries: tuple[Entry, ...]
    themes: tuple[Theme, ...]
    problems: tuple[Problem, ...]


class ChangingTree(Tree):
    """The files below a folder, read when they are asked for.

    A file that has changed since the tree was opened is not given out: of a tree that changes
    while it is compiled nothing could be kept.
    """

    def __init__(self, docs: Path) -> None:
        self._docs = docs
        self._digests = {path: _digest((docs / path).read_bytes()) for path in list_paths(docs)}

    @property
    def digest(self) -> str:
        """A digest of all files and their names."""
        names = "".join(f"{digest} {path}\n" for path, digest in self._digests.items())
        return _digest(names.encode("utf-8", "surrogateescape"))

    def __getitem__(self, path: str) -> bytes:
        digest = self._digests[path]
        try:
            content = (self._docs / path).read_bytes()
        except OSError:
            content = b""
        if _digest(content) != digest:
            place = Place(f"{self._docs.name}/{path}", 1)
            what = "the file was changed while the build was reading it"
            raise ProblemsFoundError([Problem(place, what, "build again")])
        return content

    def __contains__(self, path: object) -> bool:
        return path in self._digests

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def parse_corpus(tree: Tree, root: str = "docs") -> Corpus:
    """The corpus that a tree of files holds, in order of path, and every problem of every file."""
    tree = dict(sorted(tree.items()))
    apparatus = parse_site_content(tree, root)
    readings = {slug: read_edition(slug, tree, root) for slug in list_slugs(tree)}
    surveys = [summarise_edition(slug, reading) for slug, reading in readings.items()]
    words = {slug: reading.rejected for slug, reading in readings.items() if reading.rejected}
    transcripts = {
        slug: reading.transcript for slug, reading in readings.items() if reading.transcript
    }
    quoted = list_quoted(apparatus.themes)
    problems = check_collection(
        tree,
        root,
        apparatus,
        surveys,
        ((slug, encode_unmarked(rejected)) for slug, rejected in words.items()),
        {
            slug: find_quoted(transcripts[slug], quoted[slug])
            for slug in quoted & transcripts.keys()
        },
        lambda slug: read_again(slug, tree, root),
    )
    editions = [reading for reading in readings.values() if reading.edition]
    return Corpus(
        tuple((one.edition, one.source) for one in editions if one.edition),
        tuple(transcripts.values()),
        apparatus.entries,
        apparatus.themes,
        {path: tree[path] for path in list_passed_through(tree, surveys, apparatus.entries)},
        problems,
    )


def list_slugs(tree: Iterable[str]) -> list[str]:
    """The slugs of all editions, in order."""
    return [slug for slug, _ in _members(tree, "transcripts")]


def list_quoted(themes: Iterable[Theme]) -> dict[str, list[str]]:
    """For each transcript that is quoted, what is quoted of it."""
    quoted: dict[str, list[str]] = {}
    for theme in themes:
        for quotation in theme.quotations:
            quoted.setdefault(quotation.transcript, []).append(quotation.words)
    return quoted


def parse_site_content(tree: Tree, root: str, site_url: str = "") -> SiteContent:
    """The masthead of a tree, whose site stands at an address, its glossary and its themes."""
    home = Text(f"{root}/{HOME}", tree.get(HOME, b"").decode(errors="replace"))
    masthead, search, wrong = parse_home(home, site_url)
    problems = list(wrong)
    entries = tuple(_parse_members(tree, "glossary", root, parse_entry, problems))
    themes = tuple(_parse_members(tree, "then-and-now", root, parse_theme, problems))
    problems += check_forms(entries)
    problems += check_see(entries)
    return SiteContent(masthead, search, entries, themes, tuple(problems))


def read_edition(slug: str, tree: Tree, root: str) -> CheckedEdition:
    """An edition and the sources that it names; of the tree no other files are read."""
    problems: list[Problem] = []
    path = f"transcripts/{slug}.md"
    edition = _parse_member(slug, path, tree, root, parse_edition, problems)
    if not edition:
        return CheckedEdition(None, None, None, None, tuple(problems))
    source = _find_source(edition, tree, root, problems)
    rejected = reject_marks(edition)
    unfaithful = check_fidelity(edition, source, rejected) if source else ()
    problems += unfaithful
    transcript = None
    if source and not unfaithful:
        borrowed = _find_timing(edition, source, tree, root, problems)
        transcript = replace(compile_transcript(edition, source, rejected), borrowed=borrowed)
    return CheckedEdition(edition, source, rejected, transcript, tuple(problems))


def read_again(slug: str, tree: Tree, root: str) -> tuple[Edition, Rejected]:
    """An edition that can be read, and its words as heard."""
    edition = _parse_member(slug, f"transcripts/{slug}.md", tree, root, parse_edition, [])
    if not edition:
        raise LookupError(slug)
    return edition, reject_marks(edition)


def summarise_edition(slug: str, reading: CheckedEdition) -> EditionSummary:
    """What the others must know of an edition."""
    edition, source, rejected = reading.edition, reading.source, reading.rejected
    if not edition or not rejected:
        return EditionSummary(slug, False, False, reading.problems, (), "", (), ())
    return EditionSummary(
        slug,
        True,
        reading.transcript is not None,
        reading.problems,
        tuple(f"sources/{named.file}" for named in edition.sources.values()),
        join_addresses(source) if source else "",
        list_links(edition.text, edition_links(edition)),
        list_corrected(edition, rejected),
    )


def check_collection(
    tree: Tree,
    root: str,
    apparatus: SiteContent,
    surveys: Sequence[EditionSummary],
    words: Iterable[tuple[str, str]],
    said_at: Mapping[str, SaidAt],
    read_again: Callable[[str], tuple[Edition, Rejected]],
    left_out: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """Every problem of every file, and what is wrong between them.

    `words` are those of the editions for `check_elsewhere`; `said_at` has each transcript that is
    quoted and has no problem of its own. What leads to files that are `left_out` is not looked at.
    """
    addresses = Addresses(
        left_out.union(tree),
        {survey.path: survey.addresses for survey in surveys if survey.addresses},
    )
    problems = [*apparatus.problems, *_check_names(tree, root)]
    for survey in surveys:
        problems += survey.problems
        problems += check_links(survey.path, survey.links, addresses)
    problems += check_elsewhere(
        (form for survey in surveys for form in survey.corrected), words, read_again
    )
    for entry in apparatus.entries:
        links = list_links(entry.text, entry_links(entry))
        problems += check_links(entry.path, links, addresses)
    quotable = {*list_slugs(left_out), *(survey.slug for survey in surveys)}
    known = {slug: said_at.get(slug) for slug in quotable}
    terms = (entry.term for entry in apparatus.entries)
    problems += check_quotations(apparatus.themes, known, terms)
    return tuple(problems)


def list_passed_through(
    tree: Tree, surveys: Iterable[EditionSummary], entries: Iterable[Entry]
) -> list[str]:
    """The files of a tree that are published as they are."""
    compiled = {survey.path for survey in surveys if survey.readable}
    compiled.update(entry.path for entry in entries)
    return [path for path in tree if path not in compiled]


def _members(paths: Iterable[str], folder: str) -> Iterator[tuple[str, str]]:
    """The Markdown files of a folder but its index: slug and path."""
    for path in sorted(paths):
        pure = PurePosixPath(path)
        if pure.parent.as_posix() == folder and pure.suffix == ".md" and pure.stem != "index":
            yield pure.stem, path


ValueT = TypeVar("ValueT")


def _parse_members(
    tree: Tree,
    folder: str,
    root: str,
    parse: Callable[[str, Text], tuple[ValueT | None, tuple[Problem, ...]]],
    problems: list[Problem],
) -> Iterator[ValueT]:
    """What the files of a folder hold, where their heads can be read; problems are collected."""
    for slug, path in _members(tree, folder):
        value = _parse_member(slug, path, tree, root, parse, problems)
        if value is not None:
            yield value


def _parse_member(
    slug: str,
    path: str,
    tree: Tree,
    root: str,
    parse: Callable[[str, Text], tuple[ValueT | None, tuple[Problem, ...]]],
    problems: list[Problem],
) -> ValueT | None:
    text, wrong = decode_text(f"{root}/{path}", tree[path])
    problems += wrong
    if wrong:
        return None
    value, wrong = parse(slug, text)
    problems += wrong
    return value


def _find_source(edition: Edition, tree: Tree, root: str, problems: list[Problem]) -> Source | None:
    """The source of an edition, or None where it cannot be had."""
    source = _read_source(edition, "source", tree, root, problems)
    if source:
        problems += _check_furniture(edition, "source", source)
        offset = edition.offset_of("reviewed")
        problems += _check_lines(edition, offset, edition.reviewed_lines, source)
    return source if source and source.words else None


def _read_source(
    edition: Edition, key: str, tree: Tree, root: str, problems: list[Problem]
) -> Source | None:
    """The source that an edition names under a key of its front matter."""
    named = edition.sources[key]
    path = f"sources/{named.file}"
    if named.format not in FORMATS:
        return None
    if not _is_plain_name(named.file) or path not in tree:
        known = [
            name.removeprefix("sources/") for name in sorted(tree) if name.startswith("sources/")
        ]
        problems.append(
            edition.text.problem(
                edition.offset_of(key, "file"),
                f"the source “{named.file}” is not in {root}/sources/",
                f"there are: {', '.join(known) or 'none yet'}",
            )
        )
        return None
    if not tree[path]:
        problems.append(
            Problem(Place(f"{root}/{path}", 1), "the source is empty", "put the transcript in")
        )
        return None
    source, wrong = parse_source(
        f"{root}/{path}",
        tree[path],
        named.format,
        named.furniture_lines,
        known_encoding(named.encoding),
    )
    problems += wrong
    return source


def _check_furniture(edition: Edition, key: str, source: Source) -> Iterator[Problem]:
    offset = edition.offset_of(key, "furniture")
    return _check_lines(edition, offset, edition.sources[key].furniture_lines, source)


def _check_lines(
    edition: Edition, offset: int, lines: frozenset[int], source: Source
) -> Iterator[Problem]:
    """Whether the source has the lines, or the pieces, that the front matter names."""
    beyond = min((line for line in lines if line > source.last), default=0)
    if beyond:
        yield edition.text.problem(
            offset,
            f"the source has no {source.unit} {beyond}",
            f"its last {source.unit} is {source.last}",
        )


def _find_timing(
    edition: Edition, source: Source, tree: Tree, root: str, problems: list[Problem]
) -> Source | None:
    """The source with the times of the one under `timing:`, and an account of what matched."""
    named = edition.timing
    if not named:
        return None
    if has_times(source):
        what = "the source has times of its own"
        offset = edition.offset_of("timing", "file")
        problems.append(edition.text.problem(offset, what, "take timing: out"))
        return None
    timed = _read_source(edition, "timing", tree, root, problems)
    if not timed or not timed.words:
        return None
    problems += _check_furniture(edition, "timing", timed)
    if not has_times(timed):
        what = f"timing: {named.file} has no times"
        offset = edition.offset_of("timing", "file")
        problems.append(edition.text.problem(offset, what, "name a source that has"))
        return None
    borrowed = borrow_times(source, timed)
    problems.append(_account(edition, named.file, borrowed))
    return borrowed.source


def _account(edition: Edition, file: str, borrowed: Borrowed) -> Problem:
    """How much of the edition's source has got a time from another one."""
    offset = edition.offset_of("timing", "file")
    words = len(borrowed.source.words)
    share = f"{borrowed.matched} of {words} words ({1000 * borrowed.matched // words / 10}%)"
    if 2 * borrowed.matched < words:
        what = f"{file} has only {share} in common with the source"
        remedy = "see whether timing: file: names a source of the same talk"
        return edition.text.problem(offset, what, remedy)
    what = f"times borrowed from {file}: {share} matched"
    lines = [f"{one}–{last}" if one < last else f"{one}" for one, last in borrowed.unmatched]
    if lines:
        what += f"; of lines {', '.join(lines)} none"
    remedy = "their times are estimated; compare the recording" if lines else "nothing to do"
    return edition.text.problem(offset, what, remedy, warning=True)


def _is_plain_name(name: str) -> bool:
    return PurePosixPath(name).name == name and name not in (".", "..") and "\\" not in name


def _check_names(tree: Tree, root: str) -> Iterator[Problem]:
    for path in tree:
        pure = PurePosixPath(path)
        folder = pure.parts[0] if len(pure.parts) > 1 else ""
        place = Place(f"{root}/{path}", 1)
        if folder in _FOLDERS and pure.suffix == ".md":
            if len(pure.parts) > 2:
                yield Problem(place, f"{folder}/ has no folders", f"move it to {root}/{folder}/")
            elif not SLUG.fullmatch(pure.stem):
                yield Problem(place, f"“{pure.stem}” is no name for a page's address", _SLUG_REMEDY)
            elif pure.stem in _MADE_PAGES.get(folder, ()):
                what = f"the build makes pages below {folder}/{pure.stem}/"
                yield Problem(place, what, f"give it another name, such as {pure.stem}-2")
        elif pure.parts[0] in _MADE_FOLDERS:
            what = f"{pure.parts[0]}/ is made by the build"
            yield Problem(place, what, f"call it {root}/assets/{pure.name}")
        elif folder in _FOLDERS:
            yield Problem(
                place, f"{folder}/ holds Markdown files alone", f"move it out of {root}/{folder}/"
            )
        elif folder == "sources" and pure.suffix.lower() not in SOURCE_SUFFIXES:
            yield Problem(
                place,
                f"“{pure.name}” has no ending known of sources",
                f"save it as text, with one of {' '.join(SOURCE_SUFFIXES)}",
            )
        elif folder == "sources" and not SLUG.fullmatch(pure.stem.replace(".", "-").lower()):
            yield Problem(place, f"“{pure.name}” is no name for a file's address", _SLUG_REMEDY)
