"""Transcripts as recognisers and web pages write them, generated for the tests of imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from build_tools.words import find_keys
from tests.generated import TOKENS

SPEAKERS = ("Ann Lee", "Bo", "SPEAKER_00", "Zoë", "Doe, John", "陈伟")


class Said(NamedTuple):
    """A piece of a talk: its times in seconds, who says it, and the tokens that are said."""

    start: int
    end: int
    speaker: str
    tokens: tuple[str, ...]

    @property
    def text(self) -> str:
        """The tokens on a line."""
        return " ".join(self.tokens)


class Foreign(NamedTuple):
    """How a talk is written in a format, under which name, and what of it the format keeps."""

    form: str
    name: str
    write: Callable[[Sequence[Said]], str]
    speakers: bool = False


def clock(seconds: int) -> str:
    """`H:MM:SS`."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def full_clock(seconds: int, point: str = ".") -> str:
    """`HH:MM:SS.mmm`."""
    return f"0{clock(seconds)}{point}000"


def _vtt(talk: Sequence[Said]) -> str:
    cues = (
        f"{full_clock(said.start)} --> {full_clock(said.end)} align:start\n"
        f"<v {said.speaker}>{escape(said.text)}</v>\n"
        for said in talk
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def escape(text: str) -> str:
    """Text in which neither a tag nor a character reference begins."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _srt(talk: Sequence[Said]) -> str:
    return "\n".join(
        f"{number}\n{full_clock(said.start, ',')} --> {full_clock(said.end, ',')}\n"
        f"{escape(said.text)}\n"
        for number, said in enumerate(talk, 1)
    )


def _sbv(talk: Sequence[Said]) -> str:
    return "\n".join(
        f"{clock(said.start)}.000,{clock(said.end)}.000\n{escape(said.text)}\n" for said in talk
    )


def rolling_vtt(talk: Sequence[Said]) -> str:
    """Each line as it is spoken, held for ten milliseconds, and once more above the next one."""
    blocks, before, until = [], " ", None
    for said in talk:
        words = [escape(token) for token in said.tokens]
        line = words[0] + "".join(f"<{full_clock(said.start)}><c> {word}</c>" for word in words[1:])
        upper = before if until == said.start else " "
        hold = f"{full_clock(said.end - 1)[:-3]}990"
        blocks.append(f"{full_clock(said.start)} --> {hold} align:start\n{upper}\n{line}\n")
        before, until = escape(said.text), said.end
        blocks.append(f"{hold} --> {full_clock(said.end)} align:start\n{before}\n \n")
    return "WEBVTT\nKind: captions\n\n" + "\n".join(blocks)


def _paste(talk: Sequence[Said]) -> str:
    return "\n".join(f"{clock(said.start)}\n{said.text}" for said in talk)


def _clock(talk: Sequence[Said]) -> str:
    return "\n".join(f"{clock(said.start)}{said.text}" for said in talk)


def _stamped(talk: Sequence[Said]) -> str:
    return "\n".join(f"[{clock(said.start)}] {said.speaker}: {said.text}" for said in talk)


def _headed(talk: Sequence[Said]) -> str:
    return "\n\n".join(f"{said.speaker}  {clock(said.start)}  \n{said.text}" for said in talk)


def _markdown(talk: Sequence[Said]) -> str:
    return "\n\n".join(f"**{said.speaker}:** {said.text}" for said in talk)


def _names(talk: Sequence[Said]) -> str:
    return "\n".join(f"{said.speaker}: {said.text}" for said in talk)


def _table(talk: Sequence[Said]) -> str:
    rows = (f"{said.start * 1000}\t{said.end * 1000}\t{escape(said.text)}" for said in talk)
    return "\n".join(["start\tend\ttext", *rows])


def _plain(talk: Sequence[Said]) -> str:
    return "\n".join(said.text for said in talk)


WRITTEN = (
    Foreign("vtt", "talk.vtt", _vtt, speakers=True),
    Foreign("rolling-vtt", "talk.vtt", rolling_vtt),
    Foreign("srt", "talk.srt", _srt),
    Foreign("sbv", "talk.sbv", _sbv),
    Foreign("table", "talk.tsv", _table),
    Foreign("stamped", "talk.txt", _stamped, speakers=True),
    Foreign("paste", "talk.txt", _paste),
    Foreign("clock", "talk.txt", _clock),
    Foreign("headed", "talk.txt", _headed, speakers=True),
    Foreign("markdown", "talk.md", _markdown, speakers=True),
    Foreign("names", "talk.txt", _names, speakers=True),
    Foreign("plain", "talk.txt", _plain),
)


@st.composite
def talks(draw: st.DrawFn) -> tuple[Said, ...]:
    """A talk of a few pieces, each with a word in it; some follow at once, some after a silence."""
    pieces = draw(st.integers(2, 8))
    said = []
    start = draw(st.integers(0, 4000))
    for _ in range(pieces):
        end = start + draw(st.integers(1, 6))
        tokens = draw(st.lists(TOKENS, min_size=1, max_size=6))
        if not find_keys(" ".join(tokens)):
            tokens.append("word")
        said.append(Said(start, end, draw(st.sampled_from(SPEAKERS)), tuple(tokens)))
        start = end + draw(st.sampled_from((0, 0, 0, 1, 3, 100)))
    return tuple(said)
