"""Names before speech, `Ann Lee: …`, told apart from ordinary words with a colon.

A label must look like a name and recur, or at least every second line or cue must begin with one.
All other text stays speech, so that no word is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from build_tools.sources.raw import RawCue

_LABEL = re.compile(
    r"""
    [ \t]* (?: (?: >> | [-–—] ) [ \t]* )?     # in captions: another speaker
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
# Words in small letters in names of people and of meeting rooms.
_PARTICLES = """
    de da di du del della la le el al bin ibn van von der den ten zu of and the y e
"""
# These words name a speaker even if the file has them in small letters elsewhere.
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
    """Whether a text before a colon or beside a time may be a name or a label.

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
    """The names with which the lines or cues of a file begin."""
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
    """The label at the beginning of a text, if it is one of these, or "", and the rest."""
    label = _LABEL.match(text)
    if label and label["name"].strip() in labels:
        return " ".join(label["name"].split()), text[label.end() :]
    return "", text


def name_cues(cues: Iterable[RawCue]) -> tuple[RawCue, ...]:
    """The cues with the labels at the beginning of their lines as speakers.

    A cue with several labels becomes several cues. If the file has speakers already, its texts have
    no labels.
    """
    cues = tuple(cues)
    if any(cue.speaker for cue in cues):
        return cues
    labels = find_labels(line for cue in cues for line in cue.text.split("\n"))
    return tuple(_split_speakers(cues, labels)) if labels else cues


def _split_speakers(cues: tuple[RawCue, ...], labels: frozenset[str]) -> Iterator[RawCue]:
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
        # A name alone in its cue names the speaker of the next cue.
        waiting = "" if text.strip() else speaker
        yield cue._replace(line=cue.line + begins, text=text, speaker=speaker)
