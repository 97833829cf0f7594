"""Readers of sources: a module a format, and the table of them.

A reader gets a file's text and gives its cues. It never drops a word: what it does not understand
is text, and what it passes over it says.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count, pairwise, repeat
from operator import sub
from typing import NamedTuple

from build_tools.model.address import Address, make_address
from build_tools.model.source import Cue, Source
from build_tools.model.text import Place, Problem, Text, Words
from build_tools.sources.captions.hyperaudio import is_hypertranscript, read_hypertranscript
from build_tools.sources.captions.sbv import read_sbv, recognise_sbv
from build_tools.sources.captions.srt import (
    read_rolling_srt,
    read_srt,
    recognise_rolling_srt,
    recognise_srt,
)
from build_tools.sources.captions.ttml import is_ttml, read_ttml
from build_tools.sources.captions.vtt import (
    read_rolling_vtt,
    read_vtt,
    recognise_rolling_vtt,
    recognise_vtt,
)
from build_tools.sources.captions.youtube import (
    is_youtube_json,
    is_youtube_xml,
    read_youtube_json,
    read_youtube_xml,
)
from build_tools.sources.charset import known_encoding, marked_encoding
from build_tools.sources.json.assemblyai import is_assemblyai, read_assemblyai
from build_tools.sources.json.aws import is_aws, read_aws
from build_tools.sources.json.azure import is_azure, read_azure
from build_tools.sources.json.deepgram import is_deepgram, read_deepgram
from build_tools.sources.json.document import parse_json
from build_tools.sources.json.google import is_google, read_google
from build_tools.sources.json.podcast import (
    is_podcast_html,
    is_podcast_json,
    read_podcast_html,
    read_podcast_json,
)
from build_tools.sources.json.rev import is_rev, read_rev
from build_tools.sources.json.speechmatics import is_speechmatics, read_speechmatics
from build_tools.sources.json.whisper import is_whisper, read_whisper
from build_tools.sources.json.whisper_cpp import is_whisper_cpp, read_whisper_cpp
from build_tools.sources.pasted.clock import read_clock, recognise_clock
from build_tools.sources.pasted.headed import read_headed, recognise_headed
from build_tools.sources.pasted.markdown import read_markdown, recognise_markdown
from build_tools.sources.pasted.names import read_names, recognise_names
from build_tools.sources.pasted.paste import read_paste, recognise_paste
from build_tools.sources.pasted.plain import read_plain, recognise_plain
from build_tools.sources.pasted.stamped import read_stamped, recognise_stamped
from build_tools.sources.pasted.table import read_table, recognise_table
from build_tools.sources.raw import Given, RawCue, RawSource, UnreadableSourceError
from build_tools.text.timecode import render_clock
from build_tools.text.words import find_keys, find_words


class Format(NamedTuple):
    """How to read a source and how to tell that it is one: why, or "". And a line for people."""

    read: Callable[[str], RawSource]
    recognise: Callable[[Given], str]
    description: str
    # What the numbers of its cues count.
    unit: str = "line"


def _json_format(
    read: Callable[[str], RawSource], told: Callable[[object], bool], description: str
) -> Format:
    """A format of JSON, told by the names of its fields."""
    return Format(
        read,
        lambda given: f"it has the fields of {description}" * bool(told(given.document)),
        description,
        "piece",
    )


def _tagged_format(
    read: Callable[[str], RawSource], told: Callable[[str], bool], description: str
) -> Format:
    """A format of HTML or XML, told by its tags."""
    return Format(
        read,
        lambda given: (
            f"it has the tags of {description}"
            * (given.content.lstrip().startswith("<") and told(given.content))
        ),
        description,
        "piece",
    )


# In the order in which they are tried: the first that recognises a file has it.
FORMATS = {
    "whisper": _json_format(
        read_whisper, is_whisper, "the JSON of Whisper, faster-whisper or WhisperX"
    ),
    "whisper-cpp": _json_format(read_whisper_cpp, is_whisper_cpp, "the JSON of whisper.cpp"),
    "deepgram": _json_format(read_deepgram, is_deepgram, "the JSON of Deepgram"),
    "assemblyai": _json_format(read_assemblyai, is_assemblyai, "the JSON of AssemblyAI"),
    "aws": _json_format(read_aws, is_aws, "the JSON of Amazon Transcribe"),
    "rev": _json_format(read_rev, is_rev, "the JSON of Rev.ai"),
    "google": _json_format(read_google, is_google, "the JSON of Google Speech-to-Text"),
    "azure": _json_format(read_azure, is_azure, "the JSON of Azure's speech service"),
    "speechmatics": _json_format(read_speechmatics, is_speechmatics, "the JSON of Speechmatics"),
    "podcast-json": _json_format(
        read_podcast_json, is_podcast_json, "the JSON of the Podcast Namespace"
    ),
    "youtube-json": _json_format(
        read_youtube_json, is_youtube_json, "YouTube's captions as JSON (json3)"
    ),
    "youtube-xml": _tagged_format(
        read_youtube_xml, is_youtube_xml, "YouTube's captions as XML (srv1, srv2, srv3)"
    ),
    "ttml": _tagged_format(read_ttml, is_ttml, "TTML, of broadcasters and of Apple Podcasts"),
    "podcast-html": _tagged_format(
        read_podcast_html, is_podcast_html, "the HTML of the Podcast Namespace"
    ),
    "hypertranscript": _tagged_format(
        read_hypertranscript, is_hypertranscript, "HTML with a time on every word"
    ),
    "rolling-vtt": Format(
        read_rolling_vtt,
        recognise_rolling_vtt,
        "automatic captions of YouTube as WebVTT, where each line comes twice or thrice",
    ),
    "vtt": Format(read_vtt, recognise_vtt, "WebVTT: captions, and transcripts of Zoom and Teams"),
    "rolling-srt": Format(
        read_rolling_srt,
        recognise_rolling_srt,
        "automatic captions as SubRip, where each line comes twice or thrice",
    ),
    "srt": Format(read_srt, recognise_srt, "SubRip: numbered captions with times"),
    "sbv": Format(read_sbv, recognise_sbv, "SubViewer: captions as YouTube lets download them"),
    "table": Format(
        read_table, recognise_table, "a table with a row for each cue, with tabs or commas"
    ),
    "stamped": Format(
        read_stamped,
        recognise_stamped,
        "[00:05:32] Name: text, (0:05) text or 00:05 text, one cue a line",
    ),
    "paste": Format(
        read_paste, recognise_paste, "a time alone on its line and the text below: YouTube's panel"
    ),
    "clock": Format(
        read_clock, recognise_clock, "MM:SS or H:MM:SS glued to the text, one cue a line"
    ),
    "markdown": Format(
        read_markdown, recognise_markdown, "**Name:** text, with ## before the title of a chapter"
    ),
    "headed": Format(
        read_headed,
        recognise_headed,
        "a line with a name and a time above the text: Otter, Teams, Zoom, Rev",
    ),
    "names": Format(read_names, recognise_names, "Name: text, one cue a line, without times"),
    "plain": Format(read_plain, recognise_plain, "lines of text without times"),
}


class Recognised(NamedTuple):
    """A format that a file is taken for, and why."""

    name: str
    why: str


def recognise_formats(name: str, content: str) -> tuple[Recognised, ...]:
    """Every format as which a file can be read, the one that it is taken for first.

    `name` is that of the file. Where there is none, it is like a file of a format not known here.
    """
    given = Given(
        name.lower(),
        content,
        tuple(line for line in content.split("\n") if line.strip()),
        _parse_document(content),
    )
    found = ((name, form.recognise(given)) for name, form in FORMATS.items())
    return tuple(Recognised(name, why) for name, why in found if why)


def _parse_document(content: str) -> object:
    """What a text holds where it is JSON; parsed once for all formats that are."""
    if not content.lstrip().startswith(("{", "[")):
        return None
    try:
        return parse_json(content)
    except UnreadableSourceError:
        return None


class DecodedText(NamedTuple):
    """A file's text, and what is wrong with or odd about its bytes."""

    text: Text
    problems: tuple[Problem, ...]


