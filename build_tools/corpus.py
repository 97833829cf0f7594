"""docs/ as one value: sources, editions, entries, and the files that pass through unchanged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from build_tools.borrowing import Borrowed, borrow_times
from build_tools.cue_times import has_times
from build_tools.edition import parse_edition
from build_tools.elsewhere import check_elsewhere
from build_tools.fidelity import check_fidelity
from build_tools.glossary import parse_entry
from build_tools.kinds import collect_names
from build_tools.links import (
    check_links,
    check_see,
    collect_addresses,
    edition_links,
    entry_links,
)
from build_tools.marking import Marking, mark_changes, problems_of_form
from build_tools.mentions import check_forms
from build_tools.model import (
    Edition,
    Entry,
    Place,
    Problem,
    Source,
    SourceFile,
    Text,
    Theme,
    Transcript,
)
from build_tools.quotations import check_quotations
from build_tools.sources import FORMATS, decode_text, parse_source
from build_tools.theme import parse_theme
from build_tools.transcript import compile_transcript

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_REMEDY = "name the file with a-z, 0-9 and single hyphens, such as vivatech-2024"
# Sources are published byte for byte: neither a browser nor a site generator may bring one to life.
SOURCE_SUFFIXES = (".txt", ".srt", ".vtt", ".sbv", ".json", ".csv", ".tsv")
# Below these names a list is generated; the hand-written introduction is not an edition or entry.
LISTINGS = (
    *("transcripts/index.md", "glossary/index.md", "corrections.md", "doubts.md"),
    "downloads.md",
)
THEMES = "then-and-now/index.md"
_FOLDERS = ("transcripts", "glossary", "then-and-now")

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
    return {
        path.relative_to(docs).as_posix(): path.read_bytes()
        for path in sorted(docs.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(docs).parts)
    }


def parse_corpus(tree: Tree, root: str = "docs") -> Corpus:
    """The corpus that a tree of files holds, in order of path, and every problem of every file."""
    tree = dict(sorted(tree.items()))
    problems: list[Problem] = []
    entries = tuple(_parse_members(tree, "glossary", root, parse_entry, problems))
    editions = tuple(
        (edition, _find_source(edition, tree, root, problems))
        for edition in _parse_members(tree, "transcripts", root, parse_edition, problems)
    )
    problems += _check_names(tree, root)
    problems += check_forms(entries)
    problems += check_see(entries)
    addresses = collect_addresses(
        tree, ((edition, source) for edition, source in editions if source)
    )
    transcripts = []
    for edition, source in editions:
        problems += check_links(edition.text, edition.path, edition_links(edition), addresses)
        unfaithful = check_fidelity(edition, source) if source else ()
        problems += unfaithful
        if source and not unfaithful:
            borrowed = _find_timing(edition, source, tree, root, problems)
            transcripts.append(replace(compile_transcript(edition, source), borrowed=borrowed))
    problems += check_elsewhere(edition for edition, _ in editions)
    for entry in entries:
        problems += check_links(entry.text, entry.path, entry_links(entry), addresses)
    themes = tuple(_parse_members(tree, "then-and-now", root, parse_theme, problems))
    by_slug: dict[str, Transcript | None] = dict.fromkeys(
        slug for slug, _ in _members(tree, "transcripts")
    )
    by_slug.update((transcript.edition.slug, transcript) for transcript in transcripts)
    problems += check_quotations(themes, by_slug, (entry.term for entry in entries))
    compiled = {edition.path for edition, _ in editions} | {entry.path for entry in entries}
    return Corpus(
        editions,
        tuple(transcripts),
        entries,
        themes,
        {path: data for path, data in tree.items() if path not in compiled},
        tuple(problems),
    )


class Marked(NamedTuple):
    """An edition with its plain edits marked, or None and what must be put right before."""

    edition: Edition
    marking: Marking | None
    problems: tuple[Problem, ...]


def mark_editions(corpus: Corpus) -> Iterator[Marked]:
    """Every edition whose head can be read, marked on its own."""
    for edition, source in corpus.editions:
        form = problems_of_form(edition, parse_edition(edition.slug, edition.text).problems)
        if not source:
            ends = (edition.path, f"/sources/{edition.source_file}")
            form = tuple(one for one in corpus.problems if one.place.path.endswith(ends))
        if form or not source:
            yield Marked(edition, None, form)
            continue
        speakers = (name for both in edition.speakers for name in both)
        marking = mark_changes(edition, source, collect_names(corpus.entries, speakers))
        yield Marked(edition, marking, marking.problems)


def _members(tree: Tree, folder: str) -> Iterator[tuple[str, str]]:
    """The Markdown files of a folder but its index: slug and path."""
    for path in tree:
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
        text, wrong = decode_text(f"{root}/{path}", tree[path])
        problems += wrong
        if wrong:
            continue
        value, wrong = parse(slug, text)
        problems += wrong
        if value is not None:
            yield value


def _find_source(edition: Edition, tree: Tree, root: str, problems: list[Problem]) -> Source | None:
    """The source of an edition, or None where it cannot be had."""
    named = SourceFile(
        _key_offset(edition, "file"),
        edition.source_file,
        edition.source_format,
        edition.source_encoding,
        edition.furniture,
    )
    source = _read_source(edition, named, tree, root, problems)
    if source:
        reviewed = frozenset(line for review in edition.reviews for line in review.lines)
        lines = {"furniture": edition.furniture, "reviewed": reviewed}
        for key, known in lines.items():
            offset = _key_offset(edition, key)
            problems += _check_lines(edition, offset, known, source)
    return source if source and source.words else None


def _read_source(
    edition: Edition, named: SourceFile, tree: Tree, root: str, problems: list[Problem]
) -> Source | None:
    path = _path(named)
    if named.format not in FORMATS:
        return None
    if not _is_plain_name(named.file) or path not in tree:
        known = [name.removeprefix("sources/") for name in tree if name.startswith("sources/")]
        problems.append(
            edition.text.problem(
                named.offset,
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
        f"{root}/{path}", tree[path], named.format, named.furniture, named.encoding
    )
    problems += wrong
    return source


def _path(named: SourceFile) -> str:
    return f"sources/{named.file}"


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
        problems.append(edition.text.problem(named.offset, what, "take timing: out"))
        return None
    timed = _read_source(edition, named, tree, root, problems)
    if not timed or not timed.words:
        return None
    problems += _check_lines(edition, named.offset, named.furniture, timed)
    if not has_times(timed):
        what = f"timing: {named.file} has no times"
        problems.append(edition.text.problem(named.offset, what, "name a source that has"))
        return None
    borrowed = borrow_times(source, timed)
    problems.append(_account(edition, named, borrowed))
    return borrowed.source


def _account(edition: Edition, named: SourceFile, borrowed: Borrowed) -> Problem:
    """How much of the edition's source the times of another are good for."""
    words = len(borrowed.source.words)
    share = f"{borrowed.matched} of {words} words ({1000 * borrowed.matched // words / 10}%)"
    if 2 * borrowed.matched < words:
        what = f"{named.file} has only {share} in common with the source"
        remedy = "see whether timing: file: names a source of the same talk"
        return edition.text.problem(named.offset, what, remedy)
    what = f"times borrowed from {named.file}: {share} matched"
    lines = [f"{one}–{last}" if one < last else f"{one}" for one, last in borrowed.unmatched]
    if lines:
        what += f"; of lines {', '.join(lines)} none"
    remedy = "their times are estimated; compare the recording" if lines else "nothing to do"
    return edition.text.problem(named.offset, what, remedy, warning=True)


def _key_offset(edition: Edition, key: str) -> int:
    match = re.search(rf"^[ \t]+{key}:|\b{key}:", edition.text.content, re.MULTILINE)
    return match.start() + len(match[0]) - len(f"{key}:") if match else 0


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
        elif pure.parts[0] == "data":
            yield Problem(place, "data/ is made by the build", f"call it {root}/assets/{pure.name}")
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
