"""Words that go round: a recogniser that has lost the thread writes the same words again."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind

# So many times somebody may well say a run of so many words; a recogniser's loop goes on longer.
_TIMES = {1: 8, 2: 4, 3: 4, 4: 3, 5: 2, 6: 2, 7: 2, 8: 2}


def find_loops(evidence: Evidence) -> Iterator[Finding]:
    """Runs of words that are said more often on end than people do; the first time stays."""
    first = 0
    while first < len(evidence.keys):
        length, times = _loop_at(evidence.keys, first)
        end = first + length * times
        if times and evidence.is_free(first, end):
            yield _loop(evidence, first, length, times)
        first = end if times else first + 1


def _loop_at(keys: tuple[str, ...], first: int) -> tuple[int, int]:
    for length, usual in _TIMES.items():
        run = keys[first : first + length]
        times = 1
        while keys[first + times * length : first + (times + 1) * length] == run:
            times += 1
        if times > usual:
            return length, times
    return 0, 0


def _loop(evidence: Evidence, first: int, length: int, times: int) -> Finding:
    run = " ".join(evidence.keys[first : first + length])
    why = f"“{run}” stands here {times} times on end"
    end = first + length * times
    return Finding(first + length, end, "", Kind.REPETITION, "loop", why, times * length)
