"""A JSON file as a value that remembers what was taken of it, so that the rest can be told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from build_tools.sources.raw import (
    AGAIN,
    PARTLY_AGAIN,
    LeftOut,
    RawCue,
    RawSource,
    UnreadableSourceError,
)
from build_tools.sources.times import count_milliseconds, read_number
from build_tools.text.words import find_keys

_DEEPEST = 100
# A name may be any text: what is shown of it must not grow with the file.
_LONGEST_NAME = 40
# Where recognisers put words; one word alone under another name is a state, a model, an id.
_SPEECH = frozenset(
    [
        "body",
        "content",
        "display",
        "displayText",
        "display_text",
        "itn",
        "lexical",
        "maskedITN",
        "punct",
        "punctuated_word",
        "text",
        "transcript",
        "transcription",
        "utf8",
        "utterance",
        "value",
        "word",
        "words",
    ]
)
_LABELS = frozenset(
    [
        "agent",
        "display_name",
        "displayName",
        "id",
        "label",
        "language",
        "locale",
        "model",
        "models",
        "name",
        "speaker",
        "speakerLabel",
        "speaker_label",
        "speaker_name",
        "systeminfo",
        "title",
        "type",
    ]
)
# Lists whose first member is what the recogniser holds to be said.
_GUESSES = frozenset(("alternatives", "nBest"))


def parse_json(content: str) -> object:
    """The value of a JSON file; numbers are decimals, what is no number (NaN) is None."""
    try:
        value: object = json.loads(
            content,
            parse_float=read_number,
            parse_int=read_number,
            parse_constant=lambda _: None,
            object_pairs_hook=_unique_names,
        )
    except json.JSONDecodeError as error:
        raise UnreadableSourceError(
            error.lineno,
            f"the file is not JSON: {error.msg}, at character {error.colno} of the line",
            "save once more what the recogniser gave; perhaps the file was cut off",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    if any(depth > _DEEPEST for depth, _ in _walk(value)):
        raise _too_deep()
    return value


def find_field(owner: object, *names: str) -> object:
    """What an object has under the first of these names that it has; None if under none."""
    if isinstance(owner, dict):
        for name in names:
            if owner.get(name) is not None:
                found: object = owner[name]
                return found
    return None


def find_list(owner: object, *names: str) -> list[object]:
    """The list that an object has under one of these names; an empty one where there is none."""
    found = find_field(owner, *names)
    return found if isinstance(found, list) else []


def find_first(owner: object, name: str, default: object = None) -> object:
    """The first member of the list that an object has under a name."""
    return next(iter(find_list(owner, name)), default)


def find_time(owner: object, *names: str, per_second: int = 1) -> int | None:
    """The milliseconds that an object has under the first of these names with a value."""
    return count_milliseconds(find_field(owner, *names), per_second)


def find_label(owner: object, name: str, number: str = "") -> str:
    """A name or a label as it stands; of a bare number, what it counts, and the number."""
    label = find_field(owner, name)
    if isinstance(label, Decimal) and label.is_finite() and abs(label) < 10**9:
        label = f"{label:f}"
    if not isinstance(label, str):
        return ""
    label = clean_label(label)
    return f"{number} {label}" if number and label.isdecimal() else label


def clean_label(label: str) -> str:
    """A speaker's name on one line, without the colon that sets it apart."""
    return " ".join(_whole_characters(label).split()).rstrip(": ")


def find_text(owner: object, *names: str) -> str:
    """The text that an object has under the first of these names where there is any.

    A number is text too: `1984` without its quotation marks was said all the same.
    """
    return _whole_characters(_as_text(find_field(owner, _text_name(owner, names))))


class JsonDocument:
    """The value of a JSON file, and which of its texts were taken."""

    def __init__(self, value: object) -> None:
        self.value = value
        self._taken: set[tuple[int, str]] = set()

    def take(self, owner: object, *names: str) -> str:
        """What `find_text` gives, which counts as taken from now on."""
        self._taken.add((id(owner), _text_name(owner, names)))
        return find_text(owner, *names)

    def take_all(self, owners: Iterable[object], *names: str) -> None:
        """Count a text of each of these as taken."""
        self._taken.update((id(owner), _text_name(owner, names)) for owner in owners)

    def close(self, cues: Iterable[RawCue], left_out: Iterable[LeftOut] = ()) -> RawSource:
        """The cues that hold a word, and every text of the file that is in none of them."""
        kept = tuple(cue for cue in cues if find_keys(cue.text))
        said = Counter(key for cue in kept for key in find_keys(cue.text))
        rest = self._untaken().items()
        repeated = (piece for path, texts in rest for piece in _leave_out(path, texts, said))
        return RawSource(kept, (*left_out, *repeated))

    def _untaken(self) -> dict[str, list[str]]:
        """The texts that were not taken, by where in the file they stand."""
        found: dict[str, list[str]] = {}
        sure: set[str] = set()
        for _, step in _walk(self.value):
            text = step.value
            if not isinstance(text, str) or (id(step.owner), step.name) in self._taken:
                continue
            if find_keys(text):
                found.setdefault(step.path, []).append(_whole_characters(text))
                listed = isinstance(step.owner, list) or len(text.split()) > 1
                if step.name in _SPEECH or (listed and step.name not in _LABELS):
                    sure.add(step.path)
        return {path: texts for path, texts in found.items() if path in sure}


