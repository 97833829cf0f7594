"""The files of docs/, and what each of them holds: editions with their sources, entries, themes."""

import hashlib
import re
from collections import UserDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from build_tools.model.edition import Edition
from build_tools.model.front_matter import FieldPath, expand_ranges
from build_tools.model.glossary import Entry
from build_tools.model.site import Search, SiteIdentity
from build_tools.model.source import Source
from build_tools.model.text import Parsed, Place, Problem, ProblemsFoundError, Text, Words
from build_tools.model.theme import Theme
from build_tools.reading.decisions import DECISIONS, Decisions, parse_decisions
from build_tools.reading.edition import parse_edition
from build_tools.reading.glossary import parse_entry
from build_tools.reading.home import HOME, parse_home
from build_tools.reading.rejection import Rejected, reject_marks, settle_non_speech
from build_tools.reading.sums import FOLDER, SUMS, check_sums, parse_sums
from build_tools.reading.theme import parse_theme
from build_tools.reading.works import WORKS, Works, cite_in_entries, cite_in_footnotes, parse_works
from build_tools.sources.charset import decode_text
from build_tools.sources.formats import FORMATS
from build_tools.sources.source import parse_source
from build_tools.text.characters import REMEDY_MISPLACED, find_misplaced
from build_tools.text.collation import Collation

# Lists are appended to this page of themes; its text is their introduction.
THEMES = "then-and-now/index.md"

Tree = Mapping[str, bytes]
ValueT = TypeVar("ValueT")
Parse = Callable[[str, Text], Parsed[ValueT | None]]
# In YAML a character can be written by its number.
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")


def read_tree(docs: Path, inherited: Mapping[str, Path] = {}) -> Tree:
    """Map the path of each file below a folder, or inherited, to its bytes, in order of path."""
    return {path: file.read_bytes() for path, file in _find_files(docs, inherited).items()}


def _find_files(docs: Path, inherited: Mapping[str, Path]) -> dict[str, Path]:
    own = {path: docs / path for path in list_paths(docs)}
    return dict(sorted({**inherited, **own}.items())) if inherited else own


def list_paths(docs: Path) -> Iterator[str]:
    """Yield the path of each file below a folder in order, except hidden files and folders."""
    # What lies elsewhere is never published.
    files = (path for path in _list_visible(docs) if path.is_file() and not path.is_symlink())
    return (path.relative_to(docs).as_posix() for path in files)


def list_links(docs: Path) -> Iterator[Path]:
    """Yield a folder or each thing below it that is a symbolic link, except hidden ones."""
    return (path for path in (docs, *_list_visible(docs)) if path.is_symlink())


def _list_visible(docs: Path) -> Iterator[Path]:
    """Everything below a folder, except what is hidden; editors mark an open file so."""
    for path in sorted(docs.rglob("*")):
        if not any(part.startswith(".") for part in path.relative_to(docs).parts):
            yield path


class ChangingTree(UserDict[str, bytes]):
    """The files below a folder, read lazily; raises ProblemsFoundError if one has changed."""

    def __init__(self, docs: Path, inherited: Mapping[str, Path] = {}) -> None:
        self._docs, self._files = docs, _find_files(docs, inherited)
        # The digest and the number of bytes of each file.
        self.known: dict[str, tuple[str, int]] = {}
        for path, file in self._files.items():
            content = file.read_bytes()
            self.known[path] = _digest(content), len(content)
        self.data = dict.fromkeys(self.known, b"")

    @property
    def digest(self) -> str:
        """A digest of all files and their names."""
        names = "".join(f"{digest} {path}\n" for path, (digest, _) in self.known.items())
        return _digest(names.encode("utf-8", "surrogateescape"))

    def __getitem__(self, path: str) -> bytes:
        (digest, _), content = self.known[path], b""
        with suppress(OSError):
            content = self._files[path].read_bytes()
        if _digest(content) != digest:
            place = Place(f"{self._docs.name}/{path}", 1)
            what = "the file was changed while the build was reading it"
            raise ProblemsFoundError([Problem(place, what, "build again")])
        return content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def find_digest(tree: Tree, path: str) -> str:
    """The digest of a file of a tree."""
    return tree.known[path][0] if isinstance(tree, ChangingTree) else _digest(tree[path])


