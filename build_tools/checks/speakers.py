"""Speakers: whether their names are names, and whether only speech looks like speech."""

from __future__ import annotations

import re
from collections.abc import Iterator

from build_tools.model.text import Problem
from build_tools.reading.tree import SourcedEdition

LONGEST_NAME = 40
# A full stop ends an initial or an abbreviation in a name, no sentence: a word of five letters
# or more in front of it would be one.
NOT_IN_NAMES = re.compile(r"[!?;]|[^\W\d_]{5,}[.]|[.]\s+[a-z]")


def check_speakers(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each declared name that is no name."""
    edition = sourced.edition
    for short, full in edition.speakers.items():
        for name in dict.fromkeys((short, full)):
            if len(name) > LONGEST_NAME or NOT_IN_NAMES.search(name):
                yield edition.text.problem(
                    edition.offset_of("speakers", short),
                    f"“{name[:LONGEST_NAME]}” is no name of a speaker",
                    f"write a name of at most {LONGEST_NAME} characters, without ! ? or ;",
                )


def check_introduction(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each line of the introduction that looks like a turn."""
    edition = sourced.edition
    names = {name.casefold() for both in edition.speakers.items() for name in both}
    for paragraph in edition.introduction:
        words = "".join(span.said for span in paragraph.spans)
        for line in words.splitlines():
            name, colon, _ = line.strip().partition(":")
            if colon and name.strip().casefold() in names:
                yield edition.text.problem(
                    paragraph.offset,
                    f"the introduction puts words into the mouth of {name.strip()}",
                    "speech begins at the first ## chapter or **Name:**; write this differently",
                )
