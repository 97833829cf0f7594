"""The lists of texts in JSON of any maker, and how to read the one that holds the speech."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple
from xml.etree.ElementTree import Element

from build_tools.sources.json.document import DEEPEST, GUESSES, Object, find_text, too_deep
from build_tools.sources.json.fields import STARTS, find_people, find_speaker, find_time
from build_tools.sources.json.vendors import Level, Pieces
from build_tools.sources.markup import local_name, parse_html
from build_tools.text.words import find_keys

# The names of a text, in the order in which they are tried.
_TEXTS = (
    *("punctuated_word", "punct", "text", "word", "body", "sentence", "transcript", "content"),
    *("display", "utf8", "value", "lines", "utterance", "message", "caption", "words"),
    *("raw_text", "full_transcript", "Content"),
)
_WORDS = ("words", "tokens", "items", "Items", "elements", "alignment")
# The most words of a piece that makes a cue; longer ones are told by their single words.
_LONGEST = 40
# Signs that have a meaning in a path.
_PATH_SIGNS = frozenset(".|[]*")


class _List(NamedTuple):
    """The objects at a path: the name of their text, their number, and that of their words.

    `timed`, `named` and `spaced` have a time, a speaker, and a blank at an end of the text.
    """

    path: str
    text: str
    size: int
    words: int
    timed: int
    named: int
    spaced: int

    @property
    def is_words(self) -> bool:
        """Whether its pieces are single words."""
        return self.path.rpartition(".")[2] in _WORDS or 5 * self.words <= 6 * self.size

    @property
    def rank(self) -> tuple[bool, bool]:
        """Lists with speakers first, then those whose pieces are neither words nor long."""
        short = not self.is_words and self.words <= _LONGEST * self.size
        return 2 * self.named < self.size, not short and not self.is_words

    def holds(self, other: _List) -> bool:
        """Whether the objects of another list are inside of its own."""
        return not self.path or other.path.startswith(f"{self.path}.")


class Discovery(NamedTuple):
    """The levels of a document, the paths of lists of speakers by time, and people by their ids.

    Otter counts the `samples` of the sound.
    """

    levels: tuple[Level, ...]
    turns: tuple[str, ...]
    people: dict[str, str]
    samples: bool = False


def rewrite(value: object) -> object:
    """A document with objects for Watson's triples of a word and two times and oTranscribe's HTML.

    >>> rewrite(["Hi", Decimal(1), Decimal(2)])
    {'word': 'Hi', 'start': Decimal('1'), 'end': Decimal('2')}
    """
    if isinstance(value, str):
        return _split_html(value) if "data-timestamp=" in value else value
    if isinstance(value, dict):
        return {name: rewrite(member) for name, member in value.items()}
    if not isinstance(value, list):
        return value
    if [type(member) for member in value] == [str, Decimal, Decimal]:
        return dict(zip(("word", "start", "end"), value, strict=True))
    return [rewrite(member) for member in value]


def _split_html(content: str) -> list[object]:
    """The lines of oTranscribe's text, each with the time at its beginning."""
    lines: list[Object] = [{"text": ""}]
    stamp = False
    for piece in parse_html(content):
        if piece.tag in ("p", "div", "br") or "data-timestamp" in piece.attributes:
            lines.append({"text": ""})
        if piece.tag:
            stamp = "data-timestamp" in piece.attributes
            if stamp:
                lines[-1]["start"] = piece.attributes["data-timestamp"]
        elif not stamp:
            lines[-1]["text"] = f"{lines[-1]['text']}{piece.text}"
    return [line for line in lines if line["text"]]


def value_of(element: Element, depth: int = 0) -> object:
    """An XML element as an object of JSON: its attributes, its own text, and lists of elements.

    An element with a text alone is this text. Raises UnreadableSourceError for deep nesting.
    """
    if depth > DEEPEST:
        raise too_deep()
    children: dict[str, list[object]] = {}
    for child in element:
        children.setdefault(local_name(child.tag), []).append(value_of(child, depth + 1))
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not element.attrib and not children:
        return text
    attributes = {local_name(name): member for name, member in element.attrib.items()}
    own: Object = {"text": text, **attributes}
    return own | {name: one[0] if one[1:] == [] else one for name, one in children.items()}


