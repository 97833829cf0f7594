"""Speakers: whether their names are names, and whether only speech looks like speech."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from build_tools.model.edition import UNKNOWN_VOICE, Edition
from build_tools.model.source import Source
from build_tools.model.text import Problem
from build_tools.model.transcript import PlacedParagraph
from build_tools.reading.tree import SourcedEdition
from build_tools.sources.labels import MOST_CHARACTERS, is_speaker_name
from build_tools.text.words import find_keys
from build_tools.transcript.alignment import place_paragraphs

_WORDS_SHOWN = 6
_COLON = re.compile("[:：﹕︓∶꞉ː]")


def check_speakers(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each declared name that is no name, or the name of another speaker."""
    edition = sourced.edition
    for short, full in edition.speakers.items():
        meant = _find_full_name(short, edition.speakers)
        if meant and meant != full and not set(find_keys(short)) & set(find_keys(full)):
            what = f"“{short}” stands for {full}, and another speaker is {meant}"
            yield edition.problem(("speakers", short), what, f"write {short}: {meant}")
        for name in (one for one in dict.fromkeys((short, full)) if not is_speaker_name(one)):
            what = f"“{name[:MOST_CHARACTERS]}” is no name of a speaker"
            remedy = f"write a name of at most {MOST_CHARACTERS} characters, without ! ? or ;"
            yield edition.problem(("speakers", short), what, remedy)


def check_introduction(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each line of the introduction that looks like a turn."""
    edition = sourced.edition
    names = {find_keys(name) for both in edition.speakers.items() for name in both}
    for paragraph in edition.introduction:
        words = "".join(span.said for span in paragraph.spans)
        for line in words.splitlines():
            name, *behind = _COLON.split(line.strip(), maxsplit=1)
            if behind and find_keys(name) in names:
                what = f"the introduction puts words into the mouth of {name.strip()}"
                remedy = "write this differently: speech begins at the first ## or **Name:**"
                yield edition.text.problem(paragraph.offset, what, remedy)


def check_attribution(sourced: SourcedEdition) -> Iterator[Problem]:
    """Yield a problem for each paragraph given to another than its source names, unexplained."""
    edition, source = sourced.edition, sourced.source
    if not source or not sourced.faithful or not any(cue.speaker for cue in source.cues):
        return
    placed = list(place_paragraphs(edition, sourced.rejected))
    names = _name_labels(edition, source, placed)
    explained = False
    for paragraph, place in zip(edition.paragraphs, placed, strict=True):
        explained = bool(place.notes) if place.names_speaker else explained
        given = place.speaker or UNKNOWN_VOICE
        if explained or not (place.speaker or place.is_unknown):
            continue
        for label, first, end in _labelled_words(source, place):
            if names[label] != given:
                words = " ".join(source.slice(first, min(end, first + _WORDS_SHOWN)).split())
                where = f"“{words}” (line {source.cue_at(first).line})"
                other = place.speaker or "an unknown voice"
                what = f"the source gives {where} to {label}, the edition to {other}"
                remedy = f"write **{given}:**[^who] and a line [^who]: speaker: reason; "
                remedy += f"or give these words to **{names[label]}:**"
                yield edition.text.problem(paragraph.offset, what, remedy)
                break


def _labelled_words(source: Source, place: PlacedParagraph) -> Iterator[tuple[str, int, int]]:
    words = range(place.first_word, place.end_word)
    for label, run in groupby(words, key=lambda word: source.cue_at(word).speaker):
        own = list(run)
        if label:
            yield label, own[0], own[-1] + 1


def _name_labels(
    edition: Edition, source: Source, placed: Iterable[PlacedParagraph]
) -> dict[str, str]:
    """Map each label of the source to the name that it is, or that has most of its words."""
    words: dict[str, Counter[str]] = {cue.speaker: Counter() for cue in source.cues if cue.speaker}
    for place in placed:
        if place.speaker and not place.notes:
            for label, first, end in _labelled_words(source, place):
                words[label][place.speaker] += end - first
    names = {}
    for label, counts in words.items():
        usual = next((name for name, _ in counts.most_common(1)), label)
        # What a label means is told only where it is no speaker's name.
        told = (label, edition.source.labels.get(label) or label)
        found = (_find_name(name, edition.speakers) for name in told)
        names[label] = next(filter(None, found), usual)
    return names


def _find_full_name(short: str, speakers: Mapping[str, str]) -> str:
    own = set(find_keys(short))
    alike = {full for full in speakers.values() if own and own <= set(find_keys(full))}
    return alike.pop() if len(alike) == 1 else ""


def _find_name(label: str, speakers: Mapping[str, str]) -> str:
    """The declared short name that is a label or shares all words of one of the two, or ""."""
    meant, full_name = label.casefold(), _find_full_name(label, speakers)
    pairs = speakers.items()
    same = (short for short, full in pairs if meant in (short.casefold(), full.casefold()))
    return next(same, "") or next((short for short, full in pairs if full == full_name), "")
