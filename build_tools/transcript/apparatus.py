"""The apparatus of a transcript: which of its witnesses heard what, where they differ."""

from collections.abc import Iterable, Iterator, Mapping

from build_tools.model.edition import BASE
from build_tools.model.source import Source
from build_tools.model.transcript import ApparatusEntry, Reading
from build_tools.text.catalogue import tr
from build_tools.text.collation import Variant


def list_apparatus(
    source: Source, witnesses: Mapping[str, Source], variants: Iterable[Variant]
) -> Iterator[ApparatusEntry]:
    """The entries in order, each with the readings of the source and of its witnesses."""
    for variant in variants:
        heard = slice_readings(variant, witnesses)
        own = source.slice(variant.first, variant.end, trailing=False)
        letters = {variant.heard.replace(" ", ""): [BASE]}
        texts = {variant.heard.replace(" ", ""): own}
        for letter, reading in zip(witnesses, variant.readings, strict=True):
            if letter in heard:
                key = reading.replace(" ", "")
                letters.setdefault(key, []).append(letter)
                texts.setdefault(key, heard[letter])
        readings = (Reading(tuple(letters[key]), text) for key, text in texts.items())
        yield ApparatusEntry(variant.first, variant.end, tuple(readings))


def slice_readings(variant: Variant, witnesses: Mapping[str, Source]) -> dict[str, str]:
    """What each witness wrote at a place, by its letter, without those that lack the part."""
    found = zip(witnesses.items(), variant.places, strict=True)
    return {
        letter: witness.slice(*place, trailing=False) for (letter, witness), place in found if place
    }


def join_letters(letters: Iterable[str]) -> str:
    """Letters of witnesses as a person lists them.

    >>> join_letters("A"), join_letters("BCD")
    ('A', 'B, C and D')
    """
    *others, last = letters
    return tr("{several} and {last}", several=", ".join(others), last=last) if others else last


def quote_reading(text: str) -> str:
    """A reading in quotation marks."""
    return tr("“{words}”", words=text) if text else tr("nothing")
