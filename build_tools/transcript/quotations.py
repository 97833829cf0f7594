"""Quotations looked up in a transcript: the passage that each stands for, or what is wrong."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from build_tools.model.address import split_address
from build_tools.model.edition import Mark
from build_tools.model.theme import Answer, Cited, Phrase, Quotation
from build_tools.model.transcript import PlacedParagraph, Transcript
from build_tools.text.phrases import compile_phrases, find_phrases
from build_tools.text.words import find_keys

# The most words of a passage: a longer one is no fair quotation.
_MOST_WORDS = 500
# Punctuation around a passage belongs to it; a sign that joins it to the next words does not.
_BEFORE = re.compile(r"[“‘\"'«„‚¿¡(\[]*$")
# In German the marks that open an English or French quotation close one.
_AFTER = re.compile(r"(?:[.?!…,;:”’\"'»)\]]|[“‘«](?!\w))*")
_JOINING = ",;:"
# Signs behind the name at the beginning of a link that says who speaks.
_NAME_END = re.compile(r"\s*(?:$|[,:;(–—])")
# How many words of a line are searched for the expected ones.
_SEARCHED = 100
_HEARD_END = attrgetter("heard_end")
# What a span has of a passage: a slice of the text as said, and its words as said and as heard.
_Piece = tuple[slice, tuple[Sequence[str], ...]]


def find_answers(transcript: Transcript, cited: Iterable[Cited]) -> dict[Cited, Answer]:
    """Answer each quotation and phrase; one pass finds all phrases."""
    wanted = list(dict.fromkeys(cited))
    finder = _Finder(transcript, {one.words for one in wanted if isinstance(one, Phrase)})
    return {
        one: finder.cut(one) if isinstance(one, Quotation) else finder.check(one) for one in wanted
    }


class _Finder:
    """Looks up places in one transcript; `said` maps phrases to the source's words there."""

    def __init__(self, transcript: Transcript, phrases: Iterable[str]) -> None:
        self.transcript = transcript
        self.slug = transcript.edition.slug
        self.cues = {cue.address: n for n, cue in enumerate(transcript.source.cues)}
        self.ends = [paragraph.end_word for paragraph in transcript.paragraphs]
        self.said = defaultdict[str, list[int]](list)
        words = sorted(one for one in phrases if find_keys(one))
        starts = [paragraph.said_start for paragraph in transcript.paragraphs]
        for match in find_phrases(
            compile_phrases(map(find_keys, words)), transcript.said_words.keys
        ):
            start = transcript.said_words.starts[match.first]
            word = transcript.word_at(bisect_right(starts, start) - 1, start)
            self.said[words[match.phrase]].append(word)

    def cut(self, quotation: Quotation) -> Answer:
        """The passage from the first expected words at one address to the last at the other."""
        first, last = (self._find_words(one) for one in (quotation.first, quotation.last))
        opening, closing = find_keys(quotation.opening), find_keys(quotation.closing)
        begin = next((word for word in first[:_SEARCHED] if self._begins(word, opening)), None)
        end = next((word for word in last[::-1][:_SEARCHED] if self._ends(word, closing)), None)
        words = range(
            first.start if begin is None else begin, last.stop if end is None else end + 1
        )
        if refused := self._refuse(quotation, words):
            return refused
        pieces = [piece for piece, _ in self._cut_pieces(words)]
        passage = _widen(self.transcript.said, pieces[0].start, pieces[-1].stop)
        edition = self.transcript.edition
        if begin is None:
            return _disagree(quotation.first, " ".join(passage.split()[:5]), quotation.opening)
        if end is None:
            return _disagree(quotation.last, " ".join(passage.split()[-5:]), quotation.closing)
        speaker = self._find_speakers(words)[0] or edition.title
        address = self.transcript.source.address_at(words.start)
        return Answer(passage, speaker, edition.date, edition.lang, address)

    def _refuse(self, quotation: Quotation, words: range) -> Answer | None:
        for address in (quotation.first, quotation.last):
            if not self._find_words(address):
                line, _ = split_address(address)
                number = len(self._find_words(line))
                remedy = "select the word on its page and choose Quote: its address is behind #"
                remedy = f"the last word there is #{line}w{number}" if number else remedy
                return Answer(what=f"{self.slug} has no address #{address}", remedy=remedy)
        if not words:
            what = f"#{quotation.last} stands before #{quotation.first}"
            return Answer(what=what, remedy="write the address of the first word first")
        if len(words) > _MOST_WORDS:
            what = f"this passage has {len(words)} words; {_MOST_WORDS} are quoted at most"
            return Answer(what=what, remedy="quote less")
        if len(speakers := self._find_speakers(words)) > 1:
            what = f"{_join_names(speakers)} speak in this passage"
            return Answer(what=what, remedy="quote the words of each on a line of their own")
        return None

    def check(self, phrase: Phrase) -> Answer:
        """The answer to a phrase: wrong words, a wrong address, a wrong name, or no mistake."""
        place = self._find_words(phrase.address) if phrase.address else range(0)
        begins: Sequence[int] = self.said.get(phrase.words, ())
        here = [word for word in begins if word in place]
        if phrase.words and not begins:
            remedy = "quote the words as the edition has them, whole and in one piece"
            return Answer(what=f"nobody says “{phrase.words}” in {self.slug}", remedy=remedy)
        if phrase.address and phrase.words and not here:
            remedy = f"write {self.slug}.md#{self.transcript.source.address_at(begins[0])}"
            return Answer(
                what=f"“{phrase.words}” does not begin at #{phrase.address}", remedy=remedy
            )
        declared = self.transcript.edition.speakers.items()
        named = [short for short, whole in declared if _names_speaker(phrase.name, short, whole)]
        if not named or not place:
            return Answer()
        speakers = self._find_speakers(range(here[0], here[0] + 1) if here else place)
        if not set(named) & set(speakers):
            what = f"at #{phrase.address} {_join_names(speakers)} speaks, not {named[0]}"
            return Answer(what=what, remedy="name who speaks there, or link to another place")
        return Answer()

    def _find_words(self, address: str) -> range:
        """The numbers of the source's words at an address; none if there is no such address."""
        line, number = split_address(address)
        cue = self.cues.get(line, -1)
        cues = self.transcript.source.cue_of_word
        words = range(bisect_left(cues, cue), bisect_right(cues, cue))
        return words[number - 1 : number] if "w" in address else words

    def _begins(self, word: int, keys: Sequence[str]) -> bool:
        words = range(word, min(word + len(keys) + _SEARCHED, self.ends[-1]))
        return _begin_with(keys, (forms for _, forms in self._cut_pieces(words)))

    def _ends(self, word: int, keys: Sequence[str]) -> bool:
        words = range(max(word - len(keys) - _SEARCHED, 0), word + 1)
        pieces = reversed(list(self._cut_pieces(words) if keys else ()))
        return _begin_with(keys[::-1], (tuple(one[::-1] for one in forms) for _, forms in pieces))

    def _paragraphs(self, words: range) -> Sequence[PlacedParagraph]:
        first, last = (bisect_right(self.ends, word) for word in (words.start, words.stop - 1))
        return self.transcript.paragraphs[first : last + 1]

    def _find_speakers(self, words: range) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.speaker for one in self._paragraphs(words)))

    def _cut_pieces(self, words: range) -> Iterator[_Piece]:
        """The spans between two words of the source; a changed one is never cut."""
        heard = self.transcript.heard_words
        start, end = heard.starts[words.start], heard.ends[words.stop - 1]
        for paragraph in self._paragraphs(words):
            spans = paragraph.spans
            for placed in spans[bisect_right(spans, start, key=_HEARD_END) :]:
                if placed.heard_start >= end:
                    break
                span, begin = placed.span, placed.said_start
                if span.mark is Mark.CHANGE:
                    forms = find_keys(span.said), find_keys(span.heard)
                    yield slice(begin, placed.said_end), forms
                    continue
                shift = placed.heard_start
                cut = slice(max(start - shift, 0), min(end, placed.heard_end) - shift)
                yield slice(begin + cut.start, begin + cut.stop), (find_keys(span.said[cut]),)


