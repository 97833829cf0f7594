"""Loops, and what other recognisers heard, as findings."""

from collections.abc import Iterator, Sequence

from build_tools.authoring.suggest.evidence import ReadTranscript
from build_tools.authoring.suggest.ranking import Finding
from build_tools.model.edition import Kind
from build_tools.text.collation import Collation, Variant
from build_tools.transcript.alignment import slice_readings
from build_tools.transcript.statements import join_letters, quote_reading

# Recognisers may write the end of a line twice, at the beginning of the next; people repeat fewer.
_LEAST_AT_LINE = 5
# How often people may repeat a run of words, by its length; a recogniser's loop goes on longer.
_USUAL_TIMES = {1: 8, 2: 4, 3: 4, 4: 3, 5: 2, 6: 2, 7: 2, 8: 2}


def find_loops(evidence: ReadTranscript) -> Iterator[Finding]:
    """Runs of words repeated more often than people do, or at a line's end; the first one stays."""
    lines = evidence.transcript.source.first_words()
    first = 0
    while first < len(evidence.keys):
        end = first + 1
        for length, usual in _USUAL_TIMES.items():
            run, times = evidence.keys[first : first + length], 1
            while evidence.keys[first + times * length : first + (times + 1) * length] == run:
                times += 1
            at_line = length >= _LEAST_AT_LINE and times == 2 and first + length in lines
            at_line = at_line and not evidence.begins_sentence(first + length)
            if times > usual or at_line:
                end = first + length * times
                if evidence.is_free(first, end):
                    why, loop = f"“{' '.join(run)}” stands here {times} times on end", {"loop": 1}
                    yield Finding(first + length, end, "", Kind.REPETITION, "loop", why, loop)
                break
        first = end


def find_variants(base: Sequence[str], others: Sequence[Sequence[str]]) -> Iterator[Variant]:
    """The places at which every other witness has other words of substance, in order."""
    return (one for one in Collation(base, others).variants() if all(one.differ))


def find_witnessed(evidence: ReadTranscript) -> Iterator[Finding]:
    """The places that all other witnesses heard otherwise; a correction if they agree."""
    witnesses = evidence.transcript.witnesses
    others = [witness.words.keys for witness in witnesses.values()]
    for variant in find_variants(evidence.keys, others) if others else ():
        first, end = variant.first, variant.end
        heard = slice_readings(variant, witnesses)
        said = next(iter(heard.values())) if variant.agree else None
        free = evidence.is_markable(min(first, end - 1), end)
        if not free or (said is None and first == end):
            continue
        why = ", ".join(f"{letter} heard {quote_reading(text)}" for letter, text in heard.items())
        if said is not None:
            why = f"{join_letters(heard)} heard {quote_reading(said)}"
        grade = "witnesses agree" if variant.agree else "witnesses differ"
        kind = Kind.NAME if (said or "")[:1].isupper() else Kind.HOMOPHONE
        if first == end or said == "":
            kind = Kind.DROPOUT if said else Kind.REPETITION
        yield Finding(first, end, said, kind, grade, why, {grade: 1})
