"""A source's bytes as a value: its cues with their addresses and words."""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from operator import sub

from build_tools.model.address import Address
from build_tools.model.source import Cue, Source
from build_tools.model.text import Parsed, Place, Problem, Words
from build_tools.sources.charset import decode_text
from build_tools.sources.formats import FORMATS
from build_tools.sources.raw import RawSource, UnreadableSourceError
from build_tools.sources.readers import read_cues
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_words, has_word


def parse_source(
    path: str,
    data: bytes,
    format_name: str,
    furniture: frozenset[int],
    encoding: str = "",
    *,
    lang: str = "",
    labels: Mapping[str, str] | None = None,
) -> Parsed[Source]:
    """The source of a file, without the lines or pieces that `furniture` numbers.

    `labels` tells who the labels of the file are, with "" for words that are no label.
    """
    text, problems = decode_text(path, data, kept=True, encoding=encoding)
    form = FORMATS[format_name]
    raw = RawSource(())
    try:
        raw = read_cues(format_name, text.content, labels)
    except UnreadableSourceError as error:
        problems = (*problems, Problem(Place(path, error.line), error.what, error.remedy))
    last = form.count_units(text.content, (cue.line for cue in raw.cues))
    source = compile_source(path, data, raw.cues, furniture, form.unit, last, lang=lang)
    source = replace(source, apart=raw.apart & furniture)
    if not source.words and not problems:
        remedy = "put the transcript in, or correct format: or furniture: of its edition"
        problems = (text.problem(0, "the source holds no word of speech", remedy),)
    return Parsed(source, (*problems, *_check_order(source)))


def compile_source(
    path: str,
    data: bytes,
    raw_cues: Iterable[Cue],
    furniture: frozenset[int],
    unit: str = "line",
    last: int = 0,
    *,
    lang: str = "",
) -> Source:
    """The source made of a reader's cues without furniture.

    `unit` says what the cues' numbers count, lines or pieces, and `last` is the highest of them.
    """
    raw_cues = tuple(raw_cues)
    # One search in all cues is faster than one in each. No word crosses a line end.
    # Furniture is no neighbour of a word: what stands beside it in the edition is other speech.
    texts = [" " * len(cue.text) if cue.line in furniture else cue.text for cue in raw_cues]
    found = find_words("\n".join(texts), lang)
    parts = list(_find_cue_words(raw_cues, found, unit, furniture))
    spoken = [part for part in parts if part[0].line not in furniture]
    left_out = tuple([cue for cue, *_ in parts if cue.line in furniture])
    # Of each word, where the text of its cue begins, and the number of this cue.
    begins = tuple([begin for _, size, begin in spoken for _ in range(size)])
    cue_of_word = tuple([number for number, (_, size, _) in enumerate(spoken) for _ in range(size)])
    starts, ends = (tuple(map(sub, edges, begins)) for edges in (found.starts, found.ends))
    cues = tuple([cue for cue, *_ in spoken])
    sha256 = hashlib.sha256(data).hexdigest()
    words = Words(tuple(found.keys), starts, ends)
    return Source(path, sha256, cues, words, cue_of_word, unit, last, left_out)


def _find_cue_words(
    cues: Iterable[Cue], found: Words, unit: str, furniture: frozenset[int]
) -> Iterator[tuple[Cue, int, int]]:
    """The cues with words, how many they have, and where their texts begin in that of all.

    Declaring a line furniture moves no address.
    """
    seen: Counter[Address] = Counter()
    first = begin = 0
    for cue in cues:
        text_end = begin + len(cue.text)
        last = bisect_right(found.starts, text_end, first)
        if first < last or (cue.line in furniture and has_word(cue.text)):
            timed, start = cue.start is not None, (cue.start or 0) // 1000
            address = Address("second", start) if timed else Address(unit, cue.line)
            seen[address] += 1
            shown = str(address._replace(repeat=seen[address]))
            yield cue._replace(address=shown), last - first, begin
        first, begin = last, text_end + 1


def _check_order(source: Source) -> Iterator[Problem]:
    timed = [cue for cue in source.cues if cue.start is not None]
    for before, cue in pairwise(timed):
        if before.start is not None and cue.start is not None and cue.start < before.start:
            # A text editor cannot go to the number of a piece.
            line, where = (cue.line, "") if source.unit == "line" else (1, f" in piece {cue.line}")
            clocks = f"from {render_clock(before.start)} to {render_clock(cue.start)}"
            what = f"time runs backwards{where}: {clocks}"
            remedy = "kept as it is; compare the recording"
            yield Problem(Place(source.path, line), what, remedy, warning=True)
