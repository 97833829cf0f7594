"""Single words into cues, for files without cues of their own.

A cue begins at another speaker, after a sentence, after a pause of a second, and after fifteen
words, but never between two pieces that the file's text joins into one word.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from build_tools.model.source import Cue
from build_tools.sources.raw import LeftOut, RawSource
from build_tools.text.words import find_keys, has_word

_PAUSE = 1000
_LONGEST = 15
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", "۔")
_CLOSERS = "\"'”’»)]」』"


def phrase_words(words: Sequence[Cue], text: str = "") -> tuple[Cue, ...]:
    """Words as cues, spelled as in the file's own text if that has the same words."""
    phrases: list[list[Cue]] = []
    count = 0
    for word in _join_punctuation(group_words(words, text) or space_words(words)):
        if not phrases or _begins_cue(phrases[-1][-1], word, count):
            phrases.append([])
            count = 0
        phrases[-1].append(word)
        count += len(find_keys(word.text))
    return number_cues(map(join_words, phrases))


def join_words(words: Sequence[Cue]) -> Cue:
    """The words as one piece of the first one's speaker."""
    start = next((word.start for word in words if word.start is not None), None)
    end = next((word.end for word in reversed(words) if word.end is not None), None)
    return Cue(0, start, "".join(word.text for word in words), end, words[0].speaker)


def number_cues(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """The cues with their texts on one line, and with numbers from 1 as their lines."""
    return tuple(
        cue._replace(line=number, text=clean_text(cue.text)) for number, cue in enumerate(cues, 1)
    )


def join_text(words: Iterable[Cue]) -> str:
    """The text of words, with blanks between them unless the file has its own."""
    return clean_text("".join(word.text for word in space_words(tuple(words))))


def clean_text(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def group_words(words: Sequence[Cue], text: str) -> tuple[Cue, ...]:
    """The words with the signs between them in a text; none if the text has other words."""
    cuts = [0]
    end = 0
    for word in words:
        piece = word.text.strip()
        start = text.find(piece, end)
        if start < 0 or has_word(text[end:start]):
            return ()
        # Signs before the last blank belong to the word before.
        blanks = [n for n in range(end, start) if text[n].isspace()]
        cuts.append(blanks[-1] + 1 if blanks else start)
        end = start + len(piece)
    if has_word(text[end:]):
        return ()
    cuts = [0, *cuts[2:], len(text)]
    return tuple(
        word._replace(text=text[cut:following])
        for word, cut, following in zip(words, cuts, cuts[1:], strict=False)
    )


def space_words(words: Sequence[Cue]) -> tuple[Cue, ...]:
    """The words with a blank before each, unless most have blanks of their own."""
    apart = together = 0
    before = " "
    for word in words:
        if has_word(word.text):
            own = before[-1:].isspace() or word.text[:1].isspace()
            apart, together = apart + own, together + (not own)
        before = word.text or before
    # The first word always counts as set apart.
    if apart - 1 >= together:
        return tuple(words)
    return tuple(one._replace(text=f" {one.text}") if has_word(one.text) else one for one in words)


def interleave_tracks(tracks: Mapping[str, Sequence[Cue]]) -> RawSource:
    """The cues of all channels sorted by start, and the channels that repeat another as left out.

    A cue without a time stays behind the one before it in its channel. If there are several
    channels, their names stand before those of speakers: Speaker 0 of two channels is two people.
    """
    said: set[tuple[str, ...]] = set()
    ahead: list[tuple[int, Cue]] = []
    left_out = []
    for channel, track in tracks.items():
        text = " ".join(cue.text for cue in track)
        keys = find_keys(text)
        if keys and keys in said:
            left_out.append(LeftOut(0, text, f"{channel} says the same as another channel"))
            continue
        said.add(keys)
        time = 0
        for cue in track:
            if len(tracks) > 1:
                time = max(time, cue.start or 0)
                cue = cue._replace(speaker=", ".join(filter(None, (channel, cue.speaker))))
            ahead.append((time, cue))
    ahead.sort(key=lambda timed: timed[0])
    return RawSource(number_cues(cue for _, cue in ahead), tuple(left_out))


def _join_punctuation(words: Iterable[Cue]) -> Iterator[Cue]:
    """The words, each with the pieces without a word around it; a piece after a blank opens."""
    texts: list[str] = []
    opening: list[str] = []
    owner: Cue | None = None
    for word in words:
        if has_word(word.text):
            if owner:
                yield owner._replace(text="".join(texts))
            owner, texts, opening = word, [*opening, word.text], []
        elif owner is None or opening or (texts[-1][-1:].isspace() and word.text.strip()):
            opening.append(word.text)
        else:
            texts.append(word.text)
    if owner:
        yield owner._replace(text="".join([*texts, *opening]))


def _begins_cue(before: Cue, word: Cue, count: int) -> bool:
    if word.speaker != before.speaker:
        return True
    ended = before.end if before.end is not None else before.start
    pause = ended is not None and word.start is not None and word.start - ended >= _PAUSE
    sentence = before.text.rstrip().rstrip(_CLOSERS).endswith(_ENDS)
    if not (pause or sentence or count >= _LONGEST):
        return False
    apart = (*find_keys(before.text), *find_keys(word.text))
    return find_keys(before.text + word.text) == apart