def expect(fits: bool, maker: str, has: str) -> None:
    """Refuse a document that is not of the format that it is read as."""
    if not fits:
        raise UnreadableSourceError(
            1,
            f"this is not what {maker} writes: {has} is missing",
            "name the format of the program that made the file, or let sic import find it",
        )


def open_document(
    content: str, is_own: Callable[[object], bool], maker: str, has: str
) -> JsonDocument:
    """The document of a JSON text; one that is not its maker's is refused for lack of `has`."""
    document = JsonDocument(parse_json(content))
    expect(is_own(document.value), maker, has)
    return document


class _Step(NamedTuple):
    """A value in a document: in which object or list, the nearest name, and the whole way there."""

    owner: object
    name: str
    path: str
    value: object


def _walk(value: object) -> Iterator[tuple[int, _Step]]:
    """Every value of a document with its depth, in the order of the file."""
    ahead = [(0, _Step(None, "", "", value))]
    while ahead:
        depth, step = ahead.pop()
        yield depth, step
        if depth <= _DEEPEST:
            ahead.extend((depth + 1, child) for child in reversed(list(_children(step))))


def _children(step: _Step) -> Iterator[_Step]:
    owner = step.value
    if isinstance(owner, dict):
        for name, value in owner.items():
            shown = _whole_characters(name[:_LONGEST_NAME])
            yield _Step(owner, name, f"{step.path}.{shown}" if step.path else shown, value)
    elif isinstance(owner, list):
        first = f"{step.path}[]"
        later = f"{step.path}[2…]" if step.name in _GUESSES else first
        for number, value in enumerate(owner):
            yield _Step(owner, step.name, later if number else first, value)


def _leave_out(path: str, texts: list[str], said: Counter[str]) -> Iterator[LeftOut]:
    """All texts of one place as one, and whether they say what the cues say.

    The tokens of some recognisers are pieces of words, which glued together are words.
    """
    apart, glued = " ".join(texts), "".join(texts)
    for text in (apart, glued):
        if Counter(find_keys(text)) == said:
            yield LeftOut(0, text, AGAIN, where=path)
            return
    if "[2…]" in path:
        yield LeftOut(0, apart, "another guess at what was said", where=path)
        return
    for text in (apart, glued):
        if Counter(find_keys(text)) <= said:
            yield LeftOut(0, text, PARTLY_AGAIN, where=path)
            return
    again, other = _split_off(apart, said)
    if again:
        yield LeftOut(0, again, AGAIN, where=path)
    yield LeftOut(0, other, "other words than those taken for speech", where=path)


def _split_off(text: str, said: Counter[str]) -> tuple[str, str]:
    """All of what the cues say out of a text that says it all, and what that says besides.

    Deepgram's paragraphs say who speaks between the words. Of a text that says less than the cues,
    nothing is split off: it may be about something else.
    """
    if not said <= Counter(find_keys(text)):
        return "", text
    ahead = said.copy()
    again: list[str] = []
    other: list[str] = []
    for token in text.split():
        keys = Counter(find_keys(token))
        repeats = all(ahead[key] >= count for key, count in keys.items())
        if repeats:
            ahead.subtract(keys)
        (again if repeats else other).append(token)
    return " ".join(again), " ".join(other)


def _unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        for name, value in pairs:
            if members[name] != value:
                raise UnreadableSourceError(
                    1,
                    f"an object has “{_whole_characters(name)}” twice, with different values",
                    "save once more what the recogniser gave",
                )
    return members


def _text_name(owner: object, names: tuple[str, ...]) -> str:
    has = (name for name in names if find_keys(_as_text(find_field(owner, name))))
    return next(has, names[0])


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str) else ""


def _whole_characters(text: str) -> str:
    """The text with a mark for each half of a character, which no file can hold."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _too_deep() -> UnreadableSourceError:
    return UnreadableSourceError(
        1,
        f"the file is nested more than {_DEEPEST} deep",
        "no recogniser writes such files; save once more what yours gave",
    )
