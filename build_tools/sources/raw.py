"""The input and output of readers: a file, its cues without addresses, and the words left out."""

from typing import NamedTuple

from build_tools.model.source import Cue

# Reasons to leave words out: the first three are speech elsewhere in the same file.
AGAIN = "the same words once more"
PARTLY_AGAIN = "some of the words once more"
ROLLED = "a line shown again as captions roll"
CHAPTER = "the title of a chapter"


class UnknownFile(NamedTuple):
    """A file: its name in lower case, its text, its lines with a text, and the value of JSON."""

    name: str
    content: str
    lines: tuple[str, ...]
    document: object = None


class LeftOut(NamedTuple):
    """Words of a file that are no speech, or that repeat speech: their line, text and reason.

    `line` is 0 for words from many places, whose path is `where`.
    """

    line: int
    text: str
    why: str
    where: str = ""

    @property
    def is_repeated(self) -> bool:
        """Whether all of the words are speech elsewhere."""
        return self.why in (AGAIN, PARTLY_AGAIN, ROLLED)


class RawSource(NamedTuple):
    """The contents of a file: every word is in a cue or left out.

    The title of a chapter is left out at its own line or that of the first cue below it. The cues
    of the lines `apart` stand around the speech: they have no speakers, and an import lists them as
    furniture.
    """

    cues: tuple[Cue, ...]
    left_out: tuple[LeftOut, ...] = ()
    apart: frozenset[int] = frozenset()


class UnreadableSourceError(Exception):
    """A file does not fit its format: the line, the error, and the remedy."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        self.line, self.what, self.remedy = line, what, remedy
        super().__init__(what)
