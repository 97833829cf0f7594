"""Renders a source as a first edition: its own words, speakers and chapters, and nothing else.

A draft passes the check. Paragraphs end at turns, pauses and ends of sentences. Every sentence has
its own line, so that two people can correct two sentences without a merge conflict.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, groupby, pairwise, zip_longest
from typing import NamedTuple

from build_tools.model.edition import UNKNOWN_VOICE
from build_tools.model.source import Cue, Source
from build_tools.sources.labels import MOST_CHARACTERS, is_speaker_name, split_changes
from build_tools.sources.pasted.grammar import unescape
from build_tools.sources.raw import LeftOut
from build_tools.text.characters import blank_misplaced
from build_tools.text.words import find_keys

# Milliseconds of silence that end a paragraph; sentences continue over shorter ones.
_PAUSE = 2000
# A paragraph ends with the sentence that reaches the first number of words, or anywhere at the
# second: recognisers may write an hour without a full stop.
_TARGET_WORDS, _MOST_WORDS = 90, 180
# A text with fewer sentences than one in this many words is unpunctuated; its cues become lines.
_WORDS_A_SENTENCE = 60
# The space in a name for a number.
_NUMBER_SPACE = 8
_FIRST_CHAPTER = "Beginning"

_SENTENCE_END = re.compile(r"[.?!…]['’”\")\]»]*\Z|[。！？｡]['’”\")\]»」』]*\Z")
_NO_SENTENCE_END = re.compile(
    r"(?:\W*(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|No|Vol|vs|etc|e\.g|i\.e|approx)|.*\b[A-Z])\.\Z"
)
_UNSPACED_SENTENCE = re.compile(r"(?<=[。！？｡])(?=[^。！？｡'’”\")\]»」』])")
_ESCAPED = re.compile(r"[\\*{}]|~(?=[>~])|\[(?=\^)|\](?=\()|<(?=[A-Za-z/!?])")
# Signs that Markdown takes for a heading, a quotation or a list at the beginning of a line.
_AT_LINE_START = re.compile(
    r"\A(?:(?P<before>[0-9]{1,9})(?=[.)](?:\s|\Z))|(?=[#>=]|[-+](?=[-+\s]|\Z)))"
)
# Characters that YAML requires escaped, and text that needs no quotation marks.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_PLAIN_IN_YAML = re.compile(r"[A-Za-z](?:[\w.’-]| (?=[\w’]))*")
_YAML_WORDS = frozenset(("yes", "no", "on", "off", "true", "false", "null", "y", "n"))
_FULL_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")

# Front matter: texts, lists of ranges of lines, and the fields below a field.
Head = Mapping[str, "str | tuple[str, ...] | Head"]


class _Token(NamedTuple):
    """Text without blanks, and what begins with it.

    `begins` says that a paragraph must begin here, `pause` that one may, and `first` that a cue
    begins. `speaker` is the label of a new turn, "" for that of an unknown voice, or None.
    """

    text: str
    begins: bool
    pause: bool
    first: bool
    speaker: str | None
    chapter: str


def render_draft(
    source: Source,
    head: Head,
    chapters: Iterable[LeftOut] = (),
    labels: Mapping[str, str] = {},
    listed: Collection[str] = (),
) -> str:
    """The file of a first edition: it has no marks, and its words are the source's.

    `labels` tells who labels are; `listed` are names that the file has apart from its labels.
    """
    names = _name_speakers((cue.speaker for cue in source.cues), labels)
    tokens = list(_tokenise(source.cues, _place_chapters(source.cues, chapters)))
    blocks = list(_render_blocks(tokens, names))
    opens = [block.startswith(("## ", "**")) for block in blocks]
    # Text above the first chapter or turn would be read as the editor's introduction.
    if any(opens) and not opens[0]:
        blocks.insert(0, f"## {_FIRST_CHAPTER}")
    speakers = {}
    for label, name in names.items():
        whole = [one for one in listed if one.partition(" ")[0] == label]
        full = labels.get(label) or (whole[0] if len(whole) == 1 else label)
        speakers[name] = _clean_name(full)
    fields = {**head, "speakers": speakers} if speakers else head
    return "\n\n".join(["\n".join(["---", *render_head(fields), "---"]), *blocks]) + "\n"


def _name_speakers(labels: Iterable[str], told: Mapping[str, str]) -> dict[str, str]:
    """The names of turns by the labels of the file: those that were told, else the labels.

    Different labels get different names unless they were told the same.
    """
    names: dict[str, str] = {}
    taken = set(told.values())
    for label in dict.fromkeys(filter(None, labels)):
        # A star ends the name of a turn.
        name = _clean_name(label.replace("*", "∗"))
        numbered = (f"{name[: MOST_CHARACTERS - _NUMBER_SPACE]} {number}" for number in count(2))
        free = (one for one in chain([name], numbered) if one not in taken)
        names[label] = told.get(label) or next(free)
        taken.add(names[label])
    return names


def _clean_name(label: str) -> str:
    name = blank_misplaced(label)
    if not is_speaker_name(name[:MOST_CHARACTERS]):
        name = re.sub(r"[.!?;]", " ", name)
    name = " ".join(name.split())[:MOST_CHARACTERS].strip()
    return "Speaker" if name in ("", UNKNOWN_VOICE) else name


def _place_chapters(cues: Sequence[Cue], chapters: Iterable[LeftOut]) -> dict[int, str]:
    """The titles of chapters by the numbers of their first cues."""
    titles: dict[int, str] = {}
    lines = [cue.line for cue in cues]
    for chapter in chapters:
        first = bisect_left(lines, chapter.line)
        title = " ".join(blank_misplaced(unescape(chapter.text)).split()).strip("# ")
        # A chapter without speech is dropped; two chapters at one cue are joined.
        if first < len(cues) and title:
            titles[first] = f"{titles[first]}: {title}" if first in titles else title
    return titles


def _tokenise(cues: Sequence[Cue], titles: Mapping[int, str]) -> Iterator[_Token]:
    first_of_all = Cue(-1, None, "", speaker="\n")
    # A file that tells nothing of speakers has no turns.
    above = ["", *(cue.text.rpartition("\n")[2] for cue in cues)]
    parts = [tuple(split_changes(cue.text, line)) for cue, line in zip(cues, above, strict=False)]
    changes = any(rest is not None for of_cue in parts for _, rest in of_cue)
    voiced = changes or any(cue.speaker for cue in cues)
    for number, (before, cue) in enumerate(pairwise((first_of_all, *cues))):
        title = titles.get(number, "")
        turns = voiced and cue.speaker != before.speaker
        # A blank line separates two lines without times.
        apart = before.start is None and cue.start is None and cue.line > before.line + 1
        begins, pause, first = turns or bool(title) or apart, False, True
        if before.end is not None and cue.start is not None:
            pause = cue.start - before.end >= _PAUSE
        for part, rest in parts[number]:
            # In the cue of a voice the sign says no more than the voice does.
            turns = turns or (rest is not None and not cue.speaker)
            begins = begins or rest is not None
            for text in _split(part if rest is None else rest):
                named = cue.speaker if turns or (voiced and first and title) else None
                yield _Token(text, begins, pause, first, named, title if first else "")
                begins = pause = first = turns = False


def _split(line: str) -> Iterator[str]:
    """The line, split at blanks and behind the full stops of scripts without blanks."""
    for text in line.split():
        yield from (text,) if text.isascii() else _UNSPACED_SENTENCE.split(text)


def _render_blocks(tokens: Sequence[_Token], names: Mapping[str, str]) -> Iterator[str]:
    texts = [token.text for token in tokens]
    ends = [
        bool(_SENTENCE_END.search(text)) and not (_NO_SENTENCE_END.match(text) or after.islower())
        for text, after in zip_longest(texts, (text[:1] for text in texts[1:]), fillvalue="")
    ]
    punctuated = sum(ends) * _WORDS_A_SENTENCE >= len(tokens)
    turn = ""
    lines: list[list[str]] = [[]]
    words = 0
    ended = True
    for token, ends_here in zip(tokens, ends, strict=True):
        may_end = ended if punctuated else token.first
        is_full = words >= _MOST_WORDS or (may_end and (token.pause or words >= _TARGET_WORDS))
        if token.begins or is_full:
            if words:
                yield turn + _render_lines(lines)
            if token.chapter:
                yield f"## {token.chapter}"
            named = token.speaker is not None
            turn = f"**{names.get(token.speaker or '', UNKNOWN_VOICE)}:** " * named
            lines, words = [[]], 0
        if may_end:
            lines.append([])
        lines[-1].append(token.text)
        words += 1 if token.text.isascii() else len(find_keys(token.text))
        ended = ends_here
    if words:
        yield turn + _render_lines(lines)


def _render_lines(lines: Iterable[list[str]]) -> str:
    """The lines with a backslash before every sign of the edition's syntax."""
    texts = (blank_misplaced(" ".join(line)) for line in lines if line)
    escaped = (_ESCAPED.sub(r"\\\g<0>", text) for text in texts)
    return "\n".join(_AT_LINE_START.sub(r"\g<before>\\", line) for line in escaped)


def render_head(fields: Head, indent: str = "") -> Iterator[str]:
    """The lines of front matter."""
    for name, value in fields.items():
        key = f"{indent}{quote_yaml(name)}:"
        if isinstance(value, str):
            yield f"{key} {quote_yaml(value)}" if value else key
        elif isinstance(value, tuple):
            yield f"{key} [{', '.join(value)}]"
        else:
            yield key
            yield from render_head(value, f"{indent}  ")


def join_ranges(lines: Iterable[int]) -> Iterator[str]:
    """The lines in order, runs of them as `1-5`."""
    for _, run in groupby(enumerate(sorted(lines)), key=lambda pair: pair[1] - pair[0]):
        first, *_, last = [line for _, line in (*run,) * 2]
        yield f"{first}-{last}" if last > first else str(first)


def quote_yaml(text: str) -> str:
    """A text as YAML on one line, in quotation marks if it needs them."""
    text = " ".join(blank_misplaced(text).split())
    plain = _PLAIN_IN_YAML.fullmatch(text) and text.casefold() not in _YAML_WORDS
    if plain or _FULL_DAY.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda sign: f"\\u{ord(sign[0]):04x}", quoted)