def _widen(said: str, start: int, end: int) -> str:
    """A slice of the text as said on one line, with the punctuation that belongs to it."""
    before = _BEFORE.search(said[max(start - 5, 0) : start])
    after = _AFTER.match(said, end)
    opening = before[0] if before else ""
    closing = after[0].rstrip(_JOINING) if after else ""
    return " ".join(f"{opening}{said[start:end]}{closing}".split())


def _disagree(address: str, found: str, expected: str) -> Answer:
    what = f"at #{address} stands “{found}”, not “{expected}”"
    return Answer(what=what, remedy="correct the address, or the words behind it")


def _begin_with(keys: Sequence[str], pieces: Iterable[tuple[Sequence[str], ...]]) -> bool:
    """Whether the words of some pieces, each in one of its forms, begin with these.

    A word agrees as it was said and as it was heard: a new correction makes no author wrong.
    """
    reached = {0}
    for forms in pieces:
        if len(keys) in reached or not reached:
            break
        reached = {
            at + len(rest)
            for at in reached
            for form in forms
            if (rest := keys[at : at + len(form)]) == form[: len(rest)]
        }
    return len(keys) in reached


def _names_speaker(linked: str, short: str, whole: str) -> bool:
    """Whether the words of a link say that somebody speaks: “Ann”, “Ann Lee, 2024”."""
    lower = linked.casefold()
    forms = (form.casefold() for form in (short, whole, whole.split()[-1]))
    return any(lower.startswith(form) and _NAME_END.match(lower, len(form)) for form in forms)


def _join_names(speakers: Iterable[str]) -> str:
    return " and ".join(name or "somebody unnamed" for name in speakers)
