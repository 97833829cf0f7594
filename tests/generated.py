"""Sources and faithful editions of them, generated for the tests of laws and of addresses."""

import re
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from build_tools.model.edition import NonSpeech
from build_tools.text.words import find_keys
from tests.trees import edition_file, tree

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

ORDINARY = """
    so well [laughter] it's it’s Olah thinks we can't re-train 4.5 10,000 12:30 AI GPT-4 the the
"""
SIGNS = "4.5% R&D C++ $10 #1 @you (yes) “no” … — - + = * _ | ` ' \" ! ? ; , ."
MARKDOWN = r"""
    ** ## > \ \\ 1. { } [ ] ( ) ![ ]( {~~ ~> ~~} {++ ++} {-- --} {== ==} {>> <<} [^x] [^x]:
    <b> </b> &amp; &lt; <!-- --> /// ///Footnotes **Ann:** https://example.org/ `x` a|b
"""
SCRIPTS = """
    日本語 你好 ไทย ខ្មែរ שלום مرحبا naïve nai\u0308ve ﬁne İstanbul straße ΣΑΣ 😀 ½
"""
TOKENS = st.sampled_from((ORDINARY * 4 + SIGNS + MARKDOWN + SCRIPTS).split())
# A mark puts no word in that looks like what is no speech.
PUT_IN = TOKENS.map(lambda token: token.replace("[laughter]", "laughter"))
KINDS = ("name", "term", "homophone", "number", "dropout", "repetition?", "garble?", "cutoff")


class Cue(NamedTuple):
    """A line of a source: when it begins, in seconds, and its words."""

    start: int
    words: list[str]


@dataclass(frozen=True)
class Generated:
    """A source, an edition of it as a body, and what the edition makes the speakers say."""

    cues: list[Cue]
    form: str
    furniture: list[int]
    body: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The source's text; furniture has its own words."""
        lines = []
        for number, cue in enumerate(self.cues, 1):
            text = "page furniture" if number in self.furniture else " ".join(cue.words)
            minutes, seconds = divmod(cue.start, 60)
            clock = (
                f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if self.form == "clock" else ""
            )
            lines.append(clock + text)
        return "\n".join(lines) + "\n"

    @property
    def speech(self) -> list[str]:
        """The tokens of the lines that hold speech."""
        return [
            word
            for number, cue in enumerate(self.cues, 1)
            if number not in self.furniture
            for word in cue.words
        ]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the source's words."""
        return find_keys(" ".join(self.speech))

    @property
    def said_keys(self) -> tuple[str, ...]:
        """The keys of the words as said."""
        return find_keys(" ".join(one for one in self.said if not isinstance(one, NonSpeech)))

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """They and the names of what is no speech, as captions have them."""
        return find_keys(" ".join(self.said))

    @property
    def edition(self) -> str:
        """The edition's file."""
        return edition_file(self.body, form=self.form, furniture=self.furniture)

    @property
    def tree(self) -> dict[str, bytes]:
        """Both files as a tree."""
        return tree({"sources/talk.txt": self.source, "transcripts/talk.md": self.edition})


def backslashed(text: str) -> str:
    """Text in which no sign has a meaning."""
    return PUNCTUATION.sub(r"\\\1", text)


@st.composite
def sources(draw: st.DrawFn) -> Generated:
    """A source of a few cues, with or without times, some of its lines perhaps furniture."""
    form = draw(st.sampled_from(["clock", "plain"]))
    steps = draw(st.lists(st.integers(0, 4000), min_size=1, max_size=8))
    cues = [
        Cue(start, draw(st.lists(TOKENS, min_size=1, max_size=6))) for start in accumulate(steps)
    ]
    furniture = draw(st.sets(st.integers(1, len(cues)), max_size=2))
    generated = Generated(cues, form, sorted(furniture))
    assume(generated.keys)
    return generated


class _Writer:
    """Writes an edition's body piece by piece, keeping the speech and the footnotes."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.pieces: list[str] = []
        self.said: list[str] = []
        self.footnotes: list[str] = []

    def note(self, kind: str) -> str:
        label = f"n{len(self.footnotes) + 1}"
        self.footnotes.append(f"[^{label}]: {kind}: Because {backslashed(self.draw(TOKENS))}.")
        return f"[^{label}]"

    def why(self) -> str:
        return self.note(self.draw(st.sampled_from(KINDS)))

    def plain(self, words: str) -> None:
        self.pieces.append(backslashed(words))
        self.said.append(words)

    def emphasis(self, words: str) -> None:
        self.pieces.append(f"*{backslashed(words)}*")
        self.said.append(words)

    def link(self, words: str) -> None:
        self.pieces.append(f"[{backslashed(words)}](https://example.org/)")
        self.said.append(words)

    def noted(self, words: str) -> None:
        self.pieces.append(backslashed(words) + self.note("note"))
        self.said.append(words)

    def doubt(self, words: str) -> None:
        self.pieces.append(f"{{=={backslashed(words)}==}}{{>>What is it?<<}}")
        self.said.append(words)

    def non_speech(self, words: str) -> None:
        self.said.append(self.draw(st.sampled_from(NonSpeech)))
        self.pieces.append(f"[{self.said[-1]}] ")
        self.plain(words)

    def rejected(self, words: str) -> None:
        self.pieces.append(f"{{--{backslashed(words)}--}}{self.why()}")

    def added(self, words: str) -> None:
        new = self.draw(PUT_IN)
        if find_keys(new):
            self.pieces.append(f"{{++{backslashed(new)}++}}{self.why()} ")
            self.said.append(new)
        self.plain(words)

    def changed(self, words: str) -> None:
        new = " ".join(self.draw(st.lists(PUT_IN, min_size=1, max_size=3)))
        if find_keys(new) in ((), find_keys(words)):
            self.plain(words)
        else:
            self.pieces.append(f"{{~~{backslashed(words)}~>{backslashed(new)}~~}}{self.why()}")
            self.said.append(new)


_TREATMENTS = (
    *(_Writer.plain, _Writer.plain, _Writer.plain, _Writer.changed, _Writer.rejected),
    *(_Writer.added, _Writer.doubt, _Writer.emphasis, _Writer.link, _Writer.noted),
    _Writer.non_speech,
)
_BREAKS = (*[" "] * 6, "\n", "\n", "\n\n", "\n\n**Ann:** ", "\n\n**Bo:** ", "\n\n## A chapter\n\n")


@st.composite
def edits(draw: st.DrawFn, source: Generated) -> Generated:
    """A faithful edition of a source, with marks of every kind at places of all kinds."""
    writer = _Writer(draw)
    writer.pieces.append(draw(st.sampled_from(["## A chapter\n\n", "**Ann:** "])))
    tokens = source.speech
    position = 0
    while position < len(tokens):
        length = draw(st.integers(1, 4))
        words = " ".join(tokens[position : position + length])
        position += length
        # A mark holds a word; punctuation needs none.
        treatments = _TREATMENTS if find_keys(words) else (_Writer.plain, _Writer.emphasis)
        draw(st.sampled_from(treatments))(writer, words)
        writer.pieces.append(draw(st.sampled_from(_BREAKS)))
    body = "".join(writer.pieces).strip() + "\n\n" + "\n".join(writer.footnotes) + "\n"
    return replace(source, body=body, said=writer.said)


def editions() -> st.SearchStrategy[Generated]:
    """A source and a faithful edition of it."""
    return sources().flatmap(edits)
