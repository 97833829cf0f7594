"""Readers of sources: a module a format, and the table of them.

A reader gets a file's text and gives its cues. It never drops a word: what it does not understand
is text, and what it passes over it says.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise, repeat
from typing import NamedTuple

from build_tools.model import Cue, Place, Problem, Source, Text, Words
from build_tools.sources.assemblyai import read_assemblyai
from build_tools.sources.aws import read_aws
from build_tools.sources.azure import read_azure
from build_tools.sources.clock import read_clock
from build_tools.sources.deepgram import read_deepgram
from build_tools.sources.google import read_google
from build_tools.sources.hyperaudio import read_hypertranscript
from build_tools.sources.plain import read_plain
from build_tools.sources.podcast import read_podcast_html, read_podcast_json
from build_tools.sources.raw import RawCue, RawSource, UnreadableSourceError
from build_tools.sources.rev import read_rev
from build_tools.sources.speechmatics import read_speechmatics
from build_tools.sources.ttml import read_ttml
from build_tools.sources.whisper import read_whisper
from build_tools.sources.whisper_cpp import read_whisper_cpp
from build_tools.sources.youtube import read_youtube_json, read_youtube_xml
from build_tools.timecode import render_clock
from build_tools.words import find_words


class Format(NamedTuple):
    """How to read a source: its reader, and a line for people."""

    read: Callable[[str], RawSource]
    description: str


FORMATS = {
    "clock": Format(read_clock, "MM:SS or H:MM:SS glued to the text, one cue a line"),
    "plain": Format(read_plain, "lines of text without times"),
    "whisper": Format(read_whisper, "the JSON of Whisper, faster-whisper or WhisperX"),
    "whisper-cpp": Format(read_whisper_cpp, "the JSON of whisper.cpp"),
    "deepgram": Format(read_deepgram, "the JSON of Deepgram"),
    "assemblyai": Format(read_assemblyai, "the JSON of AssemblyAI"),
    "aws": Format(read_aws, "the JSON of Amazon Transcribe"),
    "rev": Format(read_rev, "the JSON of Rev.ai"),
    "google": Format(read_google, "the JSON of Google Speech-to-Text"),
    "azure": Format(read_azure, "the JSON of Azure's speech service"),
    "speechmatics": Format(read_speechmatics, "the JSON of Speechmatics"),
    "podcast-json": Format(read_podcast_json, "the JSON of the Podcast Namespace"),
    "podcast-html": Format(read_podcast_html, "the HTML of the Podcast Namespace"),
    "youtube-json": Format(read_youtube_json, "YouTube's captions as JSON (json3)"),
    "youtube-xml": Format(read_youtube_xml, "YouTube's captions as XML (srv1, srv2, srv3)"),
    "ttml": Format(read_ttml, "TTML, the timed text of broadcasters and of Apple Podcasts"),
    "hypertranscript": Format(read_hypertranscript, "HTML with a time on every word"),
}


class DecodedText(NamedTuple):
    """A file's text, and what is wrong with or odd about its bytes."""

    text: Text
    problems: tuple[Problem, ...]


def decode_text(path: str, data: bytes, *, kept: bool = False) -> DecodedText:
    """The text of a UTF-8 file, without byte order mark, every line end as a line feed.

    `kept` says that the file's bytes are published as they are: then what was passed over is said
    in warnings.
    """
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = Text(path, _lines(data[: error.start].decode("utf-8")))
        return DecodedText(
            Text(path, ""),
            (
                before.problem(
                    len(before.content),
                    f"the file is not UTF-8: byte 0x{data[error.start]:02x}",
                    "save it as UTF-8",
                ),
            ),
        )
    warnings = []
    text = Text(path, _lines(content))
    if kept and content.startswith("\ufeff"):
        warnings.append(_kept(text, "the source begins with a byte order mark"))
    if kept and "\r" in content:
        warnings.append(_kept(text, "the source ends its lines with carriage returns"))
    return DecodedText(text, tuple(warnings))


def _lines(content: str) -> str:
    return content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _kept(text: Text, what: str) -> Problem:
    return text.problem(0, what, "kept as it is; nothing to do", warning=True)


class ParsedSource(NamedTuple):
    """A source, and what is wrong with or odd about it."""

    source: Source
    problems: tuple[Problem, ...]


def parse_source(
    path: str, data: bytes, format_name: str, furniture: frozenset[int]
) -> ParsedSource:
    """The source's cues and words; `furniture` are the numbers of lines that are not speech."""
    text, problems = decode_text(path, data, kept=True)
    raw_cues: tuple[RawCue, ...] = ()
    try:
        raw_cues = FORMATS[format_name].read(text.content).cues
    except UnreadableSourceError as error:
        problems = (*problems, Problem(Place(path, error.line), error.what, error.remedy))
    spoken = list(_address(raw_cues))
    cues = tuple(cue for cue, _ in spoken if cue.line not in furniture)
    own = [words for cue, words in spoken if cue.line not in furniture]
    words = Words(
        tuple(chain.from_iterable(found.keys for found in own)),
        tuple(chain.from_iterable(found.starts for found in own)),
        tuple(chain.from_iterable(found.ends for found in own)),
    )
    cue_of_word = tuple(
        chain.from_iterable(repeat(number, len(found)) for number, found in enumerate(own))
    )
    source = Source(path, hashlib.sha256(data).hexdigest(), cues, words, cue_of_word)
    if not words and not problems:
        problems = (text.problem(0, "the source holds no word of speech", "put the transcript in"),)
    return ParsedSource(source, (*problems, *_backwards(path, cues)))


def _address(raw_cues: Iterable[RawCue]) -> Iterator[tuple[Cue, Words]]:
    """Cues that hold a word, each with its words; no edition moves an address.

    Furniture counts too: whoever declares a line to be furniture moves no address.
    """
    seen: Counter[str] = Counter()
    for raw in raw_cues:
        words = find_words(raw.text)
        if not words:
            continue
        address = f"l{raw.line}" if raw.start is None else f"t{raw.start // 1000}"
        seen[address] += 1
        if seen[address] > 1:
            address = f"{address}-{seen[address]}"
        yield Cue(raw.line, raw.start, raw.text, address, raw.end, raw.speaker), words


def _backwards(path: str, cues: tuple[Cue, ...]) -> Iterator[Problem]:
    timed = [cue for cue in cues if cue.start is not None]
    for before, cue in pairwise(timed):
        if before.start is not None and cue.start is not None and cue.start < before.start:
            # A file without lines of its own counts its pieces, which may be more than its lines.
            yield Problem(
                Place(path, cue.line),
                f"time runs backwards: from {render_clock(before.start)} "
                f"to {render_clock(cue.start)}",
                "kept as it is; compare the recording",
                warning=True,
            )
