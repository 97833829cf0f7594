"""What a reader is given and what it gives: cues before they have addresses, and what is no cue."""

from __future__ import annotations

from typing import NamedTuple


class UnknownFile(NamedTuple):
    """A file whose format is to be told: its name in lower case, its text and its lines.

    `lines` are those that are not blank; `document` is what the text holds where it is JSON.
    """

    name: str
    content: str
    lines: tuple[str, ...]
    document: object = None


class RawCue(NamedTuple):
    """A cue as a file has it: the line where it begins (from 1), its times, its text, its speaker.

    `start` and `end` in milliseconds or None; `speaker` is the file's own name or label, or "". A
    file without lines of its own, such as JSON, counts its pieces instead.
    """

    line: int
    start: int | None
    text: str
    end: int | None = None
    speaker: str = ""


# Why words are left out that stand as speech elsewhere in the same file.
AGAIN = "the same words once more"
PARTLY_AGAIN = "some of the words once more"


class LeftOut(NamedTuple):
    """Words of a file that are no speech, or the same speech once more: where, which, and why.

    `line` is 0 where they stand in many places, and `where` then says of what kind these are.
    `same_as` is the line on which the very words stand as speech, where that is the reason.
    """

    line: int
    text: str
    why: str
    same_as: int = 0
    where: str = ""

    @property
    def is_repeated(self) -> bool:
        """Whether all of it stands as speech too."""
        return self.same_as > 0 or self.why in (AGAIN, PARTLY_AGAIN)


class RawChapter(NamedTuple):
    """A chapter of the file's own: its title, and the line that it stands on or begins with."""

    line: int
    title: str


class RawSource(NamedTuple):
    """All that a reader found in a file: cues and what was left out hold every word between them.

    A title that stands in the file is left out of speech too.
    """

    cues: tuple[RawCue, ...]
    left_out: tuple[LeftOut, ...] = ()
    chapters: tuple[RawChapter, ...] = ()


class UnreadableSourceError(Exception):
    """A file is not of the format that it is read as: the line, what is wrong, what to do."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        self.line, self.what, self.remedy = line, what, remedy
        super().__init__(what)