def decode_text(path: str, data: bytes, *, kept: bool = False, encoding: str = "") -> DecodedText:
    """The text of a file without byte order mark, every line end as a line feed.

    It is UTF-8, or what a byte order mark or `encoding` says. `kept` says that the file's bytes are
    published as they are: then what was passed over is said in warnings.
    """
    codec = known_encoding(encoding) or (kept and marked_encoding(data)) or "utf-8"
    try:
        content = data.decode(codec)
    except UnicodeDecodeError as error:
        return DecodedText(Text(path, ""), (_undecodable(path, data, codec, error, kept=kept),))
    warnings = []
    text = Text(path, _lines(content))
    if kept and data.startswith(b"\xef\xbb\xbf"):
        warnings.append(_kept(text, "the source begins with a byte order mark"))
    if kept and "\r" in content:
        warnings.append(_kept(text, "the source ends its lines with carriage returns"))
    return DecodedText(text, tuple(warnings))


def _undecodable(
    path: str, data: bytes, codec: str, error: UnicodeDecodeError, *, kept: bool
) -> Problem:
    before = Text(path, _lines(data[: error.start].decode(codec, errors="replace")))
    remedy = "save it as UTF-8"
    if kept:
        remedy += "; or keep it, and say its encoding in the front matter: encoding: cp1252"
    return before.problem(
        len(before.content),
        f"the file is not {codec.upper()}: byte 0x{data[error.start]:02x}",
        remedy,
    )


