"""Words that a recogniser repeated in a loop."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.authoring.suggest.evidence import Evidence, Finding
from build_tools.model.edition import Kind

# How often people may repeat a run of words, by its length; a recogniser's loop goes on longer.
_USUAL_TIMES = {1: 8, 2: 4, 3: 4, 4: 3, 5: 2, 6: 2, 7: 2, 8: 2}


def find_loops(evidence: Evidence) -> Iterator[Finding]:
    """Runs of words that are repeated more often than people do; the first one stays."""
    first = 0
    while first < len(evidence.keys):
        length, times = _loop_at(evidence.keys, first)
        end = first + length * times
        if times and evidence.is_free(first, end):
            run = " ".join(evidence.keys[first : first + length])
            why = f"“{run}” stands here {times} times on end"
            yield Finding(first + length, end, "", Kind.REPETITION, "loop", why, times * length)
        first = end if times else first + 1


def _loop_at(keys: tuple[str, ...], first: int) -> tuple[int, int]:
    """The length of the run that is repeated from a word on, and how often; (0, 0) if none is."""
    for length, usual in _USUAL_TIMES.items():
        run = keys[first : first + length]
        times = 1
        while keys[first + times * length : first + (times + 1) * length] == run:
            times += 1
        if times > usual:
            return length, times
    return 0, 0
