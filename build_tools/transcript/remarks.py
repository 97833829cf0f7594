"""What an editor says of a transcript: corrections, open doubts, reviews; and the word errors.

Words are compared by their keys, paragraph by paragraph: a paragraph begins and ends at the same
place in both texts, so the counts add up and the work stays linear. Unnoticed errors and open
doubts are not counted: the true rate is at least this. Another spelling is no error.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from rapidfuzz.distance import Levenshtein

from build_tools.model.edition import UNKNOWN_LABEL, Kind, Mark, PlacedSpan
from build_tools.model.transcript import Coverage, Errors, Remark, Transcript, WordErrors
from build_tools.text.words import find_keys
from build_tools.transcript.alignment import name_in_source


def find_corrections(transcript: Transcript) -> tuple[Remark, ...]:
    """Find all corrections in order, each with its place in the source.

    A turn that is given to somebody else than the source names is one, too.
    """
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    found = list(_find_remarks(transcript, Mark.CHANGE))
    for number, place in enumerate(transcript.paragraphs):
        if place.notes:
            behind = tuple(footnotes[label] for label in place.notes)
            names = (name_in_source(transcript, number), place.speaker or UNKNOWN_LABEL)
            about = _place(transcript, place.first_word)
            remark = Remark(*about, place.speaker, *names, behind, "")
            found.append((place.first_word, remark))
    return tuple(remark for _, remark in sorted(found, key=itemgetter(0)))


def find_doubts(transcript: Transcript) -> tuple[Remark, ...]:
    """Find all open doubts in order, each with its place in the source."""
    return tuple(remark for _, remark in _find_remarks(transcript, Mark.DOUBT))


def _find_remarks(transcript: Transcript, mark: Mark) -> Iterator[tuple[int, Remark]]:
    """Yield what is marked in one way, each with the number of its word."""
    footnotes = {footnote.label: footnote for footnote in transcript.edition.footnotes}
    for (span, *_), paragraph, word in transcript.occurrences:
        if span.mark is mark:
            # The sort is stable: reasons keep their order, notes follow.
            behind = [footnotes[label] for label in span.notes]
            behind.sort(key=lambda note: not note.kind.is_correction)
            speaker = transcript.paragraphs[paragraph].speaker
            heard, said = " ".join(span.heard.split()), " ".join(span.said.split())
            about = _place(transcript, word)
            yield word, Remark(*about, speaker, heard, said, tuple(behind), span.question)


def _place(transcript: Transcript, word: int) -> tuple[str, str, int, int | None]:
    cue = transcript.source.cue_at(word)
    return transcript.edition.slug, transcript.source.address_at(word), cue.line, cue.start


def find_coverage(transcript: Transcript) -> Coverage:
    """Count the words of the source that were reviewed, and find the gaps between reviews."""
    source, edition = transcript.source, transcript.edition
    reviewed, validated = edition.reviewed_lines(), edition.reviewed_lines(again=True)
    lines = [source.cues[number].line for number in source.cue_of_word]
    gaps = []
    for read, run in groupby(source.cues, key=lambda cue: cue.line in reviewed):
        cues = list(run)
        if not read:
            gaps.append((cues[0], cues[-1]))
    words, again = (sum(line in found for line in lines) for found in (reviewed, validated))
    return Coverage(words, tuple(gaps), again)


def find_errors(transcript: Transcript) -> Errors:
    """Count the word errors of a transcript: all, without conjectures, by speaker and by kind.

    Kinds are counted for each mark alone, so their sum may exceed the total if marks are adjacent.
    """
    counted: list[tuple[WordErrors, WordErrors]] = []
    speakers = defaultdict[str, list[WordErrors]](list)
    kinds: dict[Kind, list[WordErrors]] = {kind: [] for kind in Kind}
    for paragraph in transcript.paragraphs:
        words = paragraph.end_word - paragraph.first_word
        counted.append(_count_paragraph(paragraph.spans, words, transcript.edition.lang))
        speakers[paragraph.speaker].append(counted[-1][0])
        for span, *_, reason in paragraph.spans:
            if reason and reason.kind is not Kind.SPELLING:
                errors = _count_errors(find_keys(span.said), find_keys(span.heard))
                kinds[reason.kind].append(errors)
    every, certain = (_sum_errors(pair[number] for pair in counted) for number in (0, 1))
    by_kind = ((kind, _sum_errors(own)._replace(words=every.words)) for kind, own in kinds.items())
    by_speaker = ((name, _sum_errors(own)) for name, own in speakers.items() if name)
    return Errors(every, certain, tuple(by_speaker), tuple(one for one in by_kind if kinds[one[0]]))


def _count_paragraph(
    spans: Sequence[PlacedSpan], words: int, lang: str
) -> tuple[WordErrors, WordErrors]:
    """All errors, and those that are no conjectures."""
    if Mark.CHANGE not in [placed.span.mark for placed in spans]:
        # The fast path: most paragraphs have no errors.
        return WordErrors(words, 0, 0, 0), WordErrors(words, 0, 0, 0)
    heard = said = certain = ""
    for span, *_, reason in spans:
        before = span.said if reason and reason.kind is Kind.SPELLING else span.heard
        heard, said = heard + before, said + span.said
        certain += before if reason and reason.conjecture else span.said
    keys = find_keys(heard, lang)
    return _count_errors(find_keys(said, lang), keys), _count_errors(find_keys(certain, lang), keys)


def _count_errors(said: Sequence[str], heard: Sequence[str]) -> WordErrors:
    tags = [edit.tag for edit in Levenshtein.editops(said, heard)]
    return WordErrors(len(said), tags.count("replace"), tags.count("delete"), tags.count("insert"))


def _sum_errors(counted: Iterable[WordErrors]) -> WordErrors:
    columns = zip(WordErrors(0, 0, 0, 0), *counted, strict=True)
    return WordErrors(*map(sum, columns))