def discover(value: object) -> Discovery:
    """How to read a document; no levels if it has no list of texts with times or speakers."""
    objects: dict[str, list[Object]] = {}
    for path, owner in _find_objects(value):
        objects.setdefault(path, []).append(owner)
    people = find_people(owner for owners in objects.values() for owner in owners)
    lists = [_count(path, owners) for path, owners in objects.items()]
    spoken = [found for found in lists if found.words]
    timed = [found for found in spoken if found.path and 2 * found.timed >= found.size]
    named = [found for found in spoken if found.path and 2 * found.named >= found.size]
    most = max((one.words for one in timed), default=0)
    if 2 * most >= max((one.words for one in named), default=1):
        named = timed
    if not named:
        return Discovery((), (), {})
    most = max(found.words for found in named)
    best = min((one for one in named if 10 * one.words >= 9 * most), key=lambda one: one.rank)
    turns = [one for one in lists if not one.words and min(one.timed, one.named) * 2 >= one.size]
    turns = [] if 2 * best.named >= best.size else sorted(turns, key=lambda one: -one.size)
    samples = any("speaker_model_label" in owner for owner in objects[best.path])
    return Discovery((_plan(best, spoken),), tuple(one.path for one in turns), people, samples)


def _plan(best: _List, lists: list[_List]) -> Level:
    """The level of a list: with the words inside its pieces, or with the text around its words."""
    around = [one for one in lists if one is not best and one.holds(best)]
    inside = [one for one in lists if best.holds(one) and one.is_words]
    if not best.is_words:
        inner = max(inside, key=lambda one: one.words, default=None)
        rest = Pieces(inner.path[len(best.path) + 1 :], inner.text) if inner else None
        return Level((Pieces(best.path, best.text, cues=True, inner=rest),))
    fits = [one for one in around if 9 * one.words <= 10 * best.words <= 11 * one.words]
    owner = max(fits, key=lambda one: len(one.path), default=None)
    glued = 5 * best.spaced >= best.size
    if not owner:
        return Level((Pieces(best.path, best.text, glued=glued),))
    pieces = Pieces(best.path[len(owner.path) + bool(owner.path) :], best.text, glued=glued)
    return Level((pieces,), Pieces("", owner.text), parts=owner.path)


def _count(path: str, owners: list[Object]) -> _List:
    words: Counter[str] = Counter()
    for owner in owners:
        for name in _TEXTS:
            if isinstance(owner.get(name), str | list):
                words[name] += len(find_keys(find_text(owner, name)))
    text = max(_TEXTS, key=lambda name: words[name])
    shown = [find_text(owner, text) for owner in owners]
    return _List(
        path,
        text,
        len(owners),
        words[text],
        sum(find_time((owner,), STARTS, 1) is not None for owner in owners),
        sum(bool(find_speaker((owner,), {}, "", named=True)) for owner in owners),
        sum(word != word.strip() for word in shown),
    )


def _find_objects(
    value: object, path: str = "", *, listed: bool = True
) -> Iterator[tuple[str, Object]]:
    """Every object with its path, where lists of guesses have their first member alone."""
    if isinstance(value, dict):
        yield path, value
        for name, member in value.items():
            if not _PATH_SIGNS & set(name):
                inner = f"{path}.{name}" if path else name
                yield from _find_objects(member, inner, listed=False)
    elif isinstance(value, list):
        guesses = not listed and path.rpartition(".")[2] in GUESSES
        inner = f"{path}[0]" if guesses else f"{path}.*".lstrip(".") if listed else path
        for member in value[:1] if guesses else value:
            yield from _find_objects(member, inner)
