"""The likely kind of a correction, and a label for its footnote.

The editor reviews each guess before it is published.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from build_tools.model.edition import Kind
from build_tools.model.glossary import Entry
from build_tools.text.sounds import sound_key
from build_tools.text.words import find_keys, find_words
from build_tools.transcript.sense import is_number

_DIGITS = re.compile(r"\d")
# “I” has a capital everywhere.
_FIRST_PERSON = re.compile(r"i(?:'\w+)?")
_NOT_IN_LABELS = re.compile(r"[^a-z0-9]+")
_LONGEST_LABEL = 40

Names = dict[tuple[str, ...], Kind]


def collect_names(entries: Iterable[Entry], speakers: Iterable[str] = ()) -> Names:
    """Map each form of each entry and each speaker to its kind: a name or a term."""
    names: Names = {find_keys(speaker): Kind.NAME for speaker in speakers}
    for entry in entries:
        kind = Kind.TERM if entry.kind == "concept" else Kind.NAME
        names.update((find_keys(form), kind) for form in entry.forms)
    return names


def guess_kind(heard: str, said: str, names: Names, *, begins_sentence: bool) -> Kind:
    """Guess the kind of a correction that replaces some words."""
    said_keys = find_keys(said)
    named = names.get(tuple(key.removesuffix("'s") for key in said_keys))
    if named:
        return named
    heard_keys = find_keys(heard)
    gone = {*heard_keys} - {*said_keys}
    amount = not any(map(str.isalpha, said_keys))
    new = {*said_keys} if amount else {*said_keys} - {*heard_keys}
    if any(map(is_number, new)) or any(map(_DIGITS.search, gone)):
        return Kind.NUMBER
    if _has_new_capital(said, heard_keys, begins_sentence=begins_sentence):
        return Kind.NAME
    if sound_key(heard) == sound_key(said) != "":
        return Kind.HOMOPHONE
    return Kind.GARBLE


def guess_rejection(rejected: Sequence[str], before: Sequence[str], after: Sequence[str]) -> Kind:
    """Guess the kind of a correction that deletes words between others."""
    size = len(rejected)
    if list(rejected) in (list(before[-size:]), list(after[:size])):
        return Kind.REPETITION
    return Kind.CUTOFF if after and after[0].startswith(rejected[-1]) else Kind.GARBLE


def make_slug(words: str, longest: int = _LONGEST_LABEL) -> str:
    """Words as a label or an address; "" if they have no Latin letter and no digit."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("'", "").replace("’", ""))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    slug = _NOT_IN_LABELS.sub("-", kept).strip("-")
    # A long one is cut behind a word.
    return slug if len(slug) <= longest else slug[:longest].rpartition("-")[0] or slug[:longest]


def _has_new_capital(said: str, heard: Sequence[str], *, begins_sentence: bool) -> bool:
    """Whether a new word has a capital that does not come from the start of a sentence."""
    for number, word in enumerate(find_words(said)):
        letters = said[word.start : word.end]
        inside = letters[1:] if begins_sentence and number == 0 else letters
        own = word.key not in heard and not _FIRST_PERSON.fullmatch(word.key)
        if own and any(map(str.isupper, inside)):
            return True
    return False
