"""A JSON file as a value with its objects and texts by path, and a report of the texts not read."""

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from build_tools.model.source import Cue
from build_tools.sources.markup import DEEPEST, parse_html, too_deep
from build_tools.sources.raw import AGAIN, PARTLY_AGAIN, LeftOut, RawSource, UnreadableSourceError
from build_tools.sources.times import read_number
from build_tools.text.words import find_keys, has_word

Object = dict[str, object]
# An object, and those around it from the nearest on; the last is the whole value.
Chain = tuple[object, ...]

# A name may be any text: a message shows only the beginning.
_LONGEST_NAME = 40
# Recognisers put words under these names. One word alone under another name is a state or an id.
_SPEECH = """
    Content body content display displayText display_text itn lexical maskedITN punct
    punctuated_word text transcript transcription utf8 utterance value word words
"""
_LABELS = """
    agent display_name displayName id label language locale model models name speaker speakerLabel
    ParticipantId ParticipantRole speaker_label speaker_name speakerDisplayName speakerName
    systeminfo user_name userName title type voice
"""
_SPEECH_NAMES, _LABEL_NAMES = (frozenset(names.split()) for names in (_SPEECH, _LABELS))
# The first member of such a list is the best guess.
GUESSES = frozenset(("alternatives", "nBest"))
_PATH_SIGNS = frozenset(".|[]*")
_BLANK = re.compile(r"[ \t\n\r]*")


class Document:
    """A value with its objects by path, the paths of all fields, and its texts in order.

    Lists lead to all of their members, under the path of the list, or under `*` if they have no
    name; a list of guesses leads to the first, as `alternatives[0]`. Of a text stand here its
    object or list, its nearest name, and its path for a message.
    """

    def __init__(self, root: object) -> None:
        self.root = root
        self.objects: dict[str, list[Chain]] = {}
        self.fields: set[str] = set()
        self.texts: list[tuple[object, str, str, str]] = []
        self._groups: dict[tuple[str, int], dict[int, list[Chain]]] = {}
        around = () if isinstance(root, dict) else (root,)
        self._walk(root, around, None, ("", "", ""))

    def _walk(
        self, value: object, around: Chain, owner: object, place: tuple[str | None, str, str]
    ) -> None:
        path, where, name = place
        if isinstance(value, str):
            self.texts.append((owner, name, where, value))
        elif isinstance(value, dict):
            around = (value, *around)
            if path is not None:
                self.objects.setdefault(path, []).append(around)
            for key, member in value.items():
                inner, field, below = _join_name(path, where, key)
                if field and member is not None and member != []:
                    self.fields.add(field)
                self._walk(member, around, value, (inner, below, key))
        elif isinstance(value, list):
            if path is not None and not isinstance(owner, dict):
                path = f"{path}.*".lstrip(".")
            guess = name in GUESSES
            for number, member in enumerate(value):
                below = f"{where}[{'2…' * (guess and number > 0)}]"
                first = f"{path}[0]" if path is not None and number == 0 else None
                self._walk(member, around, value, (first if guess else path, below, name))

    def find(self, path: str) -> list[Chain]:
        """The objects at a path; the whole value at the path ""."""
        return self.objects.get(path, []) if path else [(self.root,)]

    def find_in(self, part: Chain, path: str) -> list[Chain]:
        """The objects at a path that one of them is or holds."""
        key = path, len(part)
        if key not in self._groups:
            groups = self._groups[key] = {}
            for found in self.find(path):
                groups.setdefault(id(found[-len(part)]), []).append(found)
        return self._groups[key].get(id(part[0]), [])


@lru_cache(maxsize=1024)
def _join_name(path: str | None, where: str, name: str) -> tuple[str | None, str, str]:
    """The path of objects, of a field and for a message, each with a name behind it."""
    below = f"{where}.{replace_surrogates(name[:_LONGEST_NAME])}".lstrip(".")
    inner = None if path is None or _PATH_SIGNS & {*name} else f"{path}.{name}".lstrip(".")
    return inner, (inner or "").replace("[0]", ""), below


def parse_json(content: str) -> Document:
    """The value of a JSON text, or the list of its values if there are several, as in JSON lines.

    Numbers are decimals, and NaN and the infinities are None. Watson's triples of a word and two
    times and the lines of oTranscribe's HTML are objects, and the pieces of one of YouTube's
    captions are its text. Raises UnreadableSourceError.
    """
    decoder = json.JSONDecoder(
        parse_float=read_number,
        parse_int=read_number,
        parse_constant=lambda _: None,
        object_pairs_hook=_unique_names,
    )
    values: list[object] = []
    rest = content.strip(" \t\n\r")
    end = content.find(rest)
    last = end + len(rest)
    try:
        while end < last or not values:
            value, end = decoder.raw_decode(content, end)
            values.append(value)
            blank = _BLANK.match(content, end)
            end = blank.end() if blank else end
    except json.JSONDecodeError as error:
        what = f"the file is not JSON: {error.msg}, at character {error.colno} of the line"
        remedy = "save once more what the recogniser gave; perhaps the file was cut off"
        raise UnreadableSourceError(error.lineno, what, remedy) from None
    except RecursionError:
        raise too_deep() from None
    return Document(_rewrite(values if len(values) > 1 else values[0]))


