"""Tags of languages, and the direction of their writing; the data are CLDR's."""

import re

from babel.core import get_global

# BCP 47 as far as it tells readers apart, written as it is by custom; extensions are refused.
_TAG = re.compile(
    r"""
    (?P<language> [a-z]{2,3} )
    (?: - (?P<script> [A-Z][a-z]{3} ) )?
    (?: - (?: [A-Z]{2} | [0-9]{3} ) )?
    (?: - (?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) ){0,3}
    """,
    re.VERBOSE,
)
# The scripts that are in use today and run from right to left.
_RIGHT_TO_LEFT = frozenset(
    ("Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi")
)


def is_language(tag: str) -> bool:
    """Whether a tag is well formed and names a language that is known."""
    match = _TAG.fullmatch(tag)
    return match is not None and usual_script(match["language"]) != ""


def runs_right_to_left(tag: str) -> bool:
    """Whether a language is written from right to left, by its tag's or its usual script."""
    match = _TAG.fullmatch(tag)
    script = match and (match["script"] or usual_script(match["language"]))
    return script in _RIGHT_TO_LEFT


def usual_script(language: str) -> str:
    """The script in which a language is usually written; "" for an unknown one."""
    aliases, likely = get_global("language_aliases"), get_global("likely_subtags")
    # An alias may name a country too: `prs` is `fa_AF`.
    known = aliases.get(language, language).partition("_")[0]
    parts = likely.get(known, "").split("_")
    return parts[1] if len(parts) > 1 else ""