def find_size(tree: Tree, path: str) -> int:
    """The number of bytes of a file of a tree."""
    return tree.known[path][1] if isinstance(tree, ChangingTree) else len(tree[path])


def list_slugs(paths: Iterable[str]) -> list[str]:
    """List the slugs of all editions, in order."""
    return [slug for slug, _ in _list_documents(paths, "transcripts")]


def _list_documents(paths: Iterable[str], folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted(paths):
        pure = PurePosixPath(path)
        if pure.parent.as_posix() == folder and pure.suffix == ".md" and pure.stem != "index":
            yield pure.stem, path


def _parse_page(
    slug: str, path: str, tree: Tree, root: str, parse: Parse[ValueT]
) -> Parsed[ValueT | None]:
    text, wrong = decode_text(f"{root}/{path}", tree[path])
    if wrong:
        return Parsed(None, wrong)
    value, problems = parse(slug, text)
    return Parsed(value, (*problems, *_check_characters(text)))


def _check_characters(text: Text) -> Iterator[Problem]:
    found = list(find_misplaced(text.content))
    for escape in _ESCAPE.finditer(text.content, 0, max(0, text.content.find("\n---", 1))):
        code = int(escape[escape.lastindex or 0], 16)
        written = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        found += ((escape.start(), name) for _, name in find_misplaced(written))
    for offset, name in found:
        yield text.problem(offset, f"the character {name} has no place here", REMEDY_MISPLACED)


def _parse_pages(
    folder: str, tree: Tree, root: str, parse: Parse[ValueT]
) -> tuple[tuple[ValueT, ...], tuple[Problem, ...]]:
    paths = _list_documents(tree, folder)
    parsed = [_parse_page(slug, path, tree, root, parse) for slug, path in paths]
    values = tuple(value for value, _ in parsed if value is not None)
    return values, tuple(problem for _, problems in parsed for problem in problems)


class SiteContent(NamedTuple):
    """The home page, entries and themes of a site, decisions, and the problems of their files."""

    masthead: SiteIdentity
    search: Search
    entries: tuple[Entry, ...]
    themes: tuple[Theme, ...]
    problems: tuple[Problem, ...]
    decisions: Decisions = ()


def parse_site_content(tree: Tree, root: str, site_url: str = "") -> SiteContent:
    """Parse the home page, the glossary and the themes of a site that stands at `site_url`."""
    home = Text(f"{root}/{HOME}", tree.get(HOME, b"").decode(errors="replace"))
    masthead, search, problems = parse_home(home, site_url)
    entries, of_entries = _parse_pages("glossary", tree, root, parse_entry)
    works, of_works = _read_works(tree, root)
    entries, of_citations = cite_in_entries(entries, works)
    themes, of_themes = _parse_pages("then-and-now", tree, root, parse_theme)
    of_sources = check_sums(tree, partial(find_digest, tree), root)
    text, wrong = decode_text(f"{root}/{DECISIONS}", tree.get(DECISIONS, b""))
    decisions, of_decisions = parse_decisions(text)
    problems = (*problems, *of_entries, *of_works, *of_citations, *of_themes, *of_sources)
    problems = (*problems, *(wrong or of_decisions))
    return SiteContent(masthead, search, entries, themes, problems, decisions)


def _read_works(tree: Tree, root: str) -> Parsed[Works]:
    text, wrong = decode_text(f"{root}/{WORKS}", tree.get(WORKS, b""))
    works, problems = parse_works(text)
    return Parsed(works, (*(wrong or problems), *_check_characters(text)))


@dataclass(frozen=True)
class SourcedEdition:
    """An edition, its source, None if that cannot be read, and the witnesses that can be."""

    edition: Edition
    source: Source | None = None
    witnesses: Mapping[str, Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Only the source tells which names in brackets are words.
        object.__setattr__(self, "edition", settle_non_speech(self.edition, self.source))

    @cached_property
    def rejected(self) -> Rejected:
        """The edition with every mark rejected."""
        return reject_marks(self.edition)

    @cached_property
    def collation(self) -> Collation:
        """The words of the source beside those of its witnesses, in order."""
        base = self.source.words.keys if self.source else ()
        return Collation(base, [one.words.keys for one in self.witnesses.values()])

    @property
    def faithful(self) -> bool:
        """Whether rejecting every mark gives the words of the source, in order."""
        words = self.source.words if self.source else Words()
        return bool(words) and self.rejected.words.keys == words.keys


def read_edition(slug: str, tree: Tree, root: str) -> Parsed[SourcedEdition | None]:
    """Parse an edition and the sources that it names; reads no other file of the tree."""
    edition, problems = _parse_page(slug, f"transcripts/{slug}.md", tree, root, parse_edition)
    if not edition:
        return Parsed(None, problems)
    if "[@" in edition.text.content:
        works = _read_works(tree, root).value
        footnotes, unknown = cite_in_footnotes(edition.footnotes, works, edition.text)
        edition, problems = replace(edition, footnotes=footnotes), (*problems, *unknown)
    (source, found), *others = (_read_source(edition, keys, tree, root) for keys in edition.sources)
    read = zip(sorted(edition.witnesses), others, strict=True)
    witnesses = {letter: one for letter, (one, _) in read if one and one.words}
    problems = (*problems, *found, *(problem for _, own in others for problem in own))
    return Parsed(SourcedEdition(edition, source, witnesses), problems)


def read_again(slug: str, tree: Tree, root: str) -> SourcedEdition:
    """Parse an edition, without its source if possible; raises LookupError if it cannot be read."""
    edition, _ = _parse_page(slug, f"transcripts/{slug}.md", tree, root, parse_edition)
    if not edition:
        raise LookupError(slug)
    if not any(span.non_speech for one in edition.paragraphs for span in one.spans):
        return SourcedEdition(edition)
    return SourcedEdition(edition, _read_source(edition, ("source",), tree, root).value)


def list_sources(edition: Edition) -> tuple[str, ...]:
    """List the paths of the sources that an edition names."""
    return tuple(FOLDER + named.file for named in edition.sources.values())


def _read_source(edition: Edition, keys: FieldPath, tree: Tree, root: str) -> Parsed[Source | None]:
    named = edition.sources[keys]
    if named.format not in FORMATS:
        return Parsed(None, ())
    path = FOLDER + named.file
    if "/" in named.file or path not in tree or path == SUMS:
        what = f"the source “{named.file}” is not in {root}/sources/"
        paths = (name for name in sorted(tree) if name.startswith(FOLDER) and name != SUMS)
        known = ", ".join(name.removeprefix(FOLDER) for name in paths)
        remedy = f"there are: {known or 'none yet'}"
        return Parsed(None, (edition.problem((*keys, "file"), what, remedy),))
    listed = parse_sums(tree[SUMS]).get(named.file) if SUMS in tree else None
    if SUMS in tree and listed != _digest(tree[path]):
        # Nothing is compared with a source that somebody changed, so no mark comes of it.
        return Parsed(None, ())
    if not tree[path]:
        place = Place(f"{root}/{path}", 1)
        return Parsed(None, (Problem(place, "the source is empty", "put the transcript in"),))
    # A source has at most as many lines as bytes.
    lines = expand_ranges(named.furniture, len(tree[path]))
    given = (f"{root}/{path}", tree[path], named.format, lines, named.encoding)
    return parse_source(*given, lang=edition.lang, labels=named.labels)
