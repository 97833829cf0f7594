"""Words that other recognisers of a talk heard otherwise, as findings."""

from collections.abc import Iterator, Sequence

from build_tools.authoring.suggest.evidence import Finding, ReadTranscript
from build_tools.model.edition import Kind
from build_tools.text.collation import Collation, Variant
from build_tools.transcript.alignment import slice_readings
from build_tools.transcript.statements import join_letters, quote_reading

__all__ = ["Variant", "find_variants", "find_witnessed"]


def find_variants(base: Sequence[str], others: Sequence[Sequence[str]]) -> Iterator[Variant]:
    """The places at which every other witness has other words of substance, in order."""
    return (one for one in Collation(base, others).variants() if all(one.differ))


def find_witnessed(evidence: ReadTranscript) -> Iterator[Finding]:
    """The places that all other witnesses heard otherwise; a correction if they agree."""
    witnesses = evidence.witnesses
    others = [witness.words.keys for witness in witnesses.values()]
    for variant in find_variants(evidence.keys, others) if others else ():
        first, end = variant.first, variant.end
        if not evidence.is_markable(*((first, end) if end > first else (first - 1, first))):
            continue
        heard = slice_readings(variant, witnesses)
        said = next(iter(heard.values())) if variant.agree else None
        if said is None and end == first:
            continue
        names = [f"{letter} heard {quote_reading(text)}" for letter, text in heard.items()]
        why = ", ".join(names)
        if said is not None:
            why = f"{join_letters(heard)} heard {quote_reading(said)}"
        grade = "witnesses agree" if variant.agree else "witnesses differ"
        kind = Kind.NAME if (said or "")[:1].isupper() else Kind.HOMOPHONE
        kind = kind if end > first and said != "" else Kind.DROPOUT if said else Kind.REPETITION
        yield Finding(first, end, said, kind, grade, why)
