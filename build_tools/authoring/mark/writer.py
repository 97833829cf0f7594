"""A mark or a problem for every difference between an edition and its source."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from build_tools.authoring.mark.comparison import Comparison, ends_sentence, shorten
from build_tools.authoring.mark.footnotes import Footnotes, NewEdit
from build_tools.checks.additions import Addition, Advice, explain_addition, explain_rule
from build_tools.model.edition import Kind, Mark
from build_tools.model.text import Edit, Problem
from build_tools.reading.critic import escape_signs, unescape
from build_tools.text.differences import Difference
from build_tools.text.words import find_keys, is_unspaced
from build_tools.transcript.guess_kind import Names, guess_kind, guess_rejection

# A longer passage was moved, cut or rewritten, and a mark around it would hide that from reviewers.
LONGEST = 40
# A shorter run of words may be dropped in one place and added in another without a move.
_SHORTEST_MOVE = 4
_BLANK = re.compile(r"\s")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")


class MarkWriter:
    """Writes marks from the start of an edition to its end, and collects problems."""

    def __init__(self, compared: Comparison, names: Names) -> None:
        self.compared, self.names = compared, names
        self.footnotes = Footnotes(compared)
        self.marks: list[NewEdit] = []
        self.problems: list[Problem] = []

    def write(self, differences: Sequence[Difference]) -> None:
        """A mark or a problem for each difference."""
        words, spans = self.compared.words, self.compared.spans
        moves = _find_moves(self.compared, differences)
        keys = {one: self._keys(one) for one in differences}
        times = Counter(keys.values())
        rules = {pair: explain_rule(*pair, number) for pair, number in times.items()}
        for difference in differences:
            first, end, source_first, source_end = difference
            touched = words[first:end]
            if rule := rules[keys[difference]]:
                if number := times.pop(keys[difference], 0):
                    self._report(first, (f"the same change {number} times", rule))
            elif advice := self._explain(difference):
                self.problems.append(self.compared.edition.text.problem(*advice))
            elif difference in moves:
                self._report(first, _describe_move(self.compared, difference, moves[difference]))
            elif max(end - first, source_end - source_first) > LONGEST:
                self._report(first, _describe_length(self.compared, difference))
            elif first == end:
                self._reject(difference)
            # Text without a mark, a star or a bracket.
            elif all(
                word.span == word.last_span and spans[word.span].mark is Mark.PLAIN
                for word in touched
            ):
                self._change(difference)
            else:
                self._report(first, _describe_inside(self.compared, difference))

    def _keys(self, difference: Difference) -> tuple[tuple[str, ...], tuple[str, ...]]:
        first, end, source_first, source_end = difference
        source_keys = self.compared.source_keys(source_first, source_end)
        return source_keys, self.compared.keys[first:end]

    def _explain(self, difference: Difference) -> Advice | None:
        """What is wrong with words that were put in and are none."""
        words = self.compared.words[difference.heard_first : difference.heard_end]
        if not words or self.compared.spans[words[0].span].mark is not Mark.PLAIN:
            return None
        addition = Addition(self.compared.edition, words[0].start, words[-1].end)
        return explain_addition(addition)

    def _report(self, word: int, problem: tuple[str, str]) -> None:
        self.problems.append(self.compared.problem(word, *problem))

    def _change(self, difference: Difference) -> None:
        """Writes a mark for each span, since no mark crosses a star, a bracket or a blank line."""
        first, end, source_first, source_end = difference
        spans = groupby(range(first, end), lambda word: self.compared.words[word].span)
        pieces = [list(numbers) for _, numbers in spans]
        for piece in pieces:
            upper = source_end if piece is pieces[-1] else source_first + len(piece)
            upper = min(upper, source_end)
            self._replace(Difference(piece[0], piece[-1] + 1, source_first, upper))
            source_first = upper

    def _replace(self, difference: Difference) -> None:
        """Writes the mark of words that replace others or that the source lacks."""
        first, end, source_first, source_end = difference
        compared = self.compared
        raw, keys = compared.raw(first, end), compared.keys[first:end]
        source_keys = compared.source_keys(source_first, source_end)
        if keys == source_keys:
            return
        said, kind, mark = unescape(raw), Kind.DROPOUT, f"{{++{raw}++}}"
        if source_keys:
            heard = compared.source_text(source_first, source_end)
            begins = not first or ends_sentence(compared.gaps[first])
            kind = guess_kind(heard, said, self.names, begins_sentence=begins)
            before, behind = (" " * compared.may_merge(word) for word in (first, end))
            mark = f"{{~~{before}{escape_signs(heard)}{behind}~>{raw}~~}}"
        start, stop = compared.words[first].start, compared.words[end - 1].end
        label = self.footnotes.choose_label(stop, (source_keys, keys), said, kind)
        self._add(Edit(start, stop, mark), label)

    def _reject(self, difference: Difference) -> None:
        """Writes the mark of words that the edition left out."""
        word, _, source_first, source_end = difference
        keys = self.compared.keys
        heard = self.compared.source_text(source_first, source_end)
        source_keys = self.compared.source_keys(source_first, source_end)
        if _is_in_heading(self.compared, word, source_keys):
            what = f"“{shorten(heard)}” was said, and stands in a heading"
            remedy = "put the words back into the speech; a heading is the editor's own"
            return self._report(word, (what, remedy))
        place = place_rejection(self.compared, difference)
        if place is None:
            what = f"the source says “{shorten(heard)}” inside what a mark or a doubt holds here"
            remedy = "put it back there; a mark's left side says what the source says"
            return self._report(word, (what, remedy))
        offset, precedes = place
        length = len(source_keys)
        before, after = keys[max(word - length, 0) : word], keys[word : word + length]
        kind = guess_rejection(source_keys, before, after)
        label = self.footnotes.choose_label(-1, (source_keys, ()), heard, kind)
        unspaced = word and all(is_unspaced(key[0]) for key in (keys[word - 1], source_keys[0]))
        blank = "" if precedes or unspaced else " "
        mark = f"{{--{blank}{escape_signs(heard)}--}}"
        return self._add(Edit(offset, offset, mark), label, " " * precedes)

    def _add(self, edit: Edit, label: str, behind: str = "") -> None:
        """Adds a mark with the reference to its footnote, unless that stands there already."""
        reference = "" if self.footnotes.label_behind(edit.end) == label else f"[^{label}]"
        written = f"{edit.written}{reference}{behind}"
        self.marks.append(NewEdit(edit._replace(written=written), label))


def place_rejection(compared: Comparison, difference: Difference) -> tuple[int, bool] | None:
    """The offset of a rejection, and whether it precedes the word there; None if it has no place.

    The mark follows the word before it without a blank, so that removing the mark leaves nothing;
    it stands behind stars, brackets and footnotes that follow the word.
    """
    content, words, word = compared.content, compared.words, difference.heard_first
    before, behind = (compared.source_break(one) for one in difference[2:])
    opens_paragraph = word < len(words) and "\n\n" in compared.gaps[word] and before > behind
    if not word or opens_paragraph:
        span = compared.spans[words[word].span]
        return words[word].start if span.mark is Mark.PLAIN else span.offset, True
    following = words[word].start if word < len(words) else len(content.rstrip())
    close = _BLANK_LINE.search(content, words[word - 1].end, following)
    limit = close.start() if close else following
    offsets = [*_offsets_behind(compared, word - 1, limit)]
    if close or word == len(words):
        offsets.append(limit)
    # Behind a backslash the brace of a mark would be plain text.
    return next(((one, False) for one in offsets if content[one - 1] != "\\"), None)


def _offsets_behind(compared: Comparison, word: int, limit: int) -> Iterator[int]:
    """The offsets behind a word where a mark may stand, the best one first."""
    spans, before = compared.spans, compared.words[word]
    if spans[before.last_span].mark is Mark.PLAIN:
        end = min(compared.offsets[before.last_span][-1], limit)
        if end == limit or _BLANK.search(compared.content, before.end, end):
            yield before.end
    for span in spans[before.last_span + 1 :]:
        if span.offset >= limit:
            break
        if span.mark is Mark.PLAIN and not span.heard.startswith("["):
            yield span.offset


def _is_in_heading(compared: Comparison, word: int, wanted: tuple[str, ...]) -> bool:
    """Whether a heading before a word of the edition holds words that the speech lacks."""
    words = compared.words
    offset = words[word].start if word < len(words) else len(compared.content) + 1
    before = words[word - 1].end if word else 0
    for chapter in compared.edition.chapters:
        if before <= chapter.offset < offset:
            title = find_keys(chapter.title)
            ends = (title[: len(wanted)], title[-len(wanted) :]) if len(wanted) > 1 else (title,)
            if wanted in ends:
                return True
    return False


def _find_moves(
    compared: Comparison, differences: Sequence[Difference]
) -> dict[Difference, Difference]:
    """Pairs of differences, both ways: words removed in one place and added in the other."""
    added: dict[tuple[str, ...], Difference] = {}
    removed: dict[tuple[str, ...], Difference] = {}
    for difference in differences:
        first, end, source_first, source_end = difference
        if source_first == source_end and end - first >= _SHORTEST_MOVE:
            added[compared.keys[first:end]] = difference
        elif first == end and source_end - source_first >= _SHORTEST_MOVE:
            removed[compared.source_keys(source_first, source_end)] = difference
    both = [(added[words], removed[words]) for words in added.keys() & removed.keys()]
    return {**dict(both), **{there: here for here, there in both}}


def _describe_move(
    compared: Comparison, difference: Difference, other: Difference
) -> tuple[str, str]:
    """Words that stand elsewhere in the source, or here in the source alone; and the remedy."""
    first, end, source_first, source_end = difference
    remedy = "put the words back where they were said"
    if source_first == source_end:
        shown, place = compared.quote_edition(first, end), compared.source_place(other.source_first)
        return f"“{shown}” was said elsewhere ({place})", remedy
    shown, where = compared.quote_source(*difference[2:]), compared.source_place(source_first)
    stands = compared.edition.text.place(compared.words[other.heard_first].start)
    return f"“{shown}” was said here ({where}), and stands at {stands}", remedy


def _describe_length(compared: Comparison, difference: Difference) -> tuple[str, str]:
    """A change that is too long for a mark, and the remedy."""
    first, end, source_first, source_end = difference
    here, there = f"{end - first} words stand here", f"has {source_end - source_first} others"
    if first < end:
        here = f"the {end - first} words “{compared.quote_edition(first, end)}” stand here"
    if source_first < source_end:
        there += f", “{compared.quote_source(source_first, source_end)}”"
    where = compared.source_place(source_first)
    what = f"{here}, where the source {there} ({where}): too many for a mark"
    return what, f"put the source's words back and change fewer at a time; a mark holds {LONGEST}"


def _describe_inside(compared: Comparison, difference: Difference) -> tuple[str, str]:
    """A change inside a mark or a doubt, or across a star or a bracket; and the remedy."""
    first, end, source_first, source_end = difference
    said = compared.quote_edition(first, end)
    heard = compared.quote_source(source_first, source_end)
    where = compared.source_place(source_first)
    what = f"the source says “{heard}” ({where})" if heard else f"the source says less ({where})"
    marks = {compared.spans[word.span].mark for word in compared.words[first:end]}
    if Mark.CHANGE in marks:
        remedy = f"write on the mark's left side what the source says{': ' * bool(heard)}{heard}"
        return f"{what}, and a mark's left side here “{said}”", remedy
    if Mark.DOUBT in marks:
        remedy = "put the source's words back; if the doubt is solved, leave the right words alone"
        return f"{what}, and a doubt here “{said}”", remedy
    remedy = "write the whole word inside the stars or brackets, or outside of them"
    return f"{what}, and the edition “{said}”, across a star or a bracket", remedy
