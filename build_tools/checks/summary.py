"""What checks between files compare: a summary of each edition, and everything besides editions."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from build_tools.model.address import make_word_address
from build_tools.model.edition import Edition, Mark, Span
from build_tools.model.front_matter import find_offset
from build_tools.model.text import Place, Problem, Text
from build_tools.model.theme import Answers, Cited, Theme
from build_tools.reading.rejection import Rejected
from build_tools.reading.tree import SiteContent, SourcedEdition
from build_tools.text.phrases import encode_words
from build_tools.text.words import find_keys


class Link(NamedTuple):
    """The target of a link in a file, and its place."""

    target: str
    place: Place


class Corrected(NamedTuple):
    """A corrected form, its number, the first mark that corrects it so, and its footnote's head."""

    keys: tuple[str, ...]
    heard: str
    said: str
    place: Place
    label: str
    kind: str
    times: int


class EditionSummary(NamedTuple):
    """An edition without its words: its own problems, and what checks between files compare.

    `addresses` are those of the last word of each cue, `recordings` the paths of its own ones.
    """

    slug: str
    readable: bool
    faithful: bool
    problems: tuple[Problem, ...]
    addresses: str = ""
    links: tuple[Link, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    recordings: tuple[Link, ...] = ()

    @property
    def path(self) -> str:
        """The edition's path below docs/."""
        return f"transcripts/{self.slug}.md"


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """Everything that the checks between files compare.

    Files that are `left_out` may be linked and quoted; their addresses and words are not compared.
    `fetch_words` gives what `encode_unmarked` made of a slug's edition; `read_again` parses it.
    """

    root: str
    paths: Sequence[str]
    content: SiteContent
    editions: Sequence[EditionSummary]
    answers: Answers
    fetch_words: Callable[[str], str]
    read_again: Callable[[str], SourcedEdition]
    left_out: frozenset[str] = frozenset()


def list_links(text: Text, parts: Iterable[Iterable[Span]]) -> tuple[Link, ...]:
    """List the links among the spans of the parts of a file, each once."""
    spans = (span for part in parts for span in part if span.target and span.mark is not Mark.NOTE)
    links = dict.fromkeys((span.offset, span.target) for span in spans)
    return tuple(Link(target, text.place(offset)) for offset, target in links)


def list_corrected(edition: Edition, rejected: Rejected) -> tuple[Corrected, ...]:
    """List each corrected form once for each footnote; deleted words are often right elsewhere."""
    forms: dict[tuple[str, tuple[str, ...]], Corrected] = {}
    for span, *_, reason in rejected.spans:
        keys = find_keys(span.heard) if reason and span.said else ()
        if keys and reason and not reason.here_only:
            heard, said = (" ".join(text.split()) for text in (span.heard, span.said))
            place, named = edition.text.place(span.offset), (reason.label, reason.ground)
            first = Corrected(keys, heard, said, place, *named, times=0)
            made = forms.setdefault((reason.label, keys), first)
            forms[reason.label, keys] = made._replace(times=made.times + 1)
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


def list_cited(themes: Iterable[Theme]) -> dict[str, tuple[Cited, ...]]:
    """Map each transcript to what is quoted from it, each once, at the offset 0."""
    cited: dict[str, dict[Cited, None]] = {}
    for theme in themes:
        for one in theme.cited:
            cited.setdefault(one.transcript, {})[one._replace(offset=0)] = None
    return {slug: tuple(own) for slug, own in cited.items()}


def summarise_edition(
    slug: str, sourced: SourcedEdition | None, problems: tuple[Problem, ...]
) -> EditionSummary:
    """Summarise an edition with all its own problems; without one, only that it is unreadable."""
    if not sourced:
        return EditionSummary(slug, readable=False, faithful=False, problems=problems)
    edition, source = sourced.edition, sourced.source
    parts = [paragraph.spans for paragraph in (*edition.introduction, *edition.paragraphs)]
    parts += [chapter.summary for chapter in edition.chapters]
    parts += [footnote.reason for footnote in edition.footnotes]
    links = list_links(edition.text, parts)
    corrected = list_corrected(edition, sourced.rejected)
    # The addresses of the last word of each cue: one string takes less memory than a set.
    lengths = Counter(source.cue_of_word if source else ())
    cues = enumerate(source.cues if source else ())
    addresses = " ".join(make_word_address(cue.address, lengths[number]) for number, cue in cues)
    places = (find_offset(edition.offsets, ("recording", n)) for n in range(len(edition.recording)))
    recordings = tuple(
        Link(one.address, edition.text.place(offset))
        for one, offset in zip(edition.recording, places, strict=True)
        if one.is_own
    )
    found = (problems, addresses, links, corrected, recordings)
    return EditionSummary(slug, True, sourced.faithful, *found)
