"""The language of a file: what the file says, its name, its letters, or its small words."""

import re
import unicodedata
from collections import Counter
from pathlib import PurePath
from typing import NamedTuple

from babel import Locale
from babel.core import get_global

from build_tools.text.language import is_language, usual_script

_SAID = re.compile(r"""(?xim)
    (?: ^ [ \t]* Language: | " (?: detected_ | result_ )? language (?: _?code )? " \s* :
    | \b(?:xml:)?lang= )
    \s* ["']? (?P<tag> [A-Za-z]{2,20} (?: [-_] [A-Za-z0-9]{2,8} ){0,3} ) \b""")
_NAMED = re.compile(r"\.(?P<tag>[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)(?:\.[A-Za-z0-9]{1,8}){1,2}\Z")
_HEAD, _TAIL = 20_000, 2_000
# Short words that are frequent in one of these languages and rare in the others.
_SMALL_WORDS = {
    "en": "the and of that is you it this was for have with",
    "de": "der die und das ist nicht ich wir ein auch mit auf",
    "fr": "les des est une dans pour vous nous pas que qui mais",
    "es": "el los las una por como pero muy está y lo más",
    "it": "il di che è per una sono non anche della questo gli",
    "pt": "o não uma os para é mas isso você muito então são",
    "nl": "het een van niet dat ik wij zijn maar ook voor naar",
    "sv": "och att det är som inte jag på vi men har för",
    "pl": "nie się jest że na to jak ale tak czy już są",
    "tr": "bir ve bu için çok da ne ama değil gibi daha olarak",
}
# Letters that tell languages of one script apart.
_LETTERS = {"fa": "پچژگ", "ur": "ٹڈڑے", "uk": "іїєґ", "sr": "ђћџњљ", "bg": "ъ", "yi": "ױײ"}
_CODES = {name: code for code, name in Locale("en").scripts.items()}
_CODES |= {"Cjk": "Hani", "Hangul": "Hang"}
_ENOUGH_LETTERS, _ENOUGH_WORDS = 10, 20


class Language(NamedTuple):
    """A tag, or "" for an unknown language, and why; `sure` unless it is a guess."""

    tag: str
    why: str
    sure: bool = True


def find_language(name: str, content: str, speech: str) -> Language:
    """The language of a file by its name, its whole text and its speech."""
    letters = _guess_by_letters(speech)
    said = _find_said(content)
    # Recognisers say English of whatever they were not told about.
    if said and (not letters or _shares_script(said, letters.tag)):
        return Language(said, "the file says so")
    named = _NAMED.search(PurePath(name).name)
    tag = clean_tag(named["tag"]) if named else ""
    if tag:
        return Language(tag, "the file's name says so")
    return letters or _guess_by_words(speech)


def clean_tag(written: str) -> str:
    """The tag of a language that is written as a tag or as its English name, or ""."""
    names = {name.casefold(): tag for tag, name in Locale("en").languages.items()}
    if written.casefold() in names:
        written = names[written.casefold()]
    first, *parts = re.split(r"[-_]", written)
    # An alias such as `eng` has a shorter tag.
    first = get_global("language_aliases").get(first.lower(), first.lower()).partition("_")[0]
    shapes = (part.title() if len(part) == 4 else part.upper() for part in parts)
    tag = "-".join((first, *shapes))
    return tag if is_language(tag) else ""


def _find_said(content: str) -> str:
    parts = (content,) if len(content) <= _HEAD else (content[:_HEAD], content[-_TAIL:])
    tags = (clean_tag(match["tag"]) for part in parts for match in _SAID.finditer(part))
    counts = Counter(tag for tag in tags if tag)
    return counts.most_common(1)[0][0] if counts else ""


def _guess_by_letters(speech: str) -> Language | None:
    sample = [letter for letter in speech[:_HEAD] if letter.isalpha() and letter > "\u024f"]
    latin = sum(letter.isalpha() for letter in speech[:_HEAD]) - len(sample)
    if len(sample) < _ENOUGH_LETTERS or latin > len(sample):
        return None
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in sample)
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0:
        return Language("ja", "its letters are Japanese")
    script = scripts.most_common(1)[0][0].title()
    code = _CODES.get(script, "")
    tag = get_global("likely_subtags").get(f"und_{code}", "").partition("_")[0]
    for told, signs in reversed(_LETTERS.items()):
        if usual_script(told) == code and 100 * sum(map(speech.count, signs)) > len(sample):
            tag = told
    shared = script in ("Cyrillic", "Arabic", "Devanagari", "Hebrew")
    return Language(tag, f"its letters are {script}", sure=not shared) if tag else None


def _shares_script(tag: str, other: str) -> bool:
    scripts = {usual_script(one.partition("-")[0])[:2] for one in (tag, other)}
    return len(scripts) == 1 or scripts == {"Ha", "Jp"} or "-" in tag


def _guess_by_words(speech: str) -> Language:
    words = Counter(re.findall(r"[^\W\d_]+", speech[:_HEAD].casefold()))
    hits = {tag: sum(words[word] for word in small.split()) for tag, small in _SMALL_WORDS.items()}
    (tag, most), (_, second) = Counter(hits).most_common(2)
    if most >= 3 and most >= 2 * second and 12 * most >= words.total():
        return Language(tag, "its small words are of this language", words.total() >= _ENOUGH_WORDS)
    return Language("", "nothing in the file tells it")
