"""How the detectors compare words that are spelled or sound alike."""

from __future__ import annotations

from collections.abc import Iterable


def shorten_by_one(sound: str) -> set[str]:
    """A sound key and all keys that lack one of its sounds; keys one sound apart share one."""
    return {sound} | {sound[:n] + sound[n + 1 :] for n in range(len(sound)) if len(sound) > 2}


def is_inflection(one: str, other: str, endings: Iterable[str]) -> bool:
    """Whether the longer word is the shorter one with an ending.

    >>> is_inflection("planning", "plan", ["s", "ing"])
    True
    """
    short, long = sorted((one, other), key=len)
    return any(
        long in (short + ending, short[:-1] + ending, short + short[-1:] + ending)
        for ending in endings
    )
