"""What checks between files compare: a summary of each edition, and everything besides editions."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from build_tools.model.edition import Edition, Mark, Span
from build_tools.model.text import Place, Problem, Text
from build_tools.model.theme import Theme
from build_tools.model.transcript import Transcript
from build_tools.reading.rejection import Rejected
from build_tools.reading.tree import SiteContent, SourcedEdition, list_sources
from build_tools.text.phrases import compile_phrases, encode_words, find_phrases
from build_tools.text.words import find_keys

# The addresses in a transcript at which each quoted run of words begins.
SaidAt = Mapping[str, Sequence[str]]


class Link(NamedTuple):
    """The target of a link in a file, and its place."""

    target: str
    place: Place


class Corrected(NamedTuple):
    """A corrected form, the first mark that corrects it so, and how its footnote begins."""

    keys: tuple[str, ...]
    heard: str
    said: str
    place: Place
    label: str
    kind: str


class EditionSummary(NamedTuple):
    """An edition without its words: its own problems, and what checks between files compare.

    `sources` are the paths of the files that it names, `addresses` those of its cues.
    """

    slug: str
    readable: bool
    faithful: bool
    problems: tuple[Problem, ...]
    sources: tuple[str, ...] = ()
    addresses: str = ""
    links: tuple[Link, ...] = ()
    corrected: tuple[Corrected, ...] = ()

    @property
    def path(self) -> str:
        """The edition's path below docs/."""
        return f"transcripts/{self.slug}.md"


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """Everything that the checks between files compare.

    `paths` are those of all files. Files that are `left_out` may be linked and quoted, but their
    addresses and words are not compared. `said_at` has each faithful transcript that is quoted.
    `fetch_words` takes a slug and gives the words that `encode_unmarked` made of the edition;
    `read_again` parses it.
    """

    root: str
    paths: Sequence[str]
    content: SiteContent
    editions: Sequence[EditionSummary]
    said_at: Mapping[str, SaidAt]
    fetch_words: Callable[[str], str]
    read_again: Callable[[str], SourcedEdition]
    left_out: frozenset[str] = frozenset()


# Links -------------------------------------------------------------------------------------------


def _edition_links(edition: Edition) -> Iterator[Span]:
    """Yield each link of an edition, including its footnotes and its introduction."""
    paragraphs = (*edition.introduction, *edition.paragraphs)
    parts = [paragraph.spans for paragraph in paragraphs]
    parts += [chapter.summary for chapter in edition.chapters]
    parts += [footnote.reason for footnote in edition.footnotes]
    return (span for spans in parts for span in spans if span.target)


def list_links(text: Text, spans: Iterable[Span]) -> tuple[Link, ...]:
    """List the links among some spans of a file, each once."""
    links = {(span.offset, span.target): span for span in spans if span.mark is not Mark.NOTE}
    return tuple(Link(target, text.place(offset)) for offset, target in links)


# Words -------------------------------------------------------------------------------------------


def list_corrected(edition: Edition, rejected: Rejected) -> tuple[Corrected, ...]:
    """List each corrected form once for each footnote; deleted words are often right elsewhere."""
    forms: dict[tuple[str, tuple[str, ...]], Corrected] = {}
    for span, *_, reason in rejected.spans:
        keys = find_keys(span.heard) if reason and span.said else ()
        if not keys or not reason or reason.here_only or (reason.label, keys) in forms:
            continue
        heard, said = (" ".join(text.split()) for text in (span.heard, span.said))
        kind = reason.kind.value + "?" * reason.conjecture
        place = edition.text.place(span.offset)
        forms[reason.label, keys] = Corrected(keys, heard, said, place, reason.label, kind)
    return tuple(forms.values())


def encode_unmarked(rejected: Rejected) -> str:
    """Encode the words of an edition as heard, except those of its marks, for a first search."""
    words = rejected.words
    keys = list(words.keys)
    for placed in rejected.spans:
        if placed.span.mark in (Mark.CHANGE, Mark.DOUBT) and placed.span.heard:
            first = bisect_right(words.ends, placed.heard_start)
            end = bisect_left(words.starts, placed.heard_end)
            keys[first:end] = [""] * (end - first)
    return encode_words(keys)


def list_quoted(themes: Iterable[Theme]) -> dict[str, list[str]]:
    """Map each quoted transcript to the words that are quoted from it."""
    quoted: dict[str, list[str]] = {}
    for theme in themes:
        for quotation in theme.quotations:
            quoted.setdefault(quotation.transcript, []).append(quotation.words)
    return quoted


def find_quoted(transcript: Transcript, quoted: Iterable[str]) -> dict[str, list[str]]:
    """Map each run of words to the addresses at which it begins in a transcript, in one pass."""
    words = sorted({words for words in quoted if find_keys(words)})
    if not words:
        return {}
    said_starts = [paragraph.said_start for paragraph in transcript.paragraphs]
    addresses: dict[str, list[str]] = {}
    phrases = compile_phrases(find_keys(run) for run in words)
    said = transcript.said_words
    for found in find_phrases(phrases, said.keys):
        start = said[found.first].start
        word = transcript.word_at(bisect_right(said_starts, start) - 1, start)
        addresses.setdefault(words[found.phrase], []).append(transcript.source.cue_at(word).address)
    return addresses


# Summary -----------------------------------------------------------------------------------------


def summarise_edition(
    slug: str, sourced: SourcedEdition | None, problems: tuple[Problem, ...]
) -> EditionSummary:
    """Summarise an edition with all its own problems; without one, only that it is unreadable."""
    if not sourced:
        return EditionSummary(slug, readable=False, faithful=False, problems=problems)
    edition, cues = sourced.edition, sourced.source.cues if sourced.source else ()
    links = list_links(edition.text, _edition_links(edition))
    corrected = list_corrected(edition, sourced.rejected)
    # One string takes less memory than a set.
    addresses = " ".join(cue.address for cue in cues)
    parts = (list_sources(edition), addresses, links, corrected)
    return EditionSummary(slug, True, sourced.faithful, problems, *parts)
