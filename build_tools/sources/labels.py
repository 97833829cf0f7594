"""Names that a text puts before what is said, `Ann Lee: …`, told from ordinary words with a colon.

A name is never invented: a label must look like a name and recur, or at least every second piece of
the file must begin with one. What is not taken for a name stays speech, so that no word is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from build_tools.sources.raw import RawCue

_LABEL = re.compile(
    r"""
    [ \t]* (?: (?: >> | [-–—] ) [ \t]* )?     # how captions say that another one speaks
    (?P<stars> \*\*)?
    (?P<name> [^\s:：*<>{}] [^:：\n*<>{}]{0,59} )
    (?: : (?(stars) \*\* ) | (?(stars) \*\*: | (?!) ) | ： )
    (?: (?<=：) | (?=\s|$) ) [ \t]*
    """,
    re.VERBOSE,
)
_NO_NAME = """
    meeting note notes nb warning attention caution reminder date time subject topic agenda
    title location place attendees participants transcript transcription chapter part
    section summary keywords source url http https www link email tel phone example examples
    question answer but and so or then now well look listen remember first second third
    finally also because however therefore thus yes no ok okay right today tomorrow
    yesterday conclusion result results step tip hint fact problem solution update edit ps
    re fwd the this that these those here there
"""
# Small in names of persons, and in what a meeting calls its rooms.
_PARTICLES = """
    de da di du del della la le el al bin ibn van von der den ten zu of and the y e
"""
# Words that stand in small letters elsewhere in a file, and name a speaker all the same.
_ROLES = """
    speaker host guest interviewer interviewee moderator narrator announcer audience emcee
    reporter q a man woman male female voice chair president
"""
_LONGEST_NAME = 6
_WORD = re.compile(r"\b[^\W\d_]+\b")
_NO_NAMES, _SMALL, _ROLE_NAMES = (
    frozenset(words.split()) for words in (_NO_NAME, _PARTICLES, _ROLES)
)


def looks_like_name(name: str) -> bool:
    """Whether a text before a colon or beside a time could be somebody's name or label.

    >>> [looks_like_name(name) for name in ("Ann Lee", "SPEAKER_00", "10", "Meeting", "he said")]
    [True, True, False, False, False]
    """
    words = name.split()
    if not 1 <= len(words) <= _LONGEST_NAME or not any(sign.isalpha() for sign in name):
        return False
    if re.search(r"[?!…;“”\"|/=]|[.,]$", name) or name.casefold() in _NO_NAMES:
        return False
    return all(_begins_large(word) or word in _SMALL for word in words) and _begins_large(words[0])


def _begins_large(word: str) -> bool:
    first = next((sign for sign in word if sign.isalnum()), "")
    return word == "&" or (bool(first) and not first.islower())


def find_labels(texts: Iterable[str]) -> frozenset[str]:
    """The labels of a file: those with which its pieces begin, if they are names."""
    texts = tuple(texts)
    labels = (label for text in texts if (label := _LABEL.match(text)))
    times_met = Counter(label["name"].strip() for label in labels)
    found = {name: times for name, times in times_met.items() if looks_like_name(name)}
    total = sum(found.values())
    if total > 1 and 2 * total >= sum(bool(text.strip()) for text in texts):
        return frozenset(found)
    if total < 2:
        return frozenset()
    small = {word for text in texts for word in _WORD.findall(text)}
    return frozenset(
        name
        for name, times in found.items()
        if times > 1
        and (" " in name or name.casefold() in _ROLE_NAMES or name.lower() not in small)
    )


def split_label(text: str, labels: frozenset[str]) -> tuple[str, str]:
    """The name with which a text begins, if it is one of these, and the rest."""
    label = _LABEL.match(text)
    if label and label["name"].strip() in labels:
        return " ".join(label["name"].split()), text[label.end() :]
    return "", text


def name_cues(cues: Iterable[RawCue]) -> tuple[RawCue, ...]:
    """The cues with the names that stand before their lines as speakers.

    A cue in which several speak becomes several. Where the file has voices of its own, a colon in
    the text is a colon.
    """
    cues = tuple(cues)
    if any(cue.speaker for cue in cues):
        return cues
    labels = find_labels(line for cue in cues for line in cue.text.split("\n"))
    return tuple(_named(cues, labels)) if labels else cues


def _named(cues: tuple[RawCue, ...], labels: frozenset[str]) -> Iterator[RawCue]:
    waiting = ""
    for cue in cues:
        speaker, begins = waiting, 0
        lines: list[str] = []
        for number, line in enumerate(cue.text.split("\n")):
            name, rest = split_label(line, labels)
            if name:
                if "".join(lines).strip():
                    text = "\n".join(lines)
                    yield cue._replace(line=cue.line + begins, text=text, speaker=speaker)
                    begins = number
                speaker, lines = name, []
            lines.append(rest)
        text = "\n".join(lines)
        # A name alone in its cue is that of the next one.
        waiting = "" if text.strip() else speaker
        yield cue._replace(line=cue.line + begins, text=text, speaker=speaker)