def _lines(content: str) -> str:
    content = content.removeprefix("\ufeff")
    # To look for one sign is much faster than for two.
    return content.replace("\r\n", "\n").replace("\r", "\n") if "\r" in content else content


def _kept(text: Text, what: str) -> Problem:
    return text.problem(0, what, "kept as it is; nothing to do", warning=True)


# A whole day of speech has fewer, be it written with a line for every breath.
_MOST_CUES, _MOST_WORDS = 100_000, 250_000


def read_cues(format_name: str, content: str) -> RawSource:
    """What a format's reader finds in a text; refused where that is more than any talk."""
    form = FORMATS[format_name]
    raw = form.read(content)
    cues = sum(bool(cue.text.strip()) for cue in raw.cues)
    if cues > _MOST_CUES:
        raise _too_long(f"{cues} {form.unit}s of speech", _MOST_CUES)
    # No text has more words than characters: nearly every one is known to be short enough by that.
    if len(content) > _MOST_WORDS:
        words = len(find_keys("\n".join(cue.text for cue in raw.cues)))
        if words > _MOST_WORDS:
            raise _too_long(f"{words} words", _MOST_WORDS)
    return raw


def _too_long(what: str, most: int) -> UnreadableSourceError:
    return UnreadableSourceError(
        1, f"the source has {what}, and {most} fit", "give each talk a file of its own"
    )


class ParsedSource(NamedTuple):
    """A source, and what is wrong with or odd about it."""

    source: Source
    problems: tuple[Problem, ...]