def _rewrite(value: object, depth: int = 0) -> object:
    if depth > DEEPEST:
        raise too_deep()
    if isinstance(value, str):
        return _split_html(value) if "data-timestamp=" in value else value
    if isinstance(value, dict):
        members = {name: _rewrite(member, depth + 1) for name, member in value.items()}
        pieces = members.get("segs")
        if isinstance(pieces, list) and all(map(_is_segment, pieces)):
            del members["segs"]
            members["utf8"] = "".join(piece["utf8"] for piece in pieces)
        return members
    if not isinstance(value, list):
        return value
    if [type(member) for member in value] == [str, Decimal, Decimal]:
        return dict(zip(("word", "start", "end"), value, strict=True))
    return [_rewrite(member, depth + 1) for member in value]


def _is_segment(piece: object) -> bool:
    if not isinstance(piece, dict):
        return False
    return [name for name in piece if isinstance(piece[name], str | list | dict)] == ["utf8"]


def _split_html(content: str) -> list[object]:
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


def find_field(owner: object, *names: str) -> object:
    """The value at the end of names, or of the numbers of members of lists, or None."""
    for name in names:
        if isinstance(owner, list) and name.isdecimal():
            owner = next(iter(owner[int(name) :]), None)
        else:
            owner = owner.get(name) if isinstance(owner, dict) else None
    return owner


def find_label(owner: object, name: str, number: str = "") -> str:
    """A speaker's or channel's label; a bare number follows the word `number`, if there is one."""
    label = find_field(owner, name)
    if isinstance(label, Decimal) and label.is_finite() and abs(label) < 10**9:
        label = f"{label:f}"
    if not isinstance(label, str):
        return ""
    label = clean_label(label)
    return f"{number} {label}" if number and label.isdecimal() else label


@lru_cache(maxsize=256)
def clean_label(label: str) -> str:
    """A speaker's name on one line, without a colon at its end."""
    return " ".join(replace_surrogates(label).split()).rstrip(": ")


def find_text(owner: object, name: str) -> str:
    """The text that an object has under a name: a text, the lines of a list, or a bare number."""
    value = find_field(owner, name)
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    return replace_surrogates(str(value)) if isinstance(value, str | Decimal) else ""


def close_document(
    document: Document,
    read: Container[tuple[int, str]],
    cues: Iterable[Cue],
    left_out: Iterable[LeftOut],
) -> RawSource:
    """The cues that hold a word, and every text of a document that was not `read` as left out.

    `read` has the ids of objects or lists, and the names of their texts.
    """
    kept = tuple(cue for cue in cues if find_keys(cue.text))
    said = Counter(key for cue in kept for key in find_keys(cue.text))
    unread: dict[str, list[str]] = {}
    sure: set[str] = set()
    for owner, name, path, text in document.texts:
        if (id(owner), name) not in read and has_word(text):
            unread.setdefault(path, []).append(replace_surrogates(text))
            listed = isinstance(owner, list) or len(text.split()) > 1
            if name in _SPEECH_NAMES or (listed and name not in _LABEL_NAMES):
                sure.add(path)
    told = (_report_unread(path, unread[path], said) for path in unread if path in sure)
    return RawSource(kept, (*left_out, *chain.from_iterable(told)))


def expect(fits: bool, maker: str, has: str) -> None:
    """Raise UnreadableSourceError if a document does not fit its format."""
    if not fits:
        what = f"this is not what {maker} writes: {has} is missing"
        remedy = "name the format of the program that made the file, or let sic import find it"
        raise UnreadableSourceError(1, what, remedy)


def _report_unread(path: str, texts: Sequence[str], said: Counter[str]) -> Iterator[LeftOut]:
    """The texts of one path, joined, and how they compare with the text of the cues.

    Some recognisers write tokens that are pieces of words: try them joined without blanks too. A
    text may hold every word of the cues and others, such as Deepgram's paragraphs with speakers.
    """
    spaced, guess = " ".join(texts), "[2…]" in path
    for text in (spaced, "".join(texts)):
        keys = Counter(find_keys(text))
        if keys == said or (keys <= said and not guess):
            yield LeftOut(0, text, AGAIN if keys == said else PARTLY_AGAIN, where=path)
            return
    other = "another guess at what was said" if guess else "other words than those taken for speech"
    ahead = Counter[str]() if guess or not said <= Counter(find_keys(spaced)) else said.copy()
    told: dict[str, list[str]] = {AGAIN: [], other: []}
    for token in spaced.split():
        keys = Counter(find_keys(token))
        repeats = bool(ahead) and keys <= ahead
        ahead.subtract(keys if repeats else ())
        told[AGAIN if repeats else other].append(token)
    yield from (LeftOut(0, " ".join(kept), why, where=path) for why, kept in told.items() if kept)


def _unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    for name, value in pairs if len(members) < len(pairs) else ():
        if members[name] != value:
            what = f"an object has “{replace_surrogates(name)}” twice, with different values"
            raise UnreadableSourceError(1, what, "save once more what the recogniser gave")
    return members


def replace_surrogates(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which UTF-8 cannot encode."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
