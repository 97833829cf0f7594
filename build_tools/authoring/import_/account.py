"""What a file told beside its words, and what its first edition has of it."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from build_tools.model.edition import Edition
from build_tools.model.source import Source
from build_tools.sources.raw import RawSource
from build_tools.text.words import find_keys, has_word

# The clock with which a line begins, and that with which it ends.
_CLOCK = re.compile(r"\d{1,3}(?::\d{1,2}){1,3}(?:[.,]\d{1,3})?(?![\d:])")
_AT_END = re.compile(r"[ \t\[(#]\d{1,3}(?::\d{2}){1,2}\Z")
# The names of a time in JSON and XML; the pieces of one word in them have times too.
_TIME_NAME = re.compile(
    r"""["\s](?:start|begin|from|ts|tStartMs|offsetInTicks|offset|t|startTime|start_time|data-m)
    (?:"\s*:|=)""",
    re.VERBOSE,
)
# A tag of captions whose classes or attributes hold a word, but not a voice.
_TAG = re.compile(
    r"<(?P<name>c|i|b|u|font|span|lang|ruby|rt)(?P<rest>[.\s][^<>\n]*)>", re.IGNORECASE
)
_UNKNOWN = ("", "?")


class Fact(NamedTuple):
    """A fact about a talk, and where it comes from."""

    value: str
    why: str


class Account(NamedTuple):
    """How much of what a file tells is in its first edition.

    `named` and `in_turns` are words with a speaker in the file and in the edition, `cue_words`
    those of each label. `found` times stand in the file, and `used` begin a cue. `tags` were
    dropped though they hold a word.
    """

    title: Fact
    date: Fact
    named: int
    in_turns: int
    cue_words: Mapping[str, int]
    found: int
    used: int
    tags: Mapping[str, int]


def make_account(
    content: str, raw: RawSource, source: Source, edition: Edition, facts: tuple[Fact, Fact]
) -> Account:
    """The account of a file that was read, and of its first edition."""
    spoken: Counter[str] = Counter()
    cue_words: Counter[str] = Counter()
    speaker = ""
    for paragraph in edition.paragraphs:
        speaker = paragraph.speaker or speaker
        spoken[speaker] += len(find_keys("".join(span.heard for span in paragraph.spans)))
    for cue in raw.cues:
        cue_words[cue.speaker] += len(find_keys(cue.text))
    tags = _TAG.finditer(content) if "->" in content else ()
    used = sum(cue.start is not None for cue in source.cues)
    return Account(
        *facts,
        sum(words for label, words in cue_words.items() if label not in _UNKNOWN),
        sum(words for name, words in spoken.items() if name not in _UNKNOWN),
        cue_words,
        max(used, _count_times(content)),
        used,
        Counter(tag["name"].lower() for tag in tags if has_word(tag["rest"])),
    )


def _count_times(content: str) -> int:
    """The times of a text: the clocks at the beginning of a line, or those with a name."""
    if content.lstrip().startswith(("{", "[", "<")):
        return len(_TIME_NAME.findall(content))
    lines = (line.strip(" \t[]()#:") for line in content.split("\n"))
    return sum(bool(_CLOCK.match(line) or _AT_END.search(line)) for line in lines)