def parse_source(
    path: str, data: bytes, format_name: str, furniture: frozenset[int], encoding: str = ""
) -> ParsedSource:
    """The source's cues and words; `furniture` are the numbers of lines that are not speech."""
    text, problems = decode_text(path, data, kept=True, encoding=encoding)
    form = FORMATS[format_name]
    raw_cues: tuple[RawCue, ...] = ()
    try:
        raw_cues = read_cues(format_name, text.content).cues
    except UnreadableSourceError as error:
        problems = (*problems, Problem(Place(path, error.line), error.what, error.remedy))
    last = count_units(form, text.content, raw_cues)
    source = compile_source(path, data, raw_cues, furniture, form.unit, last)
    if not source.words and not problems:
        problems = (text.problem(0, "the source holds no word of speech", "put the transcript in"),)
    return ParsedSource(source, (*problems, *_backwards(source)))


def count_units(form: Format, content: str, raw_cues: Iterable[RawCue]) -> int:
    """The number of a file's last line, or of its last piece that holds anything."""
    if form.unit == "line":
        return content.count("\n") + (not content.endswith("\n"))
    return max((cue.line for cue in raw_cues), default=0)


def compile_source(
    path: str,
    data: bytes,
    raw_cues: Iterable[RawCue],
    furniture: frozenset[int],
    unit: str = "line",
    last: int = 0,
) -> Source:
    """The cues that a reader found, with addresses and words, furniture taken away.

    `unit` is what their numbers count, lines or pieces, and `last` the highest of them.
    """
    raw_cues = tuple(raw_cues)
    # Found in all cues at once, as they are short. A line end parts words: none goes from one cue
    # into the next.
    found = find_words("\n".join([cue.text for cue in raw_cues]))
    spoken = [run for run in _share_out(raw_cues, found, unit) if run.cue.line not in furniture]
    lengths = [run.end - run.first for run in spoken]
    begins = tuple(chain.from_iterable(map(repeat, [run.begin for run in spoken], lengths)))
    words = Words(
        tuple(chain.from_iterable([found.keys[run.first : run.end] for run in spoken])),
        tuple(map(sub, _pick(found.starts, spoken), begins)),
        tuple(map(sub, _pick(found.ends, spoken), begins)),
    )
    cue_of_word = tuple(chain.from_iterable(map(repeat, count(), lengths)))
    cues = tuple([run.cue for run in spoken])
    sha256 = hashlib.sha256(data).hexdigest()
    return Source(path, sha256, cues, words, cue_of_word, unit, last)


class _Run(NamedTuple):
    """A cue, and its words among those of all cues: from `first` to `end` (excluded).

    `begin` is where its text begins in that of all.
    """

    cue: Cue
    first: int
    end: int
    begin: int


def _pick(offsets: tuple[int, ...], runs: Iterable[_Run]) -> Iterator[int]:
    return chain.from_iterable([offsets[run.first : run.end] for run in runs])


def _share_out(cues: Iterable[RawCue], found: Words, unit: str) -> Iterator[_Run]:
    """Cues that hold a word, with their words among those found in the lines of all cues.

    Addresses are made from the file alone. Furniture counts too: whoever declares a line to be
    furniture moves no address.
    """
    seen: dict[Address, int] = {}
    first = begin = 0
    for line, start, text, end, speaker in cues:
        text_end = begin + len(text)
        last = bisect_right(found.starts, text_end, first)
        if first < last:
            address = make_address(start, unit, line)
            repeat = seen[address] = seen.get(address, 0) + 1
            shown = str(address._replace(repeat=repeat))
            yield _Run(Cue(line, start, text, shown, end, speaker), first, last, begin)
        first, begin = last, text_end + 1


def _backwards(source: Source) -> Iterator[Problem]:
    timed = [cue for cue in source.cues if cue.start is not None]
    for before, cue in pairwise(timed):
        if before.start is not None and cue.start is not None and cue.start < before.start:
            # A piece is no line to which an editor could go.
            lines = source.unit == "line"
            yield Problem(
                Place(source.path, cue.line if lines else 1),
                f"time runs backwards{'' if lines else f' in {source.unit} {cue.line}'}: "
                f"from {render_clock(before.start)} to {render_clock(cue.start)}",
                "kept as it is; compare the recording",
                warning=True,
            )
